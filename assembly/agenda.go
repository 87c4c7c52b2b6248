package assembly

import (
	"fmt"
	"slices"
	"strings"

	"lieux/base/civil"
	"lieux/bylaws"
	"lieux/people"
	"lieux/vote"
)

// items reads the agenda, in the order and with the numbers of the record.
func (in *intake) items() error {
	seen := map[string]bool{}
	for i, fi := range in.file.Items {
		path := fmt.Sprintf("$.items[%d]", i)
		item := Item{ID: ItemID(in.tx.ID()), Number: strings.TrimSpace(fi.Number), Title: strings.TrimSpace(fi.Title)}
		switch {
		case item.Number == "" || len(item.Number) > maxNumber:
			in.refuse(path+".number", "item-number", "limit", maxNumber)
		case seen[item.Number]:
			in.refuse(path+".number", "item-twice", "number", item.Number)
		}
		seen[item.Number] = true
		if item.Title == "" || len(item.Title) > maxTitle {
			in.refuse(path+".title", "title", "limit", maxTitle)
		}
		if len(fi.Matters) > maxMatters || len(fi.Retained) > maxRetained {
			in.refuse(path, "too-many")
			continue
		}
		for j, fm := range fi.Matters {
			m, err := in.matter(fmt.Sprintf("%s.matters[%d]", path, j), fm)
			if err != nil {
				return err
			}
			item.Matters = append(item.Matters, m)
		}
		in.report.Assembly.Items = append(in.report.Assembly.Items, item)
		for j, fr := range fi.Retained {
			if err := in.retained(fmt.Sprintf("%s.retained[%d]", path, j), item, fr); err != nil {
				return err
			}
		}
	}
	if len(in.file.Items) == 0 {
		in.refuse("$.items", "no-items")
	}
	return nil
}

func (in *intake) matter(path string, f FileMatter) (Matter, error) {
	m := Matter{ID: MatterID(in.tx.ID()), Kind: Kind(f.Kind), Title: strings.TrimSpace(f.Title),
		Words: in.text(path+".text", f.Text), Place: f.Place,
		Earlier: f.Of, Presenters: in.all(path+".presenters", f.Presenters), Stated: Verdict(f.Stated)}
	in.annexes(path, f.Annexes, &m)
	if !m.Kind.Valid() {
		in.refuse(path+".kind", "kind", "text", brief(f.Kind))
		return m, nil
	}
	if len(m.Title) > maxTitle || len(m.Place) > maxTitle {
		in.refuse(path+".title", "title", "limit", maxTitle)
	}
	if !in.statedFits(m) {
		in.refuse(path+".stated", "stated", "text", brief(f.Stated))
		return m, nil
	}
	if f.Proof != "" && m.Kind != Draw {
		in.refuse(path+".proof", "proof", "limit", maxProof>>10)
	}
	if m.Report = Told(f.Report); m.Report != "" && m.Kind != PurposeChange {
		in.refuse(path+".report", "report-kind")
	}
	e := effects{heldOn: in.report.Assembly.HeldOn, deed: f.Deed,
		changes: []bylaws.Change{{Article: f.Article, Before: strings.TrimSpace(f.Before),
			After: strings.TrimSpace(f.After)}},
		refused: func(err error) bool { return in.refused(path, err) }}
	var err error
	switch {
	case m.Kind.Fills():
		if e.until, err = in.fills(path, f, &m); err == nil && m.Kind == Draw {
			err = in.prove(path, f, &m)
		}
	case m.Kind.Voted():
		err = in.judge(path, f, &m)
	}
	if err != nil || m.Kind.Fills() && m.Body == "" {
		return m, err
	}
	seats, err := m.carry(in.tx, e)
	in.report.Seats += seats
	return m, err
}

// annexes are the papers that the record names; their content can be attached later.
func (in *intake) annexes(path string, titles []string, m *Matter) {
	if len(titles) > maxAnnexes {
		in.refuse(path+".annexes", "annexes", "limit", maxAnnexes)
		return
	}
	for i, title := range titles {
		if title = strings.TrimSpace(title); title == "" || len(title) > maxTitle {
			in.refuse(fmt.Sprintf("%s.annexes[%d]", path, i), "title", "limit", maxTitle)
		}
		m.Annexes = append(m.Annexes, Annex{ID: in.tx.ID(), Title: title})
	}
}

