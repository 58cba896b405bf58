package plan

import (
	"fmt"

	"lifecircle"
	"lifecircle/plan/rule"
)

// Task is a deliverable with an owner.
type Task struct {
	Deliverable lifecircle.Name
	Due         *Due // nil where the text gives none
	Milestones  []Milestone
	Evidence    []lifecircle.Name // what shows that the deliverable is there
	Indicators  []string          // indicators and provisions that it moves
}

// Due is a day by which something is done.
type Due struct {
	Date   rule.Date
	Source lifecircle.Name
	Status Status
}

// Milestone is a step of a task.
type Milestone struct {
	Term
	Due      *Due
	Evidence lifecircle.Name
}

// Service is a template of what is offered.
type Service struct {
	Menu     []MenuItem
	Capacity rule.Unit // what capacity is counted in
	Audience lifecircle.Name
	Tier     Tier
	Channels []Channel
	Steps    []Step
}

// MenuItem is one thing that can be ordered.
type MenuItem struct {
	Term
	Unit  rule.Unit
	Price *Parameter // nil where none is set
}

// Tier says who pays for a service.
type Tier string

// The tiers.
const (
	TierBasic     Tier = "basic"     // free, a duty
	TierInclusive Tier = "inclusive" // below a price ceiling
	TierMarket    Tier = "market"
)

// Channel is where or by what a service reaches people.
type Channel string

// The channels.
const (
	ChannelHome        Channel = "home"
	ChannelCommunity   Channel = "community"
	ChannelInstitution Channel = "institution"
	ChannelOnline      Channel = "online"
	ChannelPhone       Channel = "phone"
	ChannelMobile      Channel = "mobile" // comes to the village or block
)

// LinkType says how parties belong together.
type LinkType string

// The types of links.
const (
	LinkAgreement  LinkType = "agreement"
	LinkUnion      LinkType = "union"       // 联合体, 医联体
	LinkMainBranch LinkType = "main_branch" // 总分馆
	LinkHubSpoke   LinkType = "hub_spoke"
	LinkMultiSite  LinkType = "multi_site" // one practitioner at several places
)

// Link is an agreement, union or branch relation between parties.
type Link struct {
	Type        LinkType
	Parties     []Term
	Term        *Parameter // how long it holds; nil where that is open
	Obligations []Obligation
}

// Obligation is what one party of a link must do.
type Obligation struct {
	Term
	Party    string // a party's id
	Evidence lifecircle.Name
}

func (l *loader) task(r *record) *Task {
	t := &Task{Deliverable: l.name(r.need("deliverable", "it is what must be there in the end"))}
	t.Due = l.due(r.field("due"))
	seen := make(map[string]bool)
	for _, item := range l.items(r.field("milestones"), "milestones") {
		m := l.record(item, "a milestone")
		t.Milestones = append(t.Milestones, Milestone{
			Term:     l.term(m, "a milestone", seen),
			Due:      l.due(m.field("due")),
			Evidence: l.name(m.need("evidence", "it says what shows that the milestone is reached")),
		})
		m.close()
	}
	t.Evidence = l.names(r.need("evidence", "it says what shows that the task is done"), "evidence")
	if n := r.field("indicators"); n != nil {
		t.Indicators = l.references(n, "indicators", Object.Measured)
	}
	return t
}

// due reads a day with its source and status; the texts seldom give one.
func (l *loader) due(n *node) *Due {
	if n == nil {
		return nil
	}
	r := l.record(n, "due")
	var d Due
	d.Date, _ = l.date(r.need("date", "it is the day"), "the date")
	d.Source = l.remark(r.need("source", "it says which clause or document gives the day"), "the source")
	d.Status = l.normStatus(r, "the day")
	r.close()
	return &d
}

func (l *loader) service(r *record) *Service {
	s := &Service{}
	seen := make(map[string]bool)
	for _, item := range l.some(r.need("menu", "it is what can be ordered"), "menu") {
		m := l.record(item, "a menu item")
		entry := MenuItem{Term: l.term(m, "a menu item", seen)}
		entry.Unit, _ = l.unit(m.need("unit", "it is what one order counts"))
		if price := m.field("price"); price != nil {
			entry.Price = l.openParameter(price, "price")
			if entry.Price != nil && !entry.Price.Unit.SameDimension(rule.Yuan) {
				l.error(price.at, finding{"unit_mismatch", fmt.Sprintf("the price is in %v", entry.Price.Unit), "write it in yuan"})
			}
		}
		m.close()
		s.Menu = append(s.Menu, entry)
	}
	s.Capacity, _ = l.unit(r.need("capacity", "it is the unit in which capacity is counted"))
	s.Audience = l.name(r.need("audience", "it says for whom it is"))
	s.Tier = oneOf(&l.faults, r.need("tier", "it says who pays"), "the tier", TierBasic, TierInclusive, TierMarket)
	for _, item := range l.some(r.need("channels", "they say how it reaches people"), "channels") {
		s.Channels = append(s.Channels, oneOf(&l.faults, item, "a channel",
			ChannelHome, ChannelCommunity, ChannelInstitution, ChannelOnline, ChannelPhone, ChannelMobile))
	}
	s.Steps = l.steps(r.need("steps", "they say how an order goes"), "steps")
	return s
}

func (l *loader) link(r *record) *Link {
	k := &Link{Type: oneOf(&l.faults, r.need("link", "it says how the parties belong together"), "the link",
		LinkAgreement, LinkUnion, LinkMainBranch, LinkHubSpoke, LinkMultiSite)}
	parties := r.need("parties", "a link has parties")
	k.Parties = l.terms(parties, "parties")
	if parties != nil && parties.kind == list && len(parties.items) == 1 {
		l.error(parties.at, finding{"key_missing", "a link has two parties at least", "name the others"})
	}
	known := make(map[string]bool)
	for _, party := range k.Parties {
		known[party.ID] = true
	}
	k.Term = l.openParameter(r.need("term", "it says how long the link holds; open where the text does not"), "term")
	seen := make(map[string]bool)
	for _, item := range l.some(r.need("obligations", "a link obliges its parties to something"), "obligations") {
		o := l.record(item, "an obligation")
		party := o.need("party", "it says who is obliged")
		obligation := Obligation{Term: l.term(o, "an obligation", seen), Party: l.identifier(party, "a party")}
		if obligation.Party != "" && !known[obligation.Party] {
			found := dead("party", obligation.Party, known)
			found.repair = "name one of the link's parties"
			l.error(party.at, found)
		}
		obligation.Evidence = l.name(o.need("evidence", "it says what shows that the obligation is kept"))
		o.close()
		k.Obligations = append(k.Obligations, obligation)
	}
	return k
}
