package plan

import (
	"fmt"
	"strings"

	"lifecircle"
	"lifecircle/plan/rule"
)

// Decision is a rule on single rows: may this applicant have the money, is this
// person entitled, does this place earn the title; and how much. A Decision
// without Subjects decides nothing by rule: the text gives no criteria.
type Decision struct {
	Subjects   string     // a SubjectSet, or ""
	Eligible   *rule.Expr // who is spoken of
	Conditions []Condition
	Amount     *rule.Expr // nil where nothing is paid
	AmountUnit rule.Unit
	Once       []string // fields that together may be decided yes only once
	Parameters map[string]Parameter
}

// Condition is one requirement with the evidence that shows it.
type Condition struct {
	ID       string
	Name     lifecircle.Name
	Require  *rule.Expr // nil where people judge
	Evidence string
}

// Recognition is a title given by an official act and counted.
type Recognition struct {
	Title    string // what the register of recognitions says in its field title
	Process  []Step
	Validity *Parameter // how long it holds; nil where the text leaves it open
}

// Programme is money for those who meet conditions.
type Programme struct {
	Sources      []Term // budget lines; a thing is paid from one of them
	Ceilings     []Ceiling
	Steps        []Step
	Verification []lifecircle.Name
	Clawback     []Clawback
	Moves        []string // indicators and provisions that the money moves
}

// Domain is one of the nine guarantees of the basic public service standard.
type Domain string

// The nine domains: 幼有所育 学有所教 劳有所得 病有所医 老有所养 住有所居 弱有所扶
// 优军服务保障 文体服务保障.
const (
	DomainChildcare    Domain = "childcare"
	DomainEducation    Domain = "education"
	DomainEmployment   Domain = "employment"
	DomainHealth       Domain = "health"
	DomainElderCare    Domain = "elder_care"
	DomainHousing      Domain = "housing"
	DomainSupport      Domain = "support"
	DomainVeterans     Domain = "veterans"
	DomainCultureSport Domain = "culture_sport"
)

// Entitlement is what a person is owed as a basic public service.
type Entitlement struct {
	Domain  Domain
	Who     lifecircle.Name
	What    lifecircle.Name
	Level   lifecircle.Name // the standard of the service
	Bearer  lifecircle.Name // who pays
	Lead    string          // a department
	Apply   lifecircle.Name // how to apply; zero where it is not known
	Service string          // the object that delivers it, or ""
	Source  lifecircle.Name
	Status  Status
}

// Term is a thing with an id and a name.
type Term struct {
	ID   string
	Name lifecircle.Name
}

// Step is one step of a process.
type Step struct {
	Term
	By   string // a department, or "" for whoever asks
	Days int    // at most; 0 where nothing is said
}

// Ceiling bounds what is paid, in money.
type Ceiling struct {
	Term
	Amount *rule.Expr
	Unit   rule.Unit
}

// Clawback is a reason for which money is taken back.
type Clawback struct {
	Term
	When *rule.Expr // nil where people judge
}

// decided is a decision being read, with the places of its rules.
type decided struct {
	Decision
	subjects, eligible, once *node
	requires                 []*node
	amount                   quantity
	conditions               []written // further ones over the same subject
	quantities               []quantity
}

// decision reads the part that rules decide. Where it is not needed a package
// leaves all of it out.
func (l *loader) decision(r *record, needed bool) *decided {
	d := &decided{}
	given := false
	for _, key := range []string{"subjects", "eligible", "conditions", "amount", "once", "parameters"} {
		given = r.has(key) || given
	}
	if !needed && !given {
		return d
	}
	d.subjects = r.need("subjects", "a rule says on whom it decides")
	d.Subjects = l.identifier(d.subjects, "a subject set")
	d.eligible = r.need("eligible", "it says who is spoken of")
	d.Eligible = l.expression(d.eligible)
	seen := make(map[string]bool)
	for _, item := range l.items(r.field("conditions"), "conditions") {
		c := l.record(item, "a condition")
		condition := Condition{ID: l.distinct(c, "a condition", seen)}
		condition.Name = l.name(c.need("name", "it is shown to people"))
		require := c.field("require")
		condition.Require = l.expression(require)
		condition.Evidence = l.text(c.need("evidence", "it says what shows that the condition holds"), "the evidence")
		c.close()
		d.requires = append(d.requires, require)
		d.Conditions = append(d.Conditions, condition)
	}
	d.amount = l.quantity(r.field("amount"), "the amount")
	d.Amount, d.AmountUnit = d.amount.expr, d.amount.unit
	d.once = r.field("once")
	d.Once = l.texts(d.once, "once")
	d.Parameters = l.parameters(r.field("parameters"))
	return d
}

