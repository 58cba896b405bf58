package upload_test

import (
	"os"
	"testing"
	"time"

	"lifecircle"
	"lifecircle/intake/upload"
)

func TestShelf(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	cfg := upload.Config{Dir: t.TempDir(), Limit: 10, Life: time.Hour, Clock: func() time.Time { return now }}
	s, err := upload.Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	u, err := s.Put("../lists/名单.csv", []byte("id,name"))
	if err != nil || u.Name != "名单.csv" || u.Size != 7 || !u.Expires.Equal(now.Add(time.Hour)) {
		t.Fatalf("put: %+v, %v", u, err)
	}
	if _, err := s.Put("large.csv", make([]byte, 11)); lifecircle.ErrorCode(err) != "file_too_large" {
		t.Errorf("a file beyond the limit: %v", err)
	}
	for _, id := range []string{"", "nothing", "../" + u.ID, u.ID + ".json", "."} {
		if _, _, err := s.Get(id); lifecircle.ErrorCode(err) != "upload_unknown" {
			t.Errorf("get %q: %v", id, err)
		}
	}
	now = now.Add(50 * time.Minute)
	if s, err = upload.Open(cfg); err != nil { // as after a restart
		t.Fatal(err)
	}
	if got, data, err := s.Get(u.ID); err != nil || string(data) != "id,name" || !got.Expires.Equal(now.Add(time.Hour)) {
		t.Errorf("get: %+v %q, %v", got, data, err)
	}
	now = now.Add(61 * time.Minute)
	if _, _, err := s.Get(u.ID); lifecircle.ErrorCode(err) != "upload_unknown" {
		t.Errorf("an expired upload: %v", err)
	}
	again, err := s.Put("b.csv", []byte("b"))
	if err != nil {
		t.Fatal(err)
	}
	if files, _ := os.ReadDir(cfg.Dir); len(files) != 2 {
		t.Errorf("%d files are left after the sweep, want the 2 of the new upload", len(files))
	}
	for range 2 {
		if err := s.Drop(again.ID); err != nil {
			t.Error(err)
		}
	}
	if files, _ := os.ReadDir(cfg.Dir); len(files) != 0 {
		t.Errorf("%d files are left", len(files))
	}
}
