package gzip

import (
	"bytes"
	"compress/gzip"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
)

// contents are of many kinds.
func contents(t testing.TB) map[string][]byte {
	t.Helper()
	script, err := os.ReadFile("../../../templates/etcd/etcd.sh")
	if err != nil {
		t.Fatal(err)
	}
	noise, random := make([]byte, 60_000), rand.New(rand.NewPCG(1, 2))
	for i := range noise {
		noise[i] = byte(random.Uint32())
	}
	return map[string][]byte{
		"nothing": nil, "a byte": {7}, "two": {7, 7}, "three": []byte("abc"),
		"one byte, often": bytes.Repeat([]byte{7}, 60_000),
		"far apart":       append(append(script[:300:300], noise[:32<<10]...), script[:300]...),
		"a script":        script,
		"noise":           noise,
		"words":           []byte(strings.Repeat("one two three four ", 3000)),
		"a large file":    bytes.Repeat(script, 50),
		"indented":        indented(),
	}
}

// indented has many blanks, each run of another length than the one before.
func indented() []byte {
	var text []byte
	for i := 0; len(text) < 60_000; i++ {
		text = append(append(text, bytes.Repeat([]byte(" "), i%61)...), byte('a'+i*7%26), byte('a'+i*11%25), '\n')
	}
	return text
}

func TestRoundTrip(t *testing.T) {
	for name, content := range contents(t) {
		for way, pack := range map[string]func([]byte) []byte{"pack": Pack, "squeeze": Squeeze} {
			packed := pack(content)
			r, err := gzip.NewReader(bytes.NewReader(packed))
			if err != nil {
				t.Fatalf("%s: %s: %v", way, name, err)
			}
			got, err := io.ReadAll(r)
			if err != nil || !bytes.Equal(got, content) {
				t.Errorf("%s: %s comes back as %d bytes of %d: %v", way, name, len(got), len(content), err)
			}
			if !r.ModTime.IsZero() || r.Name != "" {
				t.Errorf("%s: %s has a time or a name", way, name)
			}
			if !bytes.Equal(packed, pack(content)) {
				t.Errorf("%s: %s gives other bytes each time", way, name)
			}
		}
	}
}

func TestSqueezeIsSmaller(t *testing.T) {
	script := contents(t)["a script"]
	if packed, squeezed := len(Pack(script)), len(Squeeze(script)); squeezed > packed*99/100 {
		t.Errorf("packed %d bytes, squeezed %d", packed, squeezed)
	}
}

// The codes of RFC 1951, 3.2.5.
func TestCodes(t *testing.T) {
	for length, want := range map[int][2]int{3: {0, 0}, 10: {7, 0}, 11: {8, 1}, 12: {8, 1}, 13: {9, 1}, 18: {11, 1}, 19: {12, 2}, 34: {15, 2}, 35: {16, 3}, 227: {27, 5}, 257: {27, 5}, 258: {28, 0}} {
		if code, extra := lengthCode(length); [2]int{code, extra} != want {
			t.Errorf("length %d: code %d, %d extra bits, want %v", length, code, extra, want)
		}
	}
	for distance, want := range map[int]int{1: 0, 4: 3, 5: 4, 6: 4, 7: 5, 8: 5, 9: 6, 12: 6, 13: 7, 16385: 28, 24577: 29, 32768: 29} {
		if got := distanceCode(distance); got != want {
			t.Errorf("distance %d: code %d, want %d", distance, got, want)
		}
	}
}

func FuzzSqueeze(f *testing.F) {
	for _, content := range contents(f) {
		if len(content) < 1000 {
			f.Add(content)
		}
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		r, err := gzip.NewReader(bytes.NewReader(Squeeze(content)))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, content) {
			t.Fatalf("%q comes back as %q: %v", content, got, err)
		}
	})
}

func BenchmarkSqueeze(b *testing.B) {
	script := bytes.Repeat(contents(b)["a script"], 3)
	for b.Loop() {
		Squeeze(script)
	}
}

func BenchmarkSqueezeIndented(b *testing.B) {
	text := indented()
	for b.Loop() {
		Squeeze(text)
	}
}

func BenchmarkPack(b *testing.B) {
	script := bytes.Repeat(contents(b)["a script"], 3)
	for b.Loop() {
		Pack(script)
	}
}
