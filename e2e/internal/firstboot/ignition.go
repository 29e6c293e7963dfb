package firstboot

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// IgnitionOwn are the paths that Ignition writes even for an empty document.
var IgnitionOwn = []string{
	"/etc/.ignition-result.json",
	"/etc/systemd/system-preset",
}

// IgnitionProgram is not on PATH, since it is only meant to be copied into an initramfs.
const IgnitionProgram = "/usr/lib/dracut/modules.d/30ignition/ignition"

// The stages that write, in the order in which systemd starts them in the initramfs. Nothing is relabelled for SELinux, so
// setfiles is not needed.
const ignitionStages = `
mkdir "$SANDBOX_ROOT/run/programs"
ln -s /bin/true "$SANDBOX_ROOT/run/programs/setfiles"
export PATH=$SANDBOX_ROOT/run/programs:$PATH
for stage in fetch files; do
	"$IGNITION" --platform=file --root="$SANDBOX_ROOT" --neednet --log-to-stdout --stage="$stage" \
		--config-cache="$SANDBOX_ROOT/run/ignition.json" --state-file="$SANDBOX_ROOT/run/ignition-state.json"
done
`

// Ignition boots a machine with the config for the first time.
func Ignition(t testing.TB, config []byte) Run {
	t.Helper()
	if _, err := os.Stat(IgnitionProgram); err != nil {
		t.Fatalf("%v: run e2e/install.sh", err)
	}
	file := filepath.Join(t.TempDir(), "config.ign")
	writeFile(t, file, config, 0o600)

	run := newRun(t)
	_, err := run.Sandbox.Beside(context.Background(), ignitionStages, "IGNITION="+IgnitionProgram, "IGNITION_CONFIG_FILE="+file)
	if err != nil {
		message, _, _ := strings.Cut(err.Error(), "Full config:") // the config has the keys
		t.Fatalf("ignition: %s", message)
	}
	run.readTree(t)
	return run
}
