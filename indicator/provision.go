package indicator

import (
	"maps"
	"slices"

	"lifecircle"
	"lifecircle/plan"
	"lifecircle/plan/rule"
	"lifecircle/registry"
)

// Verdict is what a provision says of one subject.
type Verdict uint8

// The verdicts.
const (
	NotApplicable Verdict = iota // the provision does not speak of this subject
	Pass
	Fail
	Unknown // no data decides it; Reason says what is missing
)

// Outcome is a provision's verdict on one subject and what it counts.
type Outcome struct {
	Verdict  Verdict
	Weighed  bool // false: the weight is not known
	Lacks    bool // the deficit is known
	Excepted bool
	Weight   lifecircle.Number
	Deficit  lifecircle.Number // of a subject that fails, where it is known
	Reason   rule.Reason
	// Provenance is the weakest of what decided the verdict.
	Provenance lifecircle.Provenance
}

// reading is a provision or indicator under one variant, its replacements made.
type reading struct {
	object      plan.Object
	under       *plan.Variant // nil for the text as it stands
	explained   bool          // by an explanation, which shows the past
	variant     string        // the id of under
	parameters  map[string]plan.Parameter
	numerator   *rule.Expr
	denominator *rule.Expr
	subjects    string
	where       *rule.Expr
	require     *rule.Expr
	deficit     *rule.Expr
}

// readingOf applies a variant; nil is the text as it stands.
func readingOf(object plan.Object, variant *plan.Variant) reading {
	r := reading{object: object, under: variant}
	if p := object.Provision; p != nil {
		r.parameters, r.subjects, r.where, r.require, r.deficit = p.Parameters, p.Subjects, p.Where, p.Require, p.Deficit
	} else if i := object.Indicator; i != nil {
		r.parameters, r.numerator, r.denominator = i.Parameters, i.Numerator, i.Denominator
	}
	if variant == nil {
		return r
	}
	r.variant = variant.ID
	if len(variant.Parameters) > 0 {
		r.parameters = maps.Clone(r.parameters)
		if r.parameters == nil {
			r.parameters = make(map[string]plan.Parameter)
		}
		maps.Copy(r.parameters, variant.Parameters)
	}
	if variant.Subjects != "" {
		r.subjects = variant.Subjects
	}
	replace := func(part **rule.Expr, by *rule.Expr) {
		if by != nil {
			*part = by
		}
	}
	replace(&r.numerator, variant.Numerator)
	replace(&r.denominator, variant.Denominator)
	replace(&r.where, variant.Where)
	replace(&r.require, variant.Require)
	replace(&r.deficit, variant.Deficit)
	return r
}

// key names the reading, without a period.
func (r reading) key() tallyKey { return tallyKey{object: r.object.ID, variant: r.variant} }

// rules returns all that the reading asks, of whom it speaks included.
func (r reading) rules(p *plan.Package) (rules []*rule.Expr) {
	add := func(more ...*rule.Expr) {
		for _, e := range more {
			if e != nil {
				rules = append(rules, e)
			}
		}
	}
	add(r.numerator, r.denominator)
	if of := r.object.Provision; of != nil {
		add(p.Sets[r.subjects].Where, r.where, r.require, r.deficit, of.Weight)
		if of.Exceptions != nil {
			add(of.Exceptions.When)
		}
	}
	return rules
}

// readingsOf returns the objects of a plan that are measured, in its order, each under
// each of its variants, or the text as it stands.
func readingsOf(p *plan.Package) (all []reading) {
	for _, object := range p.Objects {
		if object.Indicator == nil && object.Provision == nil {
			continue
		}
		variants := object.Variants()
		if len(variants) == 0 {
			all = append(all, readingOf(object, nil))
		}
		for i := range variants {
			all = append(all, readingOf(object, &variants[i]))
		}
	}
	return all
}

