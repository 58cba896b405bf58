package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"lifecircle"
	"lifecircle/plan/rule"
	"lifecircle/registry"
)

// theme reads one file of objects.
func (l *loader) theme(root *node) {
	r := l.record(root, "a theme")
	if r.node != nil && !r.has("objects") && !r.has("clauses") && !r.has("overrides") {
		r.need("objects", "a theme is a list of objects, clauses or overrides")
	}
	l.clauses(r.field("clauses"))
	for _, item := range l.items(r.field("objects"), "objects") {
		l.object(item)
	}
	l.overridesOf(r.field("overrides"))
	r.close()
}

func (l *loader) object(n *node) {
	r := l.record(n, "an object")
	if r.node == nil {
		return
	}
	o := Object{At: n.at}
	o.Kind = oneOf(&l.faults, r.need("kind", "it says what carries the clause"), "the kind",
		KindIndicator, KindProvision, KindTask, KindRecognition, KindProgramme, KindEntitlement, KindService, KindLink)
	id := r.need("id", "results and commands name it")
	o.ID = l.identifier(id, "an object's id")
	l.unique(id, o.ID)
	r.what = strings.TrimSpace(fmt.Sprintf("%s %s", cmp.Or(string(o.Kind), "object"), o.ID))
	o.Name = l.name(r.need("name", "it is shown to people"))
	clauses := r.need("clauses", "every object carries a clause")
	for _, clause := range l.items(clauses, "clauses") {
		if l.clause(clause) {
			o.Clauses = append(o.Clauses, clause.text)
		}
	}
	if clauses != nil && clauses.kind == list && len(clauses.items) == 0 {
		l.error(clauses.at, finding{"key_missing", r.what + " names no clause", "add the clause it carries, like 1.1.7"})
	}
	o.Force = l.force(r.need("force", "it says how strongly the clause binds"))
	o.Ownership = l.ownership(r)
	if note := r.field("note"); note != nil {
		o.Note = l.remark(note, "the note")
	}
	switch o.Kind {
	case KindIndicator:
		o.Indicator = l.indicator(r)
	case KindProvision:
		o.Provision = l.provision(r)
	case KindTask:
		o.Task = l.task(r)
	case KindService:
		o.Service = l.service(r)
	case KindLink:
		o.Link = l.link(r)
	case KindRecognition, KindProgramme, KindEntitlement:
		var d *decided
		switch o.Kind {
		case KindRecognition:
			o.Recognition, d = l.recognition(r, o.ID)
		case KindProgramme:
			o.Programme, d = l.programme(r)
		default:
			o.Entitlement, d = l.entitlement(r)
		}
		if d.subjects != nil {
			o.Decision = &d.Decision
		}
	}
	l.acceptances(r, false)
	if o.Kind != "" { // otherwise nobody knows which keys belong to it
		r.close()
	}
	l.later(func() { l.checkCarries(o, r) })
	l.pkg.Objects = append(l.pkg.Objects, o)
}

func (l *loader) unique(n *node, id string) {
	if id == "" {
		return
	}
	if first, taken := l.ids[id]; taken {
		l.error(n.at, finding{"id_duplicate", fmt.Sprintf("%s was already used at %s:%d", id, first.File, first.Line), "give one of the two another id"})
		return
	}
	l.ids[id] = n.at
}

func (l *loader) indicator(r *record) *Indicator {
	i := &Indicator{}
	unit := r.need("unit", "values are shown in it")
	i.Unit, _ = l.unit(unit)
	if n := r.field("display"); n != nil {
		i.Display = oneOf(&l.faults, n, "display", "1:x")
	}
	i.Levels = l.levels(r.need("levels", "they say in which areas it is measured"))
	numerator, denominator := r.field("numerator"), r.field("denominator")
	i.Numerator, i.Denominator = l.expression(numerator), l.expression(denominator)
	i.Parameters = l.parameters(r.field("parameters"))
	i.Targets = l.targets(r.field("targets"), target{i.Unit, unit != nil && unit.kind == scalar})
	i.Reported = l.reported(r.field("reported"))
	variants := l.variants(r, "numerator", "denominator")
	i.Variants = plain(variants)
	l.needs(r, "numerator", "it is what is measured", variants)
	l.later(func() {
		for _, v := range readings(variants) {
			at := site{levels: i.Levels, parameters: merged(i.Parameters, v.Parameters)}
			top, bottom := v.over("numerator", numerator, i.Numerator), v.over("denominator", denominator, i.Denominator)
			l.checkRatio(top, bottom, at, i.Unit)
		}
	})
	return i
}

