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
	"$IGNITION" --platform="$PLATFORM" --root="$SANDBOX_ROOT" --neednet --log-to-stdout --stage="$stage" \
		--config-cache="$SANDBOX_ROOT/run/ignition.json" --state-file="$SANDBOX_ROOT/run/ignition-state.json"
done
`

// Ignition boots a machine with the config for the first time.
func Ignition(t testing.TB, config []byte) Run {
	t.Helper()
	file := filepath.Join(t.TempDir(), "config.ign")
	writeFile(t, file, config, 0o600)

	return ignition(t, ignitionStages, "PLATFORM=file", "IGNITION_CONFIG_FILE="+file)
}

// IgnitionFrom boots a machine whose config is where the kernel's arguments say, once the commands have given it some.
func IgnitionFrom(t testing.TB, commands string, env ...string) Run {
	t.Helper()
	return ignition(t, commands+ignitionStages, append(env, "PLATFORM=metal")...)
}

func ignition(t testing.TB, commands string, env ...string) Run {
	t.Helper()
	if _, err := os.Stat(IgnitionProgram); err != nil {
		t.Fatalf("%v: run e2e/install.sh", err)
	}
	run := newRun(t)
	_, err := run.Sandbox.Beside(context.Background(), commands, append(env, "IGNITION="+IgnitionProgram)...)
	if err != nil {
		message, _, _ := strings.Cut(err.Error(), "Full config:") // the config has the keys
		t.Fatalf("ignition: %s", message)
	}
	run.readTree(t)
	return run
}
