package api

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"
)

// leastPacked is how many bytes an answer has before packing it pays.
const leastPacked = 4 << 10

// zippers are writers to use again: a new one clears a megabyte.
var zippers = sync.Pool{New: func() any {
	zip, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed) // a level that exists
	return zip
}}

// zipped returns an answer as clients that read gzip get it.
func zipped(plain []byte) []byte {
	var out bytes.Buffer
	zip := zippers.Get().(*gzip.Writer)
	defer zippers.Put(zip)
	zip.Reset(&out)
	// A buffer takes everything.
	_, _ = zip.Write(plain)
	_ = zip.Close()
	return out.Bytes()
}

func readsGzip(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept-Encoding"), "gzip")
}

// packable reports whether what has a content type grows smaller by packing.
func packable(contentType string) bool {
	kind, _, _ := mime.ParseMediaType(contentType)
	switch kind {
	case "application/json", "application/problem+json", "application/geo+json", "image/svg+xml", "text/html", "text/css", "text/csv", "text/javascript":
		return true
	}
	return false
}

// packed sends large answers packed to clients that read gzip.
func packed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !readsGzip(r) {
			next.ServeHTTP(w, r)
			return
		}
		p := &packer{ResponseWriter: w, status: http.StatusOK}
		defer p.close()
		next.ServeHTTP(p, r)
	})
}

// packer packs an answer if its first part is large: handlers write an answer whole,
// and a stream of events in small parts.
type packer struct {
	http.ResponseWriter
	status int
	sent   bool // status and header
	zip    *gzip.Writer
}

// WriteHeader implements http.ResponseWriter. The status waits for the first part.
func (p *packer) WriteHeader(status int) { p.status = status }

// Write implements http.ResponseWriter.
func (p *packer) Write(part []byte) (int, error) {
	h := p.Header()
	if !p.sent && len(part) >= leastPacked && packable(h.Get("Content-Type")) && h.Get("Content-Encoding") == "" {
		h.Set("Content-Encoding", "gzip")
		h.Add("Vary", "Accept-Encoding")
		h.Del("Content-Length")
		p.zip = zippers.Get().(*gzip.Writer)
		p.zip.Reset(p.ResponseWriter)
	}
	p.send()
	if p.zip != nil {
		return p.zip.Write(part)
	}
	return p.ResponseWriter.Write(part)
}

func (p *packer) send() {
	if !p.sent {
		p.sent = true
		p.ResponseWriter.WriteHeader(p.status)
	}
}

// Flush implements http.Flusher.
func (p *packer) Flush() {
	p.send()
	if p.zip != nil {
		_ = p.zip.Flush() // the writer below keeps the error
	}
	_ = http.NewResponseController(p.ResponseWriter).Flush() // where it can
}

// Unwrap is for http.ResponseController.
func (p *packer) Unwrap() http.ResponseWriter { return p.ResponseWriter }

func (p *packer) close() {
	p.send()
	if p.zip != nil {
		_ = p.zip.Close() // a client that is gone needs no answer
		zippers.Put(p.zip)
	}
}

// pages serves the client; a path that is no file is the client's own route. What the
// client's build named by its content may be kept for ever; the page itself is asked
// for each time, and sent if it is another.
func pages(files fs.FS) http.Handler {
	p := &clientPages{files: files, static: http.FileServerFS(files)}
	return p
}

type clientPages struct {
	files  fs.FS
	static http.Handler
	kept   sync.Map // path to clientFile
}

type clientFile struct {
	contentType string
	packed      []byte // nil where packing does not pay
	tag         string
}

// ServeHTTP implements http.Handler.
func (p *clientPages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := r.URL.Path[1:]
	if info, err := fs.Stat(p.files, name); name == "" || err != nil || info.IsDir() {
		name = "index.html"
	}
	file, err := p.file(name)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("ETag", file.tag)
	h.Set("Cache-Control", "no-cache")
	if strings.HasPrefix(name, "assets/") {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if strings.Contains(r.Header.Get("If-None-Match"), file.tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Add("Vary", "Accept-Encoding")
	if file.packed == nil || !readsGzip(r) || r.Header.Get("Range") != "" {
		http.ServeFileFS(w, r, p.files, name)
		return
	}
	h.Set("Content-Type", file.contentType)
	h.Set("Content-Encoding", "gzip")
	// A client that is gone needs no answer.
	_, _ = w.Write(file.packed)
}

// file reads and packs a file once.
func (p *clientPages) file(name string) (clientFile, error) {
	if kept, ok := p.kept.Load(name); ok {
		return kept.(clientFile), nil
	}
	plain, err := fs.ReadFile(p.files, name)
	if err != nil {
		return clientFile{}, err
	}
	sum := sha256.Sum256(plain)
	file := clientFile{contentType: mime.TypeByExtension(path.Ext(name)), tag: `"` + hex.EncodeToString(sum[:8]) + `"`}
	if packable(file.contentType) && len(plain) >= leastPacked {
		var out bytes.Buffer
		zip, _ := gzip.NewWriterLevel(&out, gzip.BestCompression) // a level that exists
		_, _ = zip.Write(plain)                                   // a buffer takes everything
		_ = zip.Close()
		file.packed = out.Bytes()
	}
	p.kept.Store(name, file)
	return file, nil
}
