package read

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFaults(t *testing.T) {
	const secret = "c2VjcmV0"
	for name, test := range map[string]struct{ document, want string }{
		"nothing":        {"", "is neither cloud-init's user-data nor an Ignition or Butane config"},
		"another":        {"#!/bin/sh\n", "is neither cloud-init's user-data nor an Ignition or Butane config"},
		"YAML":           {"#cloud-config\nwrite_files: " + secret + "\n", "is not the YAML of user-data"},
		"mode":           {"#cloud-config\nwrite_files:\n- {path: /a, permissions: " + secret + "}\n", "gives /a a mode that is not octal"},
		"base64":         {"#cloud-config\nwrite_files:\n- {path: /a, encoding: b64, content: \"?" + secret + "\"}\n", "cannot be read at /a: its base64 is damaged"},
		"encoding":       {"#cloud-config\nwrite_files:\n- {path: /a, encoding: zip, content: " + secret + "}\n", "cannot be read at /a: its encoding is neither b64 nor gz+b64"},
		"gzip inside":    {"#cloud-config\nwrite_files:\n- {path: /a, encoding: gz+b64, content: " + secret + "}\n", "cannot be read at /a: holds damaged gzip"},
		"gzip":           {"\x1f\x8b" + secret, "holds damaged gzip"},
		"twice":          {"#cloud-config\nwrite_files:\n- {path: /a, content: x}\n- {path: /a, content: y}\n", "has /a twice"},
		"JSON":           {"{" + secret, "is not the JSON of an Ignition config"},
		"data URL":       {`{"storage":{"files":[{"path":"/a","contents":{"source":"` + secret + `"}}]}}`, "cannot be read at /a: its data URL is damaged"},
		"compression":    {`{"storage":{"files":[{"path":"/a","contents":{"source":"data:,x","compression":"zip"}}]}}`, "cannot be read at /a: its compression is not gzip"},
		"merge":          {`{"ignition":{"config":{"merge":[{"source":"data:,%7B"}]}}}`, "merges a config that is not the JSON of an Ignition config"},
		"merge's source": {`{"ignition":{"config":{"merge":[{"source":"` + secret + `"}]}}}`, "merges a config that cannot be read: its data URL is damaged"},
		"Butane":         {"variant: fcos\nstorage: " + secret + "\n", "is not the YAML of a Butane config"},
	} {
		_, err := Document([]byte(test.document))
		if err == nil || err.Error() != test.want || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: %v, want %s", name, err, test.want)
		}
	}
}

func TestReplace(t *testing.T) {
	m, err := Document([]byte(`{"ignition":{"config":{"replace":{"source":"data:,%7B%22storage%22:%7B%22files%22:%5B%7B%22path%22:%22/b%22,%22mode%22:384%7D%5D%7D%7D"}}},"storage":{"files":[{"path":"/a"}]}}`))
	if diff := cmp.Diff(Machine{Files: []File{{"/b", 0o600, []byte{}}}}, m); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func TestEnv(t *testing.T) {
	got, err := Env([]byte("A=1\nB=''\nC=$'x y\\nz'\nD='a|b'\n"))
	if diff := cmp.Diff(map[string]string{"A": "1", "B": "", "C": "x y\nz", "D": "a|b"}, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	for _, text := range []string{"A=1\nrm -rf /\n", "A='1\n", "A=$(id)\n"} {
		if got, err := Env([]byte(text)); err == nil {
			t.Errorf("%q: %v", text, got)
		}
	}
}