func (l *loader) provision(r *record) *Provision {
	p := &Provision{}
	subjects := r.field("subjects")
	p.Subjects = l.identifier(subjects, "a subject set")
	where, require := r.field("where"), r.field("require")
	p.Where, p.Require = l.expression(where), l.expression(require)
	weight, deficit := l.quantity(r.field("weight"), "the weight"), l.quantity(r.field("deficit"), "the deficit")
	p.Weight, p.WeightUnit = weight.expr, weight.unit
	p.Deficit, p.DeficitUnit = deficit.expr, deficit.unit
	recognised, warn := r.field("recognised"), r.field("warn")
	p.Recognised, p.Warn = l.expression(recognised), l.expression(warn)
	p.Parameters = l.parameters(r.field("parameters"))
	p.Levels = l.levels(r.need("levels", "they say in which areas the share that passes is reported"))
	targets := r.field("targets")
	p.Targets = l.targets(targets, target{rule.Percent, true})
	p.Tolerance = l.tolerance(r.field("tolerance"))
	exceptions := r.field("exceptions")
	var when *node
	p.Exceptions, when = l.exceptions(exceptions)
	p.Reported = l.reported(r.field("reported"))
	variants := l.variants(r, "subjects", "where", "require", "deficit")
	p.Variants = plain(variants)
	l.needs(r, "subjects", "a promise says to whom", variants)
	l.needs(r, "require", "it is what is promised", variants)
	if targets != nil {
		l.checkShares(Object{Provision: p, ID: r.node.value("id")}, p.Targets, targets.at)
	}
	l.later(func() {
		for _, v := range readings(variants) {
			set, known := l.subjectSet(v.named("subjects", subjects))
			if !known {
				continue
			}
			at := site{register: set.Of, parameters: merged(p.Parameters, v.Parameters)}
			for _, condition := range []written{
				v.over("where", where, p.Where), v.over("require", require, p.Require),
				{recognised, p.Recognised},
				{warn, p.Warn},
			} {
				l.checkCondition(condition.node, condition.expr, at)
			}
			l.checkQuantity(weight, at)
			deficit := deficit
			if v.deficit.node != nil {
				deficit = v.deficit
			}
			l.checkQuantity(deficit, at)
			if p.Exceptions != nil {
				l.checkCondition(when, p.Exceptions.When, at)
				l.checkReason(exceptions, p.Exceptions.Reason, set.Of)
			}
		}
	})
	return p
}

func (l *loader) levels(n *node) []registry.Level {
	var levels []registry.Level
	for _, item := range l.items(n, "levels") {
		level := oneOf(&l.faults, item, "a level", registry.Region, registry.Prefecture, registry.County, registry.Township, registry.Village)
		if level != "" && !slices.Contains(levels, level) {
			levels = append(levels, level)
		}
	}
	return levels
}

// reported reads the element under which departments report the same figure.
func (l *loader) reported(n *node) string {
	if n == nil {
		return ""
	}
	element := l.identifier(n, "an element")
	l.later(func() { lookUp(&l.faults, n, "element", l.pkg.Elements) })
	return element
}

// parameters reads numbers and days of the plan. Each has one value, or several
// with the days from which they hold.
func (l *loader) parameters(n *node) map[string]Parameter {
	parameters := make(map[string]Parameter)
	for _, entry := range l.entries(n, "parameters") {
		parameters[entry.key] = l.parameter(entry)
	}
	return parameters
}