// statedFits says whether the record's verdict is one that the kind can have.
func (in *intake) statedFits(m Matter) bool {
	switch {
	case m.Kind.Voted():
		return slices.Contains([]Verdict{"", Verdict(vote.Adopted), Verdict(vote.Rejected), Verdict(vote.Inquorate)},
			m.Stated)
	case m.Kind.Fills():
		return m.Stated == ""
	}
	return m.Stated == "" || m.Stated == Presented
}

// judge applies the rule of the day to what the record tells.
func (in *intake) judge(path string, f FileMatter, m *Matter) error {
	b := f.Ballot
	counts := in.counts(path+".ballot", b.For, b.Against, b.Abstentions)
	m.Ballot = vote.Ballot{Kind: vote.BallotKind(f.Ballot.Kind), Votes: counts}
	if !slices.Contains([]vote.BallotKind{"", vote.ByCounts, vote.Unanimous, vote.ByAcclamation}, m.Ballot.Kind) {
		in.refuse(path+".ballot.kind", "ballot", "text", brief(f.Ballot.Kind))
		return nil
	}
	a, rule := in.report.Assembly, in.rules.Decision(m.Kind.rule())
	classes, err := in.classes(path+".ballot.classes", m.Kind, b.Classes)
	if err != nil {
		return err
	}
	outcome, err := vote.Judge(rule, vote.Facts{Convening: a.Convening, Issued: a.Attendance.Issued, Classes: classes,
		Present: a.Attendance.Total, Roll: in.seated, Ballot: m.Ballot, Stated: vote.Verdict(m.Stated)})
	if in.refused(path+".ballot", err) {
		return nil
	}
	in.capChecked(&outcome, rule.Cap)
	m.Outcome = outcome
	return err
}

// fills reads whom an election or a draw gave a mandate, and until when.
func (in *intake) fills(path string, f FileMatter, m *Matter) (until civil.Date, err error) {
	body, ok := in.bodies[f.Body]
	if !ok {
		in.refuse(path+".body", "body-key", "key", brief(f.Body))
		return civil.Date{}, nil
	}
	m.Body = body
	m.Elected, m.Effective, m.Substitutes = in.all(path+".elected", f.Elected), in.all(path+".effective", f.Effective),
		in.all(path+".substitutes", f.Substitutes)
	if m.Kind == Election && len(m.Effective)+len(m.Substitutes) > 0 ||
		m.Kind == Draw && len(m.Elected)+len(f.Candidates) > 0 {
		in.refuse(path, "election-or-draw")
	}
	if m.Kind == Election {
		if err := in.elect(path, f, m); err != nil {
			return civil.Date{}, err
		}
	}
	return in.date(path+".until", f.Until, false), nil
}

func (in *intake) mandate(path string, m people.Mandate) error {
	if m.Person == "" {
		return nil // its key was refused already
	}
	_, err := people.OpenMandate(in.tx, m)
	if in.refused(path, err) {
		return nil
	}
	in.report.Seats++
	return err
}

func (in *intake) retained(path string, item Item, f FileRetained) error {
	a := in.report.Assembly
	p := Retained{ID: RetainedID(in.tx.ID()), Assembly: a.ID, Item: item.ID, ItemNumber: item.Number,
		Title: strings.TrimSpace(f.Title),
		Words: in.text(path+".text", f.Text), OwnerWords: strings.TrimSpace(f.Named),
		DueOn: in.date(path+".due", f.Due, false), HeldOn: a.HeldOn, Meeting: a.Name}
	if p.Title == "" || len(p.Title) > maxTitle || len(p.OwnerWords) > maxTitle {
		in.refuse(path+".title", "title", "limit", maxTitle)
	}
	if f.Owner != "" {
		owner, ok := in.bodies[f.Owner]
		if !ok {
			in.refuse(path+".owner", "body-key", "key", brief(f.Owner))
		}
		p.Owner = owner
	}
	in.report.Assembly.Retained = append(in.report.Assembly.Retained, p)
	members := in.all(path+".members", f.Members)
	if f.Owner != "" && p.Owner == "" {
		return nil // refused already
	}
	if len(members) > 0 && in.kinds[p.Owner] != people.Group && in.kinds[p.Owner] != people.Committee {
		in.refuse(path+".members", "members")
		return nil
	}
	for _, person := range members {
		m := people.Mandate{Body: p.Owner, Person: person, Role: people.Member, From: a.HeldOn, Opened: p.ID.Ref()}
		if err := in.mandate(path, m); err != nil {
			return err
		}
	}
	return nil
}