// checkLater checks the rules of a decision when all that they name is known.
func (l *loader) checkLater(d *decided) {
	if d.subjects == nil {
		return
	}
	l.later(func() {
		set, known := l.subjectSet(d.subjects)
		if !known {
			return
		}
		at := site{register: set.Of, parameters: d.Parameters}
		l.checkCondition(d.eligible, d.Eligible, at)
		for i, condition := range d.Conditions {
			l.checkCondition(d.requires[i], condition.Require, at)
		}
		for _, condition := range d.conditions {
			l.checkCondition(condition.node, condition.expr, at)
		}
		l.checkQuantity(d.amount, at)
		for _, q := range d.quantities {
			l.checkQuantity(q, at)
		}
		if d.once == nil {
			return
		}
		for _, field := range d.once.items {
			lookUp(&l.faults, field, "field of "+set.Of, l.pkg.Registers[set.Of].Fields)
		}
	})
}

func (l *loader) recognition(r *record, id string) (*Recognition, *decided) {
	d := l.decision(r, false)
	l.checkLater(d)
	g := &Recognition{Title: strings.ReplaceAll(id, ".", "_")}
	if n := r.field("title"); n != nil {
		g.Title = l.identifier(n, "the title")
	}
	g.Process = l.steps(r.field("process"), "process")
	g.Validity = l.openParameter(r.need("validity", "it says how long the title holds; open where the text does not"), "validity")
	return g, d
}

func (l *loader) programme(r *record) (*Programme, *decided) {
	d := l.decision(r, true)
	p := &Programme{
		Sources: l.terms(r.need("sources", "money comes from somewhere"), "sources"),
		Steps:   l.steps(r.need("steps", "people must know how it goes"), "steps"),
	}
	seen := make(map[string]bool)
	for _, item := range l.items(r.field("ceilings"), "ceilings") {
		c := l.record(item, "a ceiling")
		ceiling := Ceiling{Term: l.term(c, "a ceiling", seen)}
		amount := l.quantity(c.need("amount", "it is the most that is paid"), "the amount")
		ceiling.Amount, ceiling.Unit = amount.expr, amount.unit
		c.close()
		d.quantities = append(d.quantities, amount)
		p.Ceilings = append(p.Ceilings, ceiling)
	}
	p.Verification = l.names(r.need("verification", "it says how what is paid for is checked"), "verification")
	clear(seen)
	for _, item := range l.items(r.field("clawback"), "clawback") {
		c := l.record(item, "a clawback")
		back := Clawback{Term: l.term(c, "a clawback", seen)}
		when := c.field("when")
		back.When = l.expression(when)
		c.close()
		d.conditions = append(d.conditions, written{when, back.When})
		p.Clawback = append(p.Clawback, back)
	}
	p.Moves = l.references(r.need("moves", "money is spent to move something"), "moves", Object.Measured)
	l.checkLater(d)
	return p, d
}

func (l *loader) entitlement(r *record) (*Entitlement, *decided) {
	d := l.decision(r, false)
	l.checkLater(d)
	e := &Entitlement{
		Domain: oneOf(&l.faults, r.need("domain", "it is one of the nine guarantees"), "the domain",
			DomainChildcare, DomainEducation, DomainEmployment, DomainHealth, DomainElderCare,
			DomainHousing, DomainSupport, DomainVeterans, DomainCultureSport),
		Who:    l.name(r.need("who", "it says in words who is entitled")),
		What:   l.name(r.need("what", "it says what is owed")),
		Level:  l.name(r.need("level", "it is the standard of the service")),
		Bearer: l.name(r.need("bearer", "it says who pays")),
		Lead:   l.department(r.need("lead", "it says which department leads")),
	}
	if n := r.need("apply", "it says how to apply; open where that is not known"); !isOpen(n) {
		e.Apply = l.name(n)
	}
	if n := r.field("service"); n != nil {
		e.Service = l.reference(n, func(o Object) bool { return o.Kind == KindService })
	}
	e.Source = l.remark(r.need("source", "it says where the item was read"), "the source")
	e.Status = l.normStatus(r, "the item")
	return e, d
}