func (l *loader) parameter(entry field) Parameter {
	r := l.record(entry.value, "parameter "+entry.key)
	p := Parameter{Name: entry.key, at: entry.keyAt}
	unit := r.need("unit", "a number means nothing without one; a day has the unit date")
	if text, ok := unitText(unit); ok && text == "date" {
		p.Day = true
	} else {
		p.Unit, _ = l.unit(unit)
	}
	if r.has("values") {
		for _, item := range l.items(r.field("values"), "values") {
			v := l.record(item, "a value of "+entry.key)
			p.Values = append(p.Values, l.dated(v, p))
			v.close()
		}
	} else {
		p.Values = append(p.Values, l.dated(r, p))
	}
	r.close()
	slices.SortStableFunc(p.Values, func(a, b Dated) int { return cmp.Compare(a.From, b.From) })
	for i := 1; i < len(p.Values); i++ {
		if p.Values[i].From == p.Values[i-1].From {
			l.error(entry.keyAt, finding{"value_duplicate", fmt.Sprintf("%s has two values from %v on", entry.key, p.Values[i].From), "give each value its own first day"})
		}
	}
	return p
}

// openParameter reads a number that the text may leave open: nil then.
func (l *loader) openParameter(n *node, name string) *Parameter {
	if n == nil || isOpen(n) {
		return nil
	}
	p := l.parameter(field{name, n.at, n})
	return &p
}

func unitText(n *node) (string, bool) {
	if n == nil || n.kind != scalar {
		return "", false
	}
	return n.text, true
}

func (l *loader) dated(r *record, p Parameter) Dated {
	var d Dated
	value := r.need("value", "it is the number")
	if p.Day {
		d.Date, _ = l.date(value, "the value")
	} else {
		d.Number = l.inBase(value, "the value", p.Unit)
	}
	d.From, _ = l.date(r.need("from", "it is the first day on which the value holds"), "from")
	d.Source = l.remark(r.need("source", "it says which clause or document gives the number"), "the source")
	d.Status = l.normStatus(r, "the value")
	return d
}

// normStatus reads a number's status; numbers that nobody has read anywhere are
// warned of.
func (l *loader) normStatus(r *record, what string) Status {
	n := r.need("status", "it says how well the number is founded")
	status := l.status(n)
	if status == Unverified {
		l.warn(n.at, finding{"norm_unverified", what + " is used as a norm and nobody has read it in a source", "read it in the source and raise its status, or accept the fault with a reason"})
	}
	return status
}

// target says how the targets of an object are read.
type target struct {
	of    rule.Unit // the unit of the object's value
	known bool      // it was given and is one
}

func (l *loader) targets(n *node, t target) []Target {
	var targets []Target
	for _, item := range l.items(n, "targets") {
		r := l.record(item, "a target")
		targets = append(targets, l.target(r, t))
		r.close()
	}
	return targets
}

func (l *loader) target(r *record, t target) Target {
	var g Target
	g.Type = oneOf(&l.faults, r.need("type", "it says what it means to meet it"), "the type",
		Reach, Keep, CountCumulative, ExistsEverywhere, FloorStretch)
	unit := r.need("unit", "a number means nothing without one")
	g.Unit, _ = l.unit(unit)
	if unit != nil && t.known && !g.Unit.Same(t.of) {
		l.error(unit.at, finding{"unit_mismatch", fmt.Sprintf("the target is in %v, the value in %v", g.Unit, t.of), fmt.Sprintf("write the target in %v", t.of)})
	}
	given := 0
	for _, bound := range []Bound{AtLeast, AtMost, Exactly} {
		if value := r.field(string(bound)); value != nil {
			given++
			g.Bound, g.Number = bound, l.inBase(value, string(bound), g.Unit)
		}
	}
	if given != 1 && r.node != nil {
		l.error(r.node.at, finding{"bound_missing", fmt.Sprintf("a target has one bound; %d are given", given), "write one of at_least, at_most, exactly; each includes its number"})
	}
	g.Year = l.year(r.need("year", "it is when the target is due"), "the year")
	if since := r.field("since"); since != nil {
		g.Since = l.year(since, "since")
		if g.Type != Keep {
			l.error(since.at, finding{"key_unknown", "only a keep target holds since a year", "leave it out, or write type: keep"})
		}
	}
	g.Levels = l.levels(r.field("levels"))
	if g.Type == FloorStretch {
		l.stretch(&g, r.need("stretch", "it is the wish beyond the floor; open where the text gives no number"))
	}
	l.path(&g, r)
	g.Source = l.remark(r.need("source", "it says which clause gives the number"), "the source")
	g.Status = l.normStatus(r, "the target")
	return g
}

