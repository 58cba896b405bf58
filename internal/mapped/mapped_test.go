package mapped_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"lifecircle/internal/mapped"
)

func TestWords(t *testing.T) {
	t.Parallel()
	data := []byte{9, 1, 0, 0, 0, 2, 1, 0, 0, 7, 7}
	for shift, want := range map[int][]uint32{0: {0x109, 0x10200}, 1: {1, 0x102}} {
		// One of both lies askew in memory, where nothing can be shared.
		if got := mapped.Words(data[shift : shift+9]); !slices.Equal(got, want) {
			t.Errorf("from byte %d: %x, want %x", shift, got, want)
		}
	}
	if got := mapped.Words(data[:3]); len(got) != 0 {
		t.Errorf("three bytes are %x", got)
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "f")
	for _, content := range [][]byte{{}, []byte("words"), bytes.Repeat([]byte("page"), 5000)} {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := mapped.Open(path); err != nil || !bytes.Equal(got, content) {
			t.Errorf("%d bytes read, %v, of %d", len(got), err, len(content))
		}
		if err := os.Remove(path); err != nil { // a new file, not the same rewritten
			t.Fatal(err)
		}
	}
	if _, err := mapped.Open(path); err == nil {
		t.Error("a file that is not there was opened")
	}
}
