package sitting

import (
	"slices"

	"lieux/assembly"
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/meeting"
	"lieux/people"
)

// The delay in which the draft may be remarked on, in days.
const (
	LeastDays = 1
	UsualDays = 7
	MostDays  = 60
)

// Remark is what somebody who was there says about an item of the draft, and the secretary's answer.
type Remark struct {
	ID       string
	Item     meeting.ItemID // empty: about the minutes as a whole
	Person   people.PersonID
	At       civil.Instant
	Words    string
	Answer   string
	Accepted bool
	Answered civil.Instant // 0 while it waits
	By       people.PersonID
}

// Waits says that the remark has no answer yet.
func (k Remark) Waits() bool { return k.Answered == 0 }

// OpenReview lets those who were there read the draft and remark on it during some days, to the end of the last.
func OpenReview(tx *store.Tx, id meeting.ID, days int) error {
	m, s, err := writable(tx, id)
	if err != nil {
		return err
	}
	if err := mayRun(tx, m); err != nil {
		return err
	}
	switch {
	case s.ClosedAt == 0:
		return fault.Refuse("sitting.refusal.still-running")
	case s.ReviewAt != 0:
		return fault.Refuse("sitting.refusal.in-review")
	case days < LeastDays || days > MostDays:
		return fault.Refuse("sitting.refusal.days", "least", LeastDays, "most", MostDays).At("days")
	}
	s.ReviewAt, s.ReviewUntil = tx.Now(), civil.EndOf(tx.Today().AddDays(days), tx.Zone())
	tx.Record(store.Line{About: []store.Ref{id.Ref()},
		Args: map[string]any{"until_on": tx.Today().AddDays(days).String()}})
	return writeSitting(tx, s)
}

// Attended says whether a person was there at some time, or was represented: only they may remark on the draft.
func Attended(r store.Reader, id meeting.ID, who people.PersonID) (bool, error) {
	if who == "" {
		return false, nil
	}
	who, err := people.Canonical(r, who)
	if err != nil {
		return false, err
	}
	asked, err := readers(r, id)
	return asked[who], err
}

// Comment keeps a remark of somebody who was there, while the draft is open to remarks.
func Comment(tx *store.Tx, id meeting.ID, k Remark) (string, error) {
	m, s, err := writable(tx, id)
	if err != nil {
		return "", err
	}
	if s.State(tx.Now()) != Review {
		return "", fault.Refuse("sitting.refusal.no-review")
	}
	k.Person = people.PersonID(tx.Actor())
	there, err := Attended(tx, id, k.Person)
	if err != nil {
		return "", err
	}
	if !there {
		if there, err = OfBureau(tx, id, k.Person); err != nil || !there {
			if err == nil {
				err = fault.Refuse("sitting.refusal.not-there")
			}
			return "", err
		}
	}
	if k.Item != "" {
		if _, err := place(m, k.Item, ""); err != nil {
			return "", err
		}
	}
	if k.Words, err = words("words", k.Words, MaxWords); err != nil {
		return "", err
	}
	all, err := Remarks(tx, id)
	if err != nil {
		return "", err
	}
	if len(all) >= MaxRemarks {
		return "", fault.Refuse("sitting.refusal.remarks", "limit", MaxRemarks)
	}
	k.ID, k.At = tx.ID(), tx.Now()
	tx.Record(store.Line{About: []store.Ref{id.Ref()}})
	return k.ID, insertRemark(tx, id, k)
}

// Reply answers a remark: accepted, when the secretary changes the notes accordingly, or not, with the reason.
func Reply(tx *store.Tx, id meeting.ID, remark string, accepted bool, answer string) error {
	m, _, err := writable(tx, id)
	if err != nil {
		return err
	}
	if err := mayRun(tx, m); err != nil {
		return err
	}
	if answer, err = words("answer", answer, MaxWords); err != nil {
		return err
	}
	n, err := answerRemark(tx, id, Remark{ID: remark, Accepted: accepted, Answer: answer, Answered: tx.Now(),
		By: people.PersonID(tx.Actor())})
	if err == nil && n == 0 {
		err = fault.Refuse("sitting.refusal.remark")
	}
	tx.Record(store.Line{About: []store.Ref{id.Ref()}, Args: map[string]any{"accepted": accepted}})
	return err
}

// Settle fixes the text, to be signed: what is signed is its hash. It is refused while remarks may still come or wait
// for their answer, and while several texts of one note compete. The delay of remarks may be left out: then the text is
// settled from the closing on.
func Settle(tx *store.Tx, id meeting.ID, book *lang.Book) error {
	m, s, err := writable(tx, id)
	if err != nil {
		return err
	}
	if err := mayRun(tx, m); err != nil {
		return err
	}
	switch s.State(tx.Now()) {
	case Running:
		return fault.Refuse("sitting.refusal.still-running")
	case Review:
		return fault.Refuse("sitting.refusal.in-review")
	}
	remarks, err := Remarks(tx, id)
	if err != nil {
		return err
	}
	if n := waiting(remarks); n > 0 {
		return fault.Refuse("sitting.refusal.unanswered", "n", n)
	}
	blocks, err := Blocks(tx, id)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(blocks, Block.Torn) {
		return fault.Refuse("sitting.refusal.torn")
	}
	digest, err := textOf(tx, id, book)
	if err != nil {
		return err
	}
	s.SettledAt, s.Text = tx.Now(), digest.String()
	tx.Record(store.Line{About: []store.Ref{id.Ref()}, Args: map[string]any{"hash": s.Text}})
	return writeSitting(tx, s)
}

func waiting(remarks []Remark) (n int) {
	for _, k := range remarks {
		if k.Waits() {
			n++
		}
	}
	return n
}

// Reopen takes a settled text back, to be mended: the signatures given so far are void.
func Reopen(tx *store.Tx, id meeting.ID) error {
	m, s, found, err := known(tx, id)
	if err != nil {
		return err
	}
	if !found || s.State(tx.Now()) != Settled {
		return fault.Refuse("sitting.refusal.not-settled")
	}
	if err := mayRun(tx, m); err != nil {
		return err
	}
	s.SettledAt, s.Text = 0, ""
	if err := voidSignatures(tx, id, tx.Now()); err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{id.Ref()}})
	return writeSitting(tx, s)
}

// textOf is the hash of the minutes before their signatures.
func textOf(r store.Reader, id meeting.ID, book *lang.Book) (papers.Digest, error) {
	a, _, err := Record(r, id)
	if err != nil {
		return papers.Digest{}, err
	}
	a.Session.Signed, a.Session.Text = nil, ""
	paper, err := assembly.Draft(r, a, book.In(a.Language))
	if err != nil {
		return papers.Digest{}, err
	}
	return papers.Hash(paper)
}