// path reads where the way to a target begins and what is due on it.
func (l *loader) path(g *Target, r *record) {
	if n := r.field("baseline"); n != nil {
		b := l.record(n, "a baseline")
		g.Baseline = &Baseline{Number: l.inBase(b.need("value", "it is where the way begins"), "the baseline", g.Unit)}
		period := b.need("period", "it says of when the baseline is")
		text, _ := l.scalar(period, "the period")
		var err error
		if g.Baseline.Period, err = lifecircle.ParsePeriod(text); err != nil && period != nil {
			l.error(period.at, finding{"wrong_type", err.Error(), "write a year like 2023 or a month like 2023-06"})
		} else if g.Baseline.Period.CalendarYear() >= g.Year && period != nil {
			l.error(period.at, finding{"baseline_late", "the baseline is not before the target's year", "give the value the plan started from"})
		}
		g.Baseline.Source = l.remark(b.need("source", "it says who gives the number"), "the source")
		g.Baseline.Status = l.normStatus(b, "the baseline")
		b.close()
	}
	for _, item := range l.items(r.field("milestones"), "milestones") {
		m := l.record(item, "a milestone")
		milestone := Station{
			Year:   l.year(m.need("year", "it says when it is due"), "the year"),
			Number: l.inBase(m.need("value", "it is what is due"), "the milestone", g.Unit),
		}
		if milestone.Year >= g.Year && item != nil {
			l.error(item.at, finding{"milestone_late", fmt.Sprintf("a milestone of %d is not before the target's year %d", milestone.Year, g.Year), "give it an earlier year"})
		}
		milestone.Source = l.remark(m.need("source", "it says which clause gives the number"), "the source")
		milestone.Status = l.normStatus(m, "the milestone")
		m.close()
		g.Milestones = append(g.Milestones, milestone)
	}
	slices.SortStableFunc(g.Milestones, func(a, b Station) int { return cmp.Compare(a.Year, b.Year) })
}

// stretch reads the wish of a floor+stretch target, which may have no number.
func (l *loader) stretch(g *Target, n *node) {
	if n == nil || (n.kind == scalar && n.text == "open") {
		return
	}
	wish := l.inBase(n, "the stretch", g.Unit)
	g.Stretch = &wish
}

// inBase reads a number and turns it into base units.
func (l *loader) inBase(n *node, what string, unit rule.Unit) (base number) {
	value, ok := l.number(n, what)
	if !ok {
		return base
	}
	base, ok = unit.ToBase(value)
	if !ok {
		l.error(n.at, finding{"wrong_type", what + " has too many digits", "write fewer"})
	}
	return base
}

func (l *loader) tolerance(n *node) *Tolerance {
	if n == nil {
		return nil
	}
	r := l.record(n, "a tolerance")
	t := &Tolerance{Word: l.name(r.need("word", "it is the word of the text that allows it"))}
	share := r.need("share", "it is the share that suffices, in percent")
	t.Share = l.inBase(share, "the share", rule.Percent)
	if share != nil && (t.Share.Sign() < 0 || t.Share.Cmp(lifecircle.Int(1)) > 0) {
		l.error(share.at, finding{"wrong_type", "the share is no percentage", "write a number from 0 to 100"})
	}
	t.Status = l.normStatus(r, "the tolerance")
	t.Source = l.remark(r.need("source", "it says where the number comes from"), "the source")
	r.close()
	return t
}

