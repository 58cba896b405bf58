package main

import (
	"strings"
	"testing"

	"lifecircle/report"
)

// TestSiteConflicts: a question that contradicts itself is refused by name, with
// what would have to give.
func TestSiteConflicts(t *testing.T) {
	dir := town(t)
	promise, library := []string{"--provision", "1.1.7"}, []string{"mclp", "--facility-kind", "library"}
	for _, c := range []struct {
		kind  []string
		args  string
		says  string
		usage bool
	}{
		{promise, "--p 1000", "p is 1000, but only 4 candidates may be open", false},
		{promise, "--p 1 --area 990101", "in 990101 nobody lacks", false},
		{promise, "--p 1 --candidates premises", "no vacant premises to choose from", false},
		{promise, "--p 1 --cost -5", "-5 yuan", false},
		{promise, "--budget -1 --cost 1", "yuan: want 0", false},
		{promise, "", "needs p or a budget", false},
		{promise, "--p 2 --fix 1:15 --forbid 1:15", "both fixed and forbidden", false},
		{promise, "--p 1 --fix nowhere", "nowhere", false},
		{promise, "--p 1 --floor 2", "a share lies between 0 and 1", false},
		{library, "--p 1 --floor 1", "number 3 instead of 1 would do", false},
		{[]string{"lscp", "--facility-kind", "library"}, "--p 1", "number 3 instead of 1 would do", false},
		{promise, "--p 2 --quota 990101=3..", "990101 must have 3 sites, but only 0 candidates", false},
		{promise, "--p 2 --quota 990102=5..2", "the quota of area 990102, 5 to 2, is impossible", false},
		{promise, "--p 2 --quota 640104=1", "640104", false},
		{promise, "--p 2 --quota 990102=few", "want 2..5, 2.. or 5", true},
		{promise, "--p 1 --close -1", "must not be negative", false},
		{[]string{"pdispersion", "--facility-kind", "library"}, "--p 2 --close 1", "does not weigh them", false},
		{promise, "--p 1 --beside library --beside-metres 1", "within 1 m of a library", false},
	} {
		args := append([]string{"--dir", dir, "--lang", "en", "site"}, c.kind...)
		got := tell(t, append(args, strings.Fields(c.args)...)...)
		want := exitInput
		if c.usage {
			want = exitUse
		}
		if got.code != want || !strings.Contains(got.err, c.says) {
			t.Errorf("site %v %s: exit %d, %q; want %d and %q", c.kind, c.args, got.code, got.err, want, c.says)
		}
	}
}

// TestSiteWishes: quotas and closings that can be kept are, and the answer says
// which places close.
func TestSiteWishes(t *testing.T) {
	dir := town(t)
	free := decoded[report.Siting](t, "--dir", dir, "site", "mclp", "--facility-kind", "library", "--p", "2")
	bound := decoded[report.Siting](t, "--dir", dir, "site", "mclp", "--facility-kind", "library", "--p", "2", "--quota", "990101=0,990102=1..2")
	for _, site := range bound.Sites {
		if !strings.HasPrefix(site.Area, "990102") {
			t.Errorf("a site lies in %s", site.Area)
		}
	}
	if bound.After > free.After || len(bound.Sites) == 0 {
		t.Errorf("%d people with quotas, %d without", bound.After, free.After)
	}
	moved := decoded[report.Siting](t, "--dir", dir, "site", "--provision", "1.1.7", "--p", "1", "--close", "2")
	kept := decoded[report.Siting](t, "--dir", dir, "site", "--provision", "1.1.7", "--p", "1")
	if moved.After < kept.After || len(moved.Closed) > 2 || len(moved.Sites) > 1+len(moved.Closed) {
		t.Errorf("with closings %d people, without %d; %d open, %d close", moved.After, kept.After, len(moved.Sites), len(moved.Closed))
	}
	closing := 0
	for _, step := range moved.Steps {
		if step.Op == "close" {
			closing++
		}
	}
	if closing != len(moved.Closed) {
		t.Errorf("%d places close, and %d steps close one", len(moved.Closed), closing)
	}
}
