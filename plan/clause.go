package plan

import (
	"fmt"
	"slices"
	"strings"

	"lifecircle"
)

// Clause is one numbered promise of the plan's text, in our own words, or a
// heading above some.
type Clause struct {
	ID      string
	Heading bool // printed in reports, never counted; only ID and Name are set
	Name    lifecircle.Name
	Text    lifecircle.Name // what it says, in our own words
	Force   Force
	Ownership
	Status ClauseStatus
	Note   lifecircle.Name // what the text leaves open
	// Accepted are the reasons by which the package acknowledges warnings about
	// the clause, by code.
	Accepted map[string]lifecircle.Name
	At       Position
}

// ClauseStatus says how well the wording of a clause is founded.
type ClauseStatus string

// The statuses of a clause's wording; the first three as of numbers.
const (
	ClauseVerified   = ClauseStatus(Verified)
	ClauseSecondary  = ClauseStatus(Secondary)
	ClauseUnverified = ClauseStatus(Unverified)
	// SourceTruncated is the status of a clause that the copy at hand lacks or
	// breaks off in; an editor supplies the official text.
	SourceTruncated ClauseStatus = "source_truncated"
)

// OwnerStatus says who makes a department answer for something.
type OwnerStatus string

// The statuses of an owner.
const (
	OwnerNamed    OwnerStatus = "named"    // the text names the department
	OwnerProposed OwnerStatus = "proposed" // we do; an editor confirms it
)

// Ownership is who answers for a clause or an object. Departments are ids of
// the package's departments; the zero Ownership names nobody.
type Ownership struct {
	Owner       string
	OwnerStatus OwnerStatus
	CoOwners    []string
}

// Department is who may answer for something.
type Department struct {
	ID   string
	Name lifecircle.Name
}

// Clause finds a clause or heading of the package itself.
func (p *Package) Clause(id string) (Clause, bool) {
	at, found := slices.BinarySearchFunc(p.Clauses, id, func(c Clause, id string) int { return compareClauses(c.ID, id) })
	if !found {
		return Clause{}, false
	}
	return p.Clauses[at], true
}

// Owner returns who answers for an object: those it names, or else those of the
// first of its clauses that names any.
func (p *Package) Owner(o Object) Ownership {
	if o.Ownership.Owner != "" {
		return o.Ownership
	}
	for _, id := range o.Clauses {
		if c, ok := p.Clause(id); ok && c.Owner != "" {
			return c.Ownership
		}
	}
	return Ownership{}
}

func (l *loader) clauses(n *node) {
	for _, item := range l.items(n, "clauses") {
		l.clauseEntry(item)
	}
}

func (l *loader) clauseEntry(n *node) {
	r := l.record(n, "a clause")
	if r.node == nil {
		return
	}
	c := Clause{At: n.at, Accepted: make(map[string]lifecircle.Name)}
	if heading := r.field("heading"); heading != nil {
		c.Heading = l.boolean(heading, "heading")
	}
	id := r.need("id", "objects name it")
	switch text := l.text(id, "a clause"); {
	case text == "":
	case !clauseNumber(text) && !(c.Heading && strings.Trim(text, "0123456789") == ""):
		l.error(id.at, finding{"clause_invalid", fmt.Sprintf("%q is no clause number", text), "write it like 1.1.7 or 4.2.2h3"})
	default:
		c.ID = text
		if first, taken := l.clauseIDs[text]; taken {
			l.error(id.at, finding{"id_duplicate", fmt.Sprintf("clause %s was already given at %s:%d", text, first.File, first.Line), "keep one of the two"})
		}
		l.clauseIDs[text] = id.at
		r.what = "clause " + text
	}
	c.Name = l.name(r.need("name", "it is shown to people"))
	if !c.Heading {
		l.promise(&c, r)
	}
	r.close()
	l.pkg.Clauses = append(l.pkg.Clauses, c)
}

// promise reads what a clause says that is no heading.
func (l *loader) promise(c *Clause, r *record) {
	c.Text = l.name(r.need("text", "it says in our own words what is promised"))
	c.Force = l.force(r.need("force", "it says how strongly the clause binds"))
	r.need("owner", "somebody answers for every clause")
	c.Ownership = l.ownership(r)
	status := r.need("status", "it says where its wording was read")
	c.Status = oneOf(&l.faults, status, "the status", ClauseVerified, ClauseSecondary, ClauseUnverified, SourceTruncated)
	if c.Status == SourceTruncated {
		l.warn(status.at, finding{"source_truncated", fmt.Sprintf("the text of clause %s is not whole in the copy at hand", c.ID), "supply the official text, or accept the fault with a reason"})
	}
	if note := r.field("note"); note != nil {
		c.Note = l.remark(note, "the note")
	}
	for _, a := range l.acceptances(r, false) {
		c.Accepted[a.code] = a.reason
	}
}

