// Package upload keeps files that were sent and are not yet taken in: each under
// a random id, for a while, and none larger than a limit. They survive a restart,
// so that whoever repairs a list overnight goes on in the morning. It does not
// look into them (intake); the API imports it.
package upload

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"lifecircle"
)

// Config says where and for how long files are kept.
type Config struct {
	Dir   string           // made where it is missing
	Limit int64            // bytes of one file; 0 is DefaultLimit
	Life  time.Duration    // from the last use; 0 is a week
	Clock func() time.Time // nil is time.Now
}

// DefaultLimit is the largest file taken: a list of a million rows as text. A
// spreadsheet of it inflates to what intake reads at most.
const DefaultLimit = 64 << 20

// Shelf is a folder of uploads. It is safe for concurrent use.
type Shelf struct{ cfg Config }

// Upload is one file.
type Upload struct {
	ID      string    `json:"id"`
	Name    string    `json:"name"`
	Size    int64     `json:"size"`
	Expires time.Time `json:"expires"`
}

// Open opens a shelf and clears away what has expired.
func Open(cfg Config) (*Shelf, error) {
	if cfg.Limit == 0 {
		cfg.Limit = DefaultLimit
	}
	if cfg.Life == 0 {
		cfg.Life = 7 * 24 * time.Hour
	}
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	s := &Shelf{cfg}
	if err := os.MkdirAll(cfg.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("open uploads: %w", err)
	}
	return s, s.sweep()
}

// Limit returns the bytes of the largest file taken.
func (s *Shelf) Limit() int64 { return s.cfg.Limit }

// Put keeps a file under a new id. One beyond the limit is the error
// file_too_large.
func (s *Shelf) Put(name string, data []byte) (Upload, error) {
	if int64(len(data)) > s.cfg.Limit {
		return Upload{}, TooLarge(name, int64(len(data)), s.cfg.Limit)
	}
	if err := s.sweep(); err != nil {
		return Upload{}, err
	}
	u := Upload{ID: strings.ToLower(rand.Text()), Name: filepath.Base(name), Size: int64(len(data)), Expires: s.cfg.Clock().Add(s.cfg.Life).UTC()}
	// The description comes last: without it there is no upload.
	if err := os.WriteFile(s.file(u.ID, "data"), data, 0o600); err != nil {
		return Upload{}, fmt.Errorf("keep upload: %w", err)
	}
	return u, s.describe(u)
}

func (s *Shelf) describe(u Upload) error {
	text, err := json.Marshal(u)
	if err != nil {
		return err
	}
	whole := s.file(u.ID, "json")
	if err := os.WriteFile(whole+".new", text, 0o600); err != nil {
		return fmt.Errorf("keep upload: %w", err)
	}
	return os.Rename(whole+".new", whole)
}

// Get finds an upload and lengthens its life; without it is the error
// upload_unknown.
func (s *Shelf) Get(id string) (Upload, []byte, error) {
	u, err := s.described(id)
	if err != nil {
		return Upload{}, nil, err
	}
	data, err := os.ReadFile(s.file(id, "data"))
	if err != nil {
		return Upload{}, nil, fmt.Errorf("read upload: %w", err)
	}
	u.Expires = s.cfg.Clock().Add(s.cfg.Life).UTC()
	return u, data, s.describe(u)
}

func (s *Shelf) described(id string) (u Upload, err error) {
	unknown := lifecircle.Errorf("upload_unknown", "there is no upload %q: it was taken in, thrown away or has expired; send the file again", id).With("upload", id)
	if id == "" || strings.Trim(id, "abcdefghijklmnopqrstuvwxyz234567") != "" { // of rand.Text; nothing else is a name of ours
		return u, unknown
	}
	text, err := os.ReadFile(s.file(id, "json"))
	if errors.Is(err, fs.ErrNotExist) {
		return u, unknown
	}
	if err != nil {
		return u, fmt.Errorf("read upload: %w", err)
	}
	if err := json.Unmarshal(text, &u); err != nil {
		return u, fmt.Errorf("read upload %s: %w", id, err)
	}
	if !s.cfg.Clock().Before(u.Expires) {
		return u, unknown
	}
	return u, nil
}

// Drop throws an upload away; one that is not there is no error.
func (s *Shelf) Drop(id string) error {
	if _, err := s.described(id); err != nil {
		if lifecircle.ErrorCode(err) == "upload_unknown" {
			return nil
		}
		return err
	}
	return s.remove(id)
}

func (s *Shelf) remove(id string) error {
	err := os.Remove(s.file(id, "json")) // first: what is left without it is swept
	if err = errors.Join(err, os.Remove(s.file(id, "data"))); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("throw upload away: %w", err)
	}
	return nil
}

// sweep removes what has expired, and data that lost its description an hour ago.
func (s *Shelf) sweep() error {
	entries, err := os.ReadDir(s.cfg.Dir)
	if err != nil {
		return fmt.Errorf("sweep uploads: %w", err)
	}
	now := s.cfg.Clock()
	for _, entry := range entries {
		id, isData := strings.CutSuffix(entry.Name(), ".data")
		if !isData {
			continue
		}
		_, err := s.described(id)
		if lifecircle.ErrorCode(err) != "upload_unknown" {
			continue
		}
		if _, err := os.Stat(s.file(id, "json")); errors.Is(err, fs.ErrNotExist) {
			if info, err := entry.Info(); err != nil || now.Sub(info.ModTime()) < time.Hour { // it may be being sent
				continue
			}
		}
		if err := s.remove(id); err != nil {
			return err
		}
	}
	return nil
}

func (s *Shelf) file(id, ending string) string { return filepath.Join(s.cfg.Dir, id+"."+ending) }

// TooLarge is the error for a file beyond a limit.
func TooLarge(name string, size, limit int64) error {
	const mega = 1 << 20
	return lifecircle.Errorf("file_too_large", "%s has %d MB, the limit is %d MB: part the list, or save it as CSV and leave columns out that nothing asks for",
		name, (size+mega-1)/mega, limit/mega).With("size", size).With("limit", limit)
}