func isOpen(n *node) bool { return n != nil && n.kind == scalar && n.text == "open" }

// distinct reads the id of an entry, which no other entry of the list has.
func (l *loader) distinct(r *record, what string, seen map[string]bool) string {
	n := r.need("id", "other parts name it")
	id := l.identifier(n, "the id of "+what)
	if id != "" && seen[id] {
		l.error(n.at, finding{"id_duplicate", fmt.Sprintf("%s %s was already given", strings.TrimPrefix(what, "a "), id), "give one of the two another id"})
	}
	seen[id] = true
	return id
}

func (l *loader) term(r *record, what string, seen map[string]bool) Term {
	return Term{ID: l.distinct(r, what, seen), Name: l.name(r.need("name", "it is shown to people"))}
}

// terms reads a list of ids with names, of one at least.
func (l *loader) terms(n *node, what string) []Term {
	var terms []Term
	seen := make(map[string]bool)
	for _, item := range l.some(n, what) {
		r := l.record(item, "an entry of "+what)
		terms = append(terms, l.term(r, "an entry of "+what, seen))
		r.close()
	}
	return terms
}

// steps reads the steps of a process, of one at least.
func (l *loader) steps(n *node, what string) []Step {
	var steps []Step
	seen := make(map[string]bool)
	for _, item := range l.some(n, what) {
		r := l.record(item, "a step")
		step := Step{Term: l.term(r, "a step", seen)}
		if by := r.field("by"); by != nil {
			step.By = l.department(by)
		}
		if days := r.field("days"); days != nil {
			number, _ := l.number(days, "days")
			if number.Sign() <= 0 || !number.IsInt() || number.Num() > maxStepDays {
				l.error(days.at, finding{"wrong_type", "days are a whole number", fmt.Sprintf("write a number from 1 to %d", maxStepDays)})
			}
			step.Days = int(number.Num())
		}
		r.close()
		steps = append(steps, step)
	}
	return steps
}

const maxStepDays = 3660 // ten years

// some is items of a list that must not be empty.
func (l *loader) some(n *node, what string) []*node {
	if n != nil && n.kind == list && len(n.items) == 0 {
		l.error(n.at, finding{"key_missing", what + " is empty", "write one at least"})
	}
	return l.items(n, what)
}

// names reads a list of short texts in both languages, of one at least.
func (l *loader) names(n *node, what string) []lifecircle.Name {
	var names []lifecircle.Name
	for _, item := range l.some(n, what) {
		names = append(names, l.name(item))
	}
	return names
}

// references reads ids of objects, of one at least.
func (l *loader) references(n *node, what string, fits func(Object) bool) []string {
	var ids []string
	for _, item := range l.some(n, what) {
		ids = append(ids, l.reference(item, fits))
	}
	return ids
}

// reference reads the id of an object that must fit.
func (l *loader) reference(n *node, fits func(Object) bool) string {
	id := l.identifier(n, "an object")
	l.later(func() {
		if id == "" {
			return
		}
		o, ok := l.pkg.objectByID(id)
		switch {
		case !ok:
			known := make(map[string]bool, len(l.pkg.Objects))
			for _, o := range l.pkg.Objects {
				known[o.ID] = true
			}
			found := dead("object", id, known)
			found.repair = strings.ReplaceAll(found.repair, "declare it in "+packageFile, "write it in a theme")
			l.error(n.at, found)
		case !fits(o):
			l.error(n.at, finding{"reference_unknown", fmt.Sprintf("%s is a %s, which cannot stand here", id, o.Kind), "name an object of the kind that is asked for"})
		}
	})
	return id
}