func (l *loader) exceptions(n *node) (x *Exceptions, when *node) {
	if n == nil {
		return nil, nil
	}
	r := l.record(n, "exceptions")
	when = r.need("when", "it says which subjects are let off")
	x = &Exceptions{
		When:   l.expression(when),
		Reason: l.identifier(r.need("reason", "it is the field that holds the reason"), "a field"),
		Count:  oneOf(&l.faults, r.need("count", "it says how an excepted subject counts"), "count", CountMet, CountUnmet, CountNotAll),
	}
	r.close()
	return x, when
}

// quantity is an expression with the unit of its result.
type quantity struct {
	written
	unit rule.Unit
}

// written is an expression and where it stands.
type written struct {
	node *node
	expr *rule.Expr
}

func (l *loader) quantity(n *node, what string) quantity {
	if n == nil {
		return quantity{}
	}
	r := l.record(n, what)
	var q quantity
	q.node = r.need("rule", "it says how much")
	q.expr = l.expression(q.node)
	q.unit, _ = l.unit(r.need("unit", "a number means nothing without one"))
	r.close()
	return q
}

// variant is a variant with the places of what it replaces.
type variant struct {
	Variant
	nodes   map[string]*node
	deficit quantity
}

// variants reads the readings of an ambiguous text; replaceable names the parts
// of this kind of object that a reading may replace.
func (l *loader) variants(r *record, replaceable ...string) []variant {
	listed := r.field("variants")
	var variants []variant
	chosen := 0
	ids := make(map[string]bool)
	for _, item := range l.items(listed, "variants") {
		v := variant{nodes: make(map[string]*node)}
		f := l.record(item, "a variant")
		id := f.need("id", "results name it")
		v.ID = l.identifier(id, "a variant's id")
		if v.ID != "" && ids[v.ID] {
			l.error(id.at, finding{"id_duplicate", fmt.Sprintf("the variant %s was already given", v.ID), "give one of the two another id"})
		}
		ids[v.ID] = true
		v.Name = l.name(f.need("name", "it is shown to people"))
		if n := f.field("chosen"); n != nil {
			v.Chosen = l.boolean(n, "chosen")
		}
		if v.Chosen {
			chosen++
		}
		v.Status = l.normStatus(f, "the variant")
		v.Reason = l.remark(f.need("reason", "it says why this reading is possible, or chosen"), "the reason")
		v.Parameters = l.parameters(f.field("parameters"))
		for _, key := range replaceable {
			l.replacement(&v, f, key)
		}
		f.close()
		variants = append(variants, v)
	}
	if listed != nil && listed.kind == list && chosen != 1 {
		l.error(listed.at, finding{"variants_chosen", fmt.Sprintf("%d of %d variants are chosen", chosen, len(variants)), "write chosen: true at exactly one"})
	}
	return variants
}

func (l *loader) replacement(v *variant, f *record, key string) {
	n := f.field(key)
	if n == nil {
		return
	}
	v.nodes[key] = n
	switch key {
	case "subjects":
		v.Subjects = l.identifier(n, "a subject set")
	case "where":
		v.Where = l.expression(n)
	case "require":
		v.Require = l.expression(n)
	case "deficit":
		v.deficit = l.quantity(n, "the deficit")
		v.Deficit, v.DeficitUnit = v.deficit.expr, v.deficit.unit
	case "numerator":
		v.Numerator = l.expression(n)
	case "denominator":
		v.Denominator = l.expression(n)
	}
}

// over returns the variant's own part, or the object's.
func (v variant) over(key string, n *node, expr *rule.Expr) written {
	own := map[string]*rule.Expr{
		"where": v.Where, "require": v.Require, "numerator": v.Numerator, "denominator": v.Denominator,
	}
	if replaced := v.nodes[key]; replaced != nil {
		return written{replaced, own[key]}
	}
	return written{n, expr}
}

func (v variant) named(key string, n *node) *node {
	if own := v.nodes[key]; own != nil {
		return own
	}
	return n
}

