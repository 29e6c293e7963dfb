package spec

import (
	"os"
	"path/filepath"
	"testing"
)

func TestSmoke(t *testing.T) {
	fs, _ := filepath.Glob("/work/shared/specs/*.yaml")
	for _, f := range fs {
		b, _ := os.ReadFile(f)
		c, ps := Load(b)
		t.Log(f, c != nil, ps)
	}
}
