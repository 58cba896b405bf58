package web

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
)

func TestPlaceholderStandsInForIndexOnly(t *testing.T) {
	built := fstest.MapFS{
		"placeholder.html": {Data: []byte("placeholder")},
		"index.html":       {Data: []byte("client")},
	}
	if page, err := fs.ReadFile(withPlaceholder{built}, "index.html"); err != nil || string(page) != "client" {
		t.Errorf("index.html of a built client = %q, %v; want its own", page, err)
	}
	delete(built, "index.html")
	if page, err := fs.ReadFile(withPlaceholder{built}, "index.html"); err != nil || string(page) != "placeholder" {
		t.Errorf("index.html without a build = %q, %v; want the placeholder", page, err)
	}
	if _, err := fs.ReadFile(withPlaceholder{built}, "assets/index.js"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("another missing file: %v; want %v", err, fs.ErrNotExist)
	}
}

func TestFilesHoldThePlaceholder(t *testing.T) {
	page, err := fs.ReadFile(Files(), "placeholder.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`lang="zh-Hans"`, `lang="en"`, "make build"} {
		if !strings.Contains(string(page), want) {
			t.Errorf("placeholder.html does not contain %q", want)
		}
	}
	// The server's content security policy refuses inline scripts and styles.
	for _, refused := range []string{"<script", "<style", "style="} {
		if strings.Contains(string(page), refused) {
			t.Errorf("placeholder.html contains %q", refused)
		}
	}
	if _, err := fs.Stat(Files(), "index.html"); err != nil {
		t.Errorf("index.html: %v; want the client's page or the placeholder", err)
	}
}