// judge says what a provision means for one subject. What it reads is added to
// reads, but for the provenance, which is the outcome's own.
func (e *Evaluator) judge(r reading, row Row, period lifecircle.Period, reads *reads) (outcome Outcome) {
	outer := reads.provenance
	reads.provenance = row.Origin().Provenance
	defer func() {
		outcome.Provenance = reads.provenance
		reads.provenance = outer.Weakest(reads.provenance)
	}()
	provision := r.object.Provision
	subject := &scope{
		eval: e, question: question{period, r.variant}, row: row, area: row.Area(),
		parameters: e.parametersIn(r, row.Area()), reads: reads,
	}
	outcome.Weight, outcome.Weighed = lifecircle.Int(1), true
	for _, condition := range []*rule.Expr{e.plan.Sets[r.subjects].Where, r.where} {
		if condition == nil {
			continue
		}
		switch holds, reason := truth(condition.Eval(subject)); {
		case reason != (rule.Reason{}):
			outcome.Verdict, outcome.Reason = Unknown, reason
		case !holds:
			return Outcome{Verdict: NotApplicable}
		}
	}
	if provision.Weight != nil {
		weight := provision.Weight.Eval(subject)
		outcome.Weight, outcome.Weighed = weight.Number()
		if reason, missing := weight.Missing(); missing {
			outcome.Verdict, outcome.Reason = Unknown, reason
		}
	}
	var doubt rule.Reason // why it is not known whether the subject is let off
	if x := provision.Exceptions; x != nil {
		excepted, reason := truth(x.When.Eval(subject))
		doubt = reason
		if excepted && doubt == (rule.Reason{}) {
			outcome.Excepted = true
			switch x.Count {
			case plan.CountMet:
				return outcome.decided(Pass)
			case plan.CountUnmet:
				return outcome.decided(Fail)
			default:
				return Outcome{Verdict: NotApplicable, Excepted: true}
			}
		}
	}
	if outcome.Verdict == Unknown {
		return outcome
	}
	met, reason := truth(r.require.Eval(subject))
	switch {
	case doubt != (rule.Reason{}) && !(reason == (rule.Reason{}) && sameLetOff(provision.Exceptions.Count, met)):
		outcome.Verdict, outcome.Reason = Unknown, doubt
	case reason != (rule.Reason{}):
		outcome.Verdict, outcome.Reason = Unknown, reason
	case met:
		outcome.Verdict = Pass
	default:
		outcome.Verdict = Fail
		if r.deficit != nil && doubt == (rule.Reason{}) {
			outcome.Deficit, outcome.Lacks = r.deficit.Eval(subject).Number()
		}
	}
	return outcome
}

// sameLetOff reports whether a subject that meets the requirement or not has the
// same verdict when it is let off: then it does not matter whether it is.
func sameLetOff(count plan.ExceptionCount, met bool) bool {
	return count == plan.CountMet && met || count == plan.CountUnmet && !met
}

// decided keeps a doubt about membership or weight and otherwise takes v.
func (o Outcome) decided(v Verdict) Outcome {
	if o.Verdict != Unknown {
		o.Verdict = v
	}
	return o
}

func truth(v rule.Value) (holds bool, reason rule.Reason) {
	if reason, missing := v.Missing(); missing {
		return false, reason
	}
	holds, ok := v.Bool()
	if !ok {
		return false, rule.Reason{Code: "not_a_condition", What: v.String()}
	}
	return holds, rule.Reason{}
}

// sums are the outcomes of one area's own subjects, or of a subtree's.
type sums struct {
	pass, fail, unknown lifecircle.Number // weights
	deficit             lifecircle.Number
	subjects            int // pass, fail and unknown together
	failed              int
	unknowns            int
	unweighed           int // subjects whose weight is not known
	undeficient         int // failing subjects whose deficit is not known
	overflowed          bool
	provenances         [4]int // how many outcomes have each provenance
}

// count adds an outcome (sign 1) or takes it back (sign −1).
func (s *sums) count(o Outcome, sign int) {
	if o.Verdict == NotApplicable {
		return
	}
	add := func(total *lifecircle.Number, n lifecircle.Number) {
		if sign < 0 {
			n = n.Neg()
		}
		sum, ok := total.Add(n)
		if !ok {
			s.overflowed = true
			return
		}
		*total = sum
	}
	s.subjects += sign
	s.provenances[provenanceIndex(o.Provenance)] += sign
	if !o.Weighed {
		s.unweighed += sign
	}
	switch o.Verdict {
	case Pass:
		add(&s.pass, o.Weight)
	case Fail:
		s.failed += sign
		add(&s.fail, o.Weight)
		if o.Lacks {
			add(&s.deficit, o.Deficit)
		} else {
			s.undeficient += sign
		}
	case Unknown:
		s.unknowns += sign
		add(&s.unknown, o.Weight)
	}
}

// plus adds another area's sums.
func (s *sums) plus(t sums) {
	for _, part := range []struct{ total, more *lifecircle.Number }{
		{&s.pass, &t.pass},
		{&s.fail, &t.fail},
		{&s.unknown, &t.unknown},
		{&s.deficit, &t.deficit},
	} {
		sum, ok := part.total.Add(*part.more)
		if !ok {
			s.overflowed = true
			continue
		}
		*part.total = sum
	}
	s.subjects += t.subjects
	s.failed += t.failed
	s.unknowns += t.unknowns
	s.unweighed += t.unweighed
	s.undeficient += t.undeficient
	s.overflowed = s.overflowed || t.overflowed
	for i, n := range t.provenances {
		s.provenances[i] += n
	}
}

var provenances = [4]lifecircle.Provenance{"", lifecircle.Real, lifecircle.Estimated, lifecircle.Generated}

func provenanceIndex(p lifecircle.Provenance) int { return max(slices.Index(provenances[:], p), 0) }

func (s *sums) provenance() lifecircle.Provenance {
	var weakest lifecircle.Provenance
	for i, n := range s.provenances {
		if n > 0 {
			weakest = weakest.Weakest(provenances[i])
		}
	}
	return weakest
}

// levelOf is the register that holds areas of a level.
func levelOf(level registry.Level) string { return string(level) }