// readings returns the variants, or the one reading of a text without any.
func readings(variants []variant) []variant {
	if len(variants) == 0 {
		return []variant{{}}
	}
	return variants
}

func plain(variants []variant) []Variant {
	plain := make([]Variant, len(variants))
	for i, v := range variants {
		plain[i] = v.Variant
	}
	return plain
}

// needs asks for a part that the object, or else every variant, must have, and
// refuses one that no reading uses.
func (l *loader) needs(r *record, key, why string, variants []variant) {
	replaced := 0
	for _, v := range variants {
		if v.nodes[key] != nil {
			replaced++
		}
	}
	everywhere := len(variants) > 0 && replaced == len(variants)
	switch n := r.field(key); {
	case !everywhere:
		r.need(key, why)
	case n != nil:
		l.error(n.at, finding{"part_unused", fmt.Sprintf("every variant replaces %q", key), "remove it here, or in one variant"})
	}
}

func merged(base, over map[string]Parameter) map[string]Parameter {
	all := make(map[string]Parameter, len(base)+len(over))
	for name, p := range base {
		all[name] = p
	}
	for name, p := range over {
		all[name] = p
	}
	return all
}

// acceptance acknowledges a warning of one code in a stretch of a file.
type acceptance struct {
	at     Position
	code   string
	reason lifecircle.Name
	over   extent
	used   bool
}

// extent is a stretch of lines; the zero extent is every line of the package.
type extent struct {
	file        string
	first, last int
}

var anywhere = extent{}

func (e extent) holds(f Fault) bool {
	return e == anywhere || (e.file == f.File && e.first <= f.Line && f.Line <= e.last)
}

// extent returns the lines a mapping takes.
func (r *record) extent() extent {
	if r.node == nil {
		return extent{}
	}
	return extent{r.node.at.File, r.node.at.Line, r.node.lastLine()}
}

func (n *node) lastLine() int {
	last := n.at.Line
	if n.kind == scalar {
		last = max(last, n.locate(len(n.text)).Line)
	}
	for _, item := range n.items {
		if item != nil {
			last = max(last, item.lastLine())
		}
	}
	for _, f := range n.fields {
		last = max(last, f.keyAt.Line)
		if f.value != nil {
			last = max(last, f.value.lastLine())
		}
	}
	return last
}

// acceptances reads the warnings that a mapping acknowledges, in its own lines or
// everywhere: one, or a list.
func (l *loader) acceptances(r *record, everywhere bool) []acceptance {
	n := r.field("accepted")
	if n == nil {
		return nil
	}
	over := anywhere
	if !everywhere {
		over = r.extent()
	}
	items := []*node{n}
	if n.kind != mapping {
		items = l.items(n, "accepted")
	}
	var accepted []acceptance
	for _, item := range items {
		a := l.record(item, "an acceptance")
		code := a.need("code", "it names the warning")
		accepted = append(accepted, acceptance{
			at: item.at, code: l.text(code, "the code"), over: over,
			reason: l.remark(a.need("reason", "somebody will ask"), "the reason"),
		})
		a.close()
	}
	l.accepted = append(l.accepted, accepted...)
	return accepted
}

// accept removes the warnings that the package acknowledges. An acceptance that
// no warning needs is one itself: what it excused may be repaired by now.
func (l *loader) accept() {
	l.list = slices.DeleteFunc(l.list, func(f Fault) bool {
		covered := false
		for i := range l.accepted {
			a := &l.accepted[i]
			if f.Severity != SeverityWarning || f.Code != a.code || !a.over.holds(f) {
				continue
			}
			if !covered {
				l.acknowledged = append(l.acknowledged, Accepted{f, a.reason})
			}
			a.used, covered = true, true
		}
		return covered
	})
	for _, a := range l.accepted {
		if !a.used {
			l.warn(a.at, finding{"acceptance_unused", fmt.Sprintf("nothing here gives the warning %s", strings.TrimSpace(a.code)), "remove the acceptance"})
		}
	}
}
