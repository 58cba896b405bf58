package api

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"lifecircle/account"
	"lifecircle/journal"
)

// factual are the answers that say nothing but what the facts and the plan say: they
// are what they are until something changes.
var factual = []string{
	"/api/v1/areas", "/api/v1/plan", "/api/v1/results", "/api/v1/rankings/", "/api/v1/explanations/",
	"/api/v1/layers/", "/api/v1/surfaces/", "/api/v1/streets/", "/api/v1/registers/",
}

// mostKept bounds the memory of kept answers, in bytes.
const mostKept = 64 << 20

// answers keeps what was answered of the facts as they are: many ask the same, and
// making it is dearer than sending it. A client that has an answer already is told
// that it still holds.
type answers struct {
	mu    sync.Mutex
	seq   journal.Seq // that all of them were made at
	bytes int
	kept  map[question]answered
}

type question struct {
	grant account.Grant
	uri   string
}

type answered struct {
	contentType   string
	plain, packed []byte // packed is nil where it does not pay
}

func (a *answers) find(seq journal.Seq, q question) (answered, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.seq != seq {
		return answered{}, false
	}
	found, ok := a.kept[q]
	return found, ok
}

func (a *answers) keep(seq journal.Seq, q question, made answered) {
	size := len(made.plain) + len(made.packed)
	a.mu.Lock()
	defer a.mu.Unlock()
	if seq < a.seq || size > mostKept {
		return
	}
	if seq > a.seq || a.bytes+size > mostKept || a.kept == nil {
		a.seq, a.bytes, a.kept = seq, 0, make(map[question]answered)
	}
	if _, known := a.kept[q]; !known {
		a.bytes += size
	}
	a.kept[q] = made
}

// thisRun tells the answers of one run of the program from those of another, which may
// say the same facts in another form.
var thisRun = rand.Text()[:8]

// keeping answers questions about the facts from what was answered before.
func (s *server) keeping(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seq := s.Engine.Seq()
		// A client that knows of a later change waits for it where every request does.
		least, _ := strconv.ParseInt(r.Header.Get("Lifecircle-Min-Seq"), 10, 64)
		isFactual := slices.ContainsFunc(factual, func(prefix string) bool { return strings.HasPrefix(r.URL.Path, prefix) })
		if r.Method != http.MethodGet || !isFactual || journal.Seq(least) > seq {
			next.ServeHTTP(w, r)
			return
		}
		q := question{s.Grant(r), r.URL.RequestURI()}
		found, known := s.answers.find(seq, q)
		if !known {
			rec, plainly := &recorded{header: w.Header(), status: http.StatusOK}, r.Clone(r.Context())
			plainly.Header.Del("Accept-Encoding")
			next.ServeHTTP(rec, plainly)
			if rec.status != http.StatusOK {
				w.WriteHeader(rec.status)
				_, _ = w.Write(rec.body.Bytes()) // a client that is gone needs no answer
				return
			}
			found = answered{contentType: w.Header().Get("Content-Type"), plain: rec.body.Bytes()}
			if len(found.plain) >= leastPacked {
				found.packed = zipped(found.plain)
			}
			if s.Engine.Seq() == seq { // else nobody knows which facts it says
				s.answers.keep(seq, q, found)
			}
		}
		found.send(w, r, fmt.Sprintf(`W/"%d-%s"`, seq, thisRun))
	})
}

// send sends an answer, or that the one with this tag still holds.
func (a answered) send(w http.ResponseWriter, r *http.Request, tag string) {
	h := w.Header()
	h.Set("ETag", tag)
	h.Set("Cache-Control", "no-cache")
	h.Add("Vary", "Accept-Encoding")
	if strings.Contains(r.Header.Get("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", a.contentType)
	body := a.plain
	if a.packed != nil && readsGzip(r) {
		h.Set("Content-Encoding", "gzip")
		body = a.packed
	}
	_, _ = w.Write(body) // a client that is gone needs no answer
}

// recorded is an answer that is not sent yet.
type recorded struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header implements http.ResponseWriter.
func (r *recorded) Header() http.Header { return r.header }

// WriteHeader implements http.ResponseWriter.
func (r *recorded) WriteHeader(status int) { r.status = status }

// Write implements http.ResponseWriter.
func (r *recorded) Write(part []byte) (int, error) { return r.body.Write(part) }