func (l *loader) force(n *node) Force {
	return oneOf(&l.faults, n, "the force", Must, Push, Encourage, Explore, Seek, May, Principle)
}

// ownership reads owner, owner_status and co_owners of a clause or an object.
func (l *loader) ownership(r *record) Ownership {
	var o Ownership
	owner := r.field("owner")
	if owner == nil {
		for _, key := range []string{"owner_status", "co_owners"} {
			if n := r.field(key); n != nil {
				l.error(n.at, finding{"key_missing", fmt.Sprintf("%s without an owner", key), `add "owner:"`})
			}
		}
		return o
	}
	o.Owner = l.department(owner)
	o.OwnerStatus = oneOf(&l.faults, r.need("owner_status", "it says whether the text names the owner or we do"), "the owner's status", OwnerNamed, OwnerProposed)
	for _, item := range l.items(r.field("co_owners"), "co_owners") {
		o.CoOwners = append(o.CoOwners, l.department(item))
	}
	return o
}

// department reads the id of a department.
func (l *loader) department(n *node) string {
	id := l.identifier(n, "a department")
	l.later(func() { lookUp(&l.faults, n, "department", l.pkg.Departments) })
	return id
}

// strength orders the forces: what binds more has the larger number. Whoever
// pushes must act, whoever may act need not.
func (f Force) strength() int {
	return slices.Index([]Force{Principle, May, Explore, Seek, Encourage, Push, Must}, f)
}

// checkClauses holds objects and clauses against each other.
func (l *loader) checkClauses() {
	if len(l.pkg.Clauses) == 0 {
		if l.pkg.ID == "" { // what the package is has not been read either
			return
		}
		l.warn(Position{packageFile, 1, 1}, finding{"clauses_missing", "the package does not list its clauses, so nobody can say which of them nothing carries", `write them under "clauses:", docs/formats/plan.md shows how`})
		return
	}
	carriers := l.pkg.carriers()
	for _, c := range l.pkg.Clauses {
		if c.Heading || c.ID == "" {
			continue
		}
		carried := carriers[c.ID]
		switch {
		case len(carried) == 0:
			l.warn(c.At, finding{"clause_without_mechanism", fmt.Sprintf("no object carries clause %s", c.ID), "name the clause in an object's clauses, or accept the fault with the reason why nothing carries it"})
		case c.Force == Must && !slices.ContainsFunc(carried, Object.Measured):
			l.warn(c.At, finding{"not_measurable", fmt.Sprintf("clause %s is a duty with a measure, and no indicator or provision carries it", c.ID), "add the indicator or provision that measures it, or accept the fault with a reason"})
		}
	}
}

// carriers returns objects by the clauses of this package that they carry: its
// own, and those it overrides.
func (p *Package) carriers() map[string][]Object {
	carriers := make(map[string][]Object)
	for _, o := range p.Objects {
		if o.Plan != p.ID {
			continue
		}
		for _, id := range o.Clauses {
			carriers[id] = append(carriers[id], o)
		}
	}
	for _, v := range p.Overrides {
		o, ok := p.objectByID(v.Object)
		if !ok || v.Plan != p.ID {
			continue
		}
		for _, id := range v.Clauses {
			if !slices.ContainsFunc(carriers[id], func(c Object) bool { return c.ID == o.ID }) {
				carriers[id] = append(carriers[id], o)
			}
		}
	}
	return carriers
}

// checkCarries looks for the clauses an object names, when the package lists its
// clauses, and refuses an object that binds stronger than they do: we carry a
// plan and invent no duties.
func (l *loader) checkCarries(o Object, r *record) {
	if len(l.pkg.Clauses) == 0 || len(o.Clauses) == 0 {
		return
	}
	strongest := -1
	named := r.field("clauses")
	for _, n := range named.items {
		if n == nil || n.kind != scalar || !clauseNumber(n.text) {
			continue
		}
		c, ok := l.checkClauseListed(n)
		if !ok {
			return
		}
		strongest = max(strongest, c.Force.strength())
	}
	if force := r.field("force"); force != nil && strongest >= 0 && o.Force.strength() > strongest {
		l.error(force.at, finding{"force_stronger", fmt.Sprintf("the object binds by %q, and its clauses bind less", o.Force), "write the force of the clause"})
	}
}

// checkClauseListed looks a clause up, when the package lists its clauses.
func (l *loader) checkClauseListed(n *node) (Clause, bool) {
	if len(l.pkg.Clauses) == 0 {
		return Clause{}, false
	}
	c, ok := l.pkg.Clause(n.text)
	switch {
	case !ok:
		l.error(n.at, finding{"reference_unknown", fmt.Sprintf("there is no clause %s", n.text), `list it under "clauses:", or correct the number`})
	case c.Heading:
		l.error(n.at, finding{"reference_unknown", fmt.Sprintf("%s is a heading and promises nothing", n.text), "name a clause below it"})
	}
	return c, ok && !c.Heading
}
