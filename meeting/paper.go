package meeting

import (
	"slices"
	"strings"

	"lieux/assembly"
	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/store"
)

// Need names a paper that a kind requires; empty for any other paper.
type Need string

// The papers that kinds require.
const (
	YearAccounts  Need = "accounts"    // the yearly accounts
	PlanPaper     Need = "plan"        // the financial plan as updated
	CharterText   Need = "charter"     // the charter as it is put to the vote
	PurposeReport Need = "report-6:86" // by the board: why the purpose changes; without it the decision is null
	ClassReport   Need = "report-6:87" // by the board: why class rights change
	NotePaper     Need = "note"        // the note that is presented
	DrawRules     Need = "draw-rules"  // who is in the pool and how it is drawn
	NoNeed        Need = ""
)

// AllNeeds lists them in the order of screens.
var AllNeeds = []Need{YearAccounts, PlanPaper, CharterText, PurposeReport, ClassReport, NotePaper, DrawRules}

// Needs are the papers that a matter of a kind requires. The text before and after of a change of the bylaws is part of
// the matter itself.
func Needs(k assembly.Kind) []Need {
	switch k {
	case assembly.Accounts:
		return []Need{YearAccounts}
	case assembly.FinancialPlan:
		return []Need{PlanPaper}
	case assembly.Charter:
		return []Need{CharterText}
	case assembly.PurposeChange:
		return []Need{PurposeReport}
	case assembly.ClassRights:
		return []Need{ClassReport}
	case assembly.Note:
		return []Need{NotePaper}
	case assembly.Draw:
		return []Need{DrawRules}
	}
	return nil
}

// Lacks are the needs that no paper of the matter meets.
func (x Matter) Lacks() (missing []Need) {
	for _, need := range Needs(x.Kind) {
		if !slices.ContainsFunc(x.Papers, func(p Paper) bool { return p.Need == need }) {
			missing = append(missing, need)
		}
	}
	return missing
}

// Paper is a document that the letters announce and that members may read before the meeting.
type Paper struct {
	ID       PaperID
	Need     Need
	Title    string
	Document string // id in base/documents
	AddedAt  civil.Instant
}

// AddPaper adds a paper to a matter. It may come after the letters have left: the page shows when it came.
func AddPaper(tx *store.Tx, id MatterID, p Paper) (PaperID, error) {
	m, item, err := matterIn(tx, id)
	if err != nil {
		return "", err
	}
	x, _, _ := m.Matter(id)
	made, err := putPaper(tx, x, p)
	if err != nil {
		return "", err
	}
	tx.Record(store.Line{About: []store.Ref{m.ID.Ref(), id.Ref()}, Args: map[string]any{"item": item.Number}})
	return made.ID, nil
}

func putPaper(tx *store.Tx, x Matter, p Paper) (Paper, error) {
	p.Title = strings.TrimSpace(p.Title)
	var rs fault.Refusals
	if p.Title == "" || len(p.Title) > MaxTitle {
		rs = append(rs, fault.Refuse("meeting.refusal.title", "limit", MaxTitle).At("title"))
	}
	if p.Need != NoNeed && !slices.Contains(AllNeeds, p.Need) {
		rs = append(rs, fault.Refuse("meeting.refusal.need").At("need"))
	}
	if len(x.Papers) >= maxPapers {
		rs = append(rs, fault.Refuse("meeting.refusal.many-papers", "limit", maxPapers).At("title"))
	}
	if err := rs.Err(); err != nil {
		return p, err
	}
	if err := hasDocument(tx, p.Document); err != nil {
		return p, err
	}
	p.ID, p.AddedAt = PaperID(tx.ID()), tx.Now()
	return p, insertPaper(tx, x.ID, p)
}

// RemovePaper takes a paper away; one that was there when the letters left stays, because they announced it.
func RemovePaper(tx *store.Tx, id PaperID) error {
	owner, found, err := store.Find(tx, qMatterOfPaper, store.Text, string(id))
	if err != nil {
		return err
	}
	if !found {
		return fault.Refuse("meeting.refusal.paper-unknown")
	}
	m, item, err := matterIn(tx, MatterID(owner))
	if err != nil {
		return err
	}
	x, _, _ := m.Matter(MatterID(owner))
	i := slices.IndexFunc(x.Papers, func(p Paper) bool { return p.ID == id })
	if m.ConvenedAt != 0 && x.Papers[i].AddedAt <= m.ConvenedAt {
		return fault.Refuse("meeting.refusal.announced")
	}
	tx.Record(store.Line{About: []store.Ref{m.ID.Ref(), x.ID.Ref()}, Args: map[string]any{"item": item.Number}})
	_, err = tx.Exec(qDeletePaper, string(id))
	return err
}

// hasDocument refuses an id that no document has.
func hasDocument(r store.Reader, id string) error {
	_, found, err := documents.Find(r, id)
	if err == nil && !found {
		err = fault.Refuse("meeting.refusal.document").At("document")
	}
	return err
}
