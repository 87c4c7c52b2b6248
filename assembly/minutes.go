package assembly

import (
	"cmp"
	"slices"
	"strings"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/bylaws"
	"lieux/people"
	"lieux/vote"
)

// Minutes are the record of an assembly as a tree, with the names to draw it.
type Minutes struct {
	Paper    papers.Paper
	Names    papers.NameMap
	Hash     papers.Digest // zero while they are a draft
	FrozenAt civil.Instant
	FrozenBy people.PersonID
}

// Frozen says whether the tree is fixed.
func (m Minutes) Frozen() bool { return m.FrozenAt != 0 }

// MinutesOf reads the frozen minutes, or draws a draft from the record when they are not frozen yet. p writes in the
// assembly's language.
func MinutesOf(r store.Reader, a Assembly, book *lang.Book) (Minutes, error) {
	if m, found, err := frozen(r, a.ID); err != nil || found {
		return m, err
	}
	paper, err := Draft(r, a, book.In(a.Language))
	if err != nil {
		return Minutes{}, err
	}
	names, err := namesOf(r, papers.Persons(paper))
	return Minutes{Paper: paper, Names: names}, err
}

func namesOf(r store.Reader, ids []string) (papers.NameMap, error) {
	persons := make([]people.PersonID, len(ids))
	for i, id := range ids {
		persons[i] = people.PersonID(id)
	}
	known, err := people.Names(r, persons)
	if err != nil {
		return nil, err
	}
	names := papers.NameMap{}
	for id, p := range known {
		if full := p.Full(); full != "" {
			names[string(id)] = full
		}
	}
	return names, nil
}

func frozen(r store.Reader, id ID) (Minutes, bool, error) {
	var m Minutes
	var tree, hash string
	_, found, err := store.Find(r, qMinutes, func(row store.Row) (struct{}, error) {
		return struct{}{}, row.Scan(&tree, &hash, &m.FrozenAt, &m.FrozenBy)
	}, string(id))
	if err != nil || !found {
		return m, found, err
	}
	if m.Paper, err = papers.Decode([]byte(tree)); err != nil {
		return m, true, err
	}
	if m.Hash, err = papers.Hash(m.Paper); err != nil {
		return m, true, err
	}
	m.Names = papers.NameMap{}
	err = store.Each(r, qMinutesNames, func(row store.Row) error {
		var person, name string
		var salt []byte
		if err := row.Scan(&person, &salt, &name); err != nil {
			return err
		}
		m.Names[person] = name
		return nil
	}, string(id))
	return m, true, err
}

// Freeze fixes the minutes: the tree, its hash, and beside it the names that it commits to. Nothing changes it
// afterwards.
func Freeze(tx *store.Tx, id ID, book *lang.Book) (papers.Digest, error) {
	a, found, err := ByID(tx, id)
	switch {
	case err != nil:
		return papers.Digest{}, err
	case !found:
		return papers.Digest{}, fault.Refuse("assembly.refusal.unknown")
	}
	if _, there, err := frozen(tx, id); err != nil || there {
		if err == nil {
			err = fault.Refuse("assembly.refusal.frozen")
		}
		return papers.Digest{}, err
	}
	draft, err := Draft(tx, a, book.In(a.Language))
	if err != nil {
		return papers.Digest{}, err
	}
	names, err := namesOf(tx, papers.Persons(draft))
	if err != nil {
		return papers.Digest{}, err
	}
	paper, kept, err := papers.Seal(draft, names, tx.Dice())
	if err != nil {
		return papers.Digest{}, err
	}
	tree, err := papers.Encode(paper)
	if err != nil {
		return papers.Digest{}, err
	}
	digest, err := papers.Hash(paper)
	if err != nil {
		return papers.Digest{}, err
	}
	if _, err := tx.Exec(qInsertMinutes, string(id), string(tree), digest.String(), int64(tx.Now()),
		tx.Actor()); err != nil {
		return papers.Digest{}, err
	}
	for _, k := range kept {
		if _, err := tx.Exec(qInsertName, string(id), k.ID, k.Salt[:], k.Name); err != nil {
			return papers.Digest{}, err
		}
	}
	tx.Record(store.Line{About: []store.Ref{id.Ref()}, Args: map[string]any{"hash": digest.String()}})
	return digest, tx.Seal("minutes", string(id), tree)
}

// Forget erases the name of a person from frozen minutes and proofs of draws: what they commit to stays whole. It is
// people's erasure that calls it.
func Forget(tx *store.Tx, person people.PersonID) error {
	if _, err := tx.Exec(qForgetNames, string(person)); err != nil {
		return err
	}
	_, err := tx.Exec(qForgetOpening, string(person))
	return err
}

// writer puts a record into a tree.
type writer struct {
	p      *lang.Printer
	r      store.Reader
	a      Assembly
	rules  bylaws.Bylaws
	bodies map[people.BodyID]people.Body
	blocks papers.Blocks
}

// Draft writes the minutes of a record as a tree, in the language of the printer.
func Draft(r store.Reader, a Assembly, p *lang.Printer) (papers.Paper, error) {
	w := &writer{p: p, r: r, a: a, bodies: map[people.BodyID]people.Body{}}
	house, _, err := people.TheHouse(r)
	if err != nil {
		return papers.Paper{}, err
	}
	self, err := people.Get(r, house.Person)
	if err != nil {
		return papers.Paper{}, err
	}
	all, err := people.Bodies(r)
	if err != nil {
		return papers.Paper{}, err
	}
	for _, b := range all {
		w.bodies[b.ID] = b
	}
	if w.rules, err = bylaws.On(r, a.HeldOn); err != nil {
		return papers.Paper{}, err
	}
	title := "assembly.minutes.title"
	switch {
	case a.Session.ahead():
		title += ".ahead"
		w.ahead()
	case a.Session != nil:
		w.session()
	default:
		w.opening()
	}
	for _, item := range a.Items {
		if err := w.item(item); err != nil {
			return papers.Paper{}, err
		}
	}
	w.retainedTable()
	w.closing()
	w.adjourned()
	return papers.Paper{Kind: papers.Minutes, Lang: p.Tag, House: self.Full(),
		Title: p.T(title, "title", a.Title),
		Foot:  self.Full() + ", " + lowerFirst(a.Title), Blocks: w.blocks}, nil
}

func lowerFirst(s string) string {
	if s == "" {
		return s
	}
	r := []rune(s)
	return strings.ToLower(string(r[:1])) + string(r[1:])
}

func (w *writer) add(b papers.Block) { w.blocks = append(w.blocks, b) }

func (w *writer) say(code string, kv ...any) {
	w.add(papers.Paragraph{Words: papers.T(w.p.T(code, kv...))})
}

// opening says who was there.
func (w *writer) opening() {
	at := w.a.Attendance
	heads, h := at.Total.Heads.Get()
	shares, s := at.Total.Shares.Get()
	switch {
	case h && s:
		w.say("assembly.minutes.present-both", "n", heads, "shares", shares)
	case h:
		w.say("assembly.minutes.present-heads", "n", heads)
	}
	w.attendance()
}

// attendance is the table of heads and shares; what the record does not give is said, not left blank.
func (w *writer) attendance() {
	at := w.a.Attendance
	if at == (Attendance{}) {
		return
	}
	cell := func(k vote.Known) papers.Line {
		if n, ok := k.Get(); ok {
			return papers.T(w.p.Count(n))
		}
		return papers.T(w.p.T("assembly.minutes.not-given"))
	}
	row := func(code string, s vote.Sides) papers.Row {
		return papers.Row{papers.T(w.p.T(code)), cell(s.Heads), cell(s.Shares)}
	}
	t := papers.Table{Caption: papers.T(w.p.T("assembly.minutes.attendance")), Columns: []papers.Column{
		{Head: papers.T(w.p.T("assembly.minutes.quality")), Row: true, Weight: 3},
		{Head: papers.T(w.p.T("assembly.minutes.heads")), Align: papers.Right},
		{Head: papers.T(w.p.T("assembly.minutes.shares")), Align: papers.Right},
	}}
	t.Rows = []papers.Row{row("assembly.minutes.in-person", at.Present), row("assembly.minutes.by-proxy", at.Represented)}
	t.Totals = []papers.Row{row("assembly.minutes.total", at.Total)}
	w.add(t)
	if issued, ok := at.Issued.Shares.Get(); ok {
		if shares, ok := at.Total.Shares.Get(); ok {
			w.say("assembly.minutes.issued", "issued", issued, "percent", w.p.Percent(shares, issued))
		}
	} else {
		w.say("assembly.minutes.issued-unknown")
	}
}

func (w *writer) item(item Item) error {
	w.add(papers.Heading{Level: 2, Number: item.Number, Anchor: "item-" + anchor(item.Number),
		Words: papers.T(item.Title)})
	for _, m := range item.Matters {
		if err := w.matter(item, m); err != nil {
			return err
		}
	}
	for _, r := range w.a.Retained {
		if r.Item == item.ID {
			w.retained(item, r)
		}
	}
	return nil
}

func anchor(number string) string {
	return strings.Trim(strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9', r >= 'a' && r <= 'z':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return '-'
	}, number), "-")
}

func (w *writer) matter(item Item, m Matter) error {
	if m.Title != "" && m.Title != item.Title {
		w.add(papers.Heading{Level: 3, Words: papers.T(m.Title)})
	}
	if len(m.Presenters) > 0 {
		code := "assembly.minutes.presented-by"
		if w.a.Session.ahead() {
			code = "assembly.session.ahead.presents"
		}
		line := papers.L(w.p.T(code) + " ")
		w.add(papers.Paragraph{Words: append(w.persons(line, m.Presenters), papers.Inline{Text: "."})})
	}
	for _, paragraph := range strings.Split(m.Words, "\n\n") {
		if text := lang.OneLine(paragraph); text != "" {
			w.add(papers.Paragraph{Words: papers.T(text)})
		}
	}
	if len(m.Annexes) > 0 {
		titles := make([]string, len(m.Annexes))
		for i, x := range m.Annexes {
			titles[i] = x.Title
		}
		w.say("assembly.minutes.annexes", "n", len(titles), "titles", w.p.List(titles))
	}
	w.lived(m)
	switch {
	case w.a.Session.ahead():
	case w.a.Session != nil && m.open():
		w.undecided(m)
	case m.Kind.Changes():
		if err := w.change(m); err != nil {
			return err
		}
		w.report(m)
		w.decision(m)
	case m.Kind.Voted():
		w.decision(m)
	case m.Kind == Election:
		w.elected(m)
	case m.Kind == Draw:
		return w.drawn(m)
	case m.Stated == Presented:
		w.add(papers.Decision{Words: papers.T(w.p.T(w.code("assembly.minutes.presented." + noteOr(m.Kind))))})
	}
	return nil
}

// noteOr chooses the words for what is presented: a note says that it was not voted.
func noteOr(k Kind) string {
	if k == Note {
		return "note"
	}
	return "other"
}

// persons joins people as a sentence does: a, b et c.
func (w *writer) persons(line papers.Line, ids []people.PersonID) papers.Line {
	for i, id := range ids {
		switch {
		case i > 0 && i == len(ids)-1:
			line = append(line, papers.Inline{Text: " " + w.p.T("assembly.minutes.and") + " "})
		case i > 0:
			line = append(line, papers.Inline{Text: ", "})
		}
		line = append(line, papers.Who(string(id)))
	}
	return line
}

// decision writes how a vote ended, how far that was recomputed and, where figures were, the computation.
func (w *writer) decision(m Matter) {
	verdict := m.Outcome.Verdict()
	if verdict == "" {
		w.say("assembly.minutes.no-verdict")
		return
	}
	code := "assembly.minutes.decided." + string(m.Kind) + "." + string(verdict)
	if !w.p.Has(code) {
		code = "assembly.minutes.decided." + string(verdict)
	}
	words := w.p.T(w.code(code))
	if m.Ballot.Kind == vote.Unanimous {
		words = strings.TrimSuffix(words, ".") + ", " + w.p.T("assembly.minutes.unanimously") + "."
	}
	d := w.judged(papers.T(words), m.Outcome.Status, m.Outcome.Missing, m.Outcome.Against)
	o := m.Outcome
	counted := o.Status != vote.AsStated || o.Computed != "" || o.Weighing != nil
	if lines := w.reckoning(m, o.Reckoning); len(lines) > 0 && counted {
		w.add(papers.Reckoning{Lines: lines})
	}
	w.add(d)
}

// judged is a decision with how far it was recomputed, and what is missing or differs.
func (w *writer) judged(words papers.Line, status vote.Status, missing, against vote.List) papers.Decision {
	d := papers.Decision{Words: words, Standing: papers.Standing(status)}
	switch status {
	case vote.AsStated:
		d.Note = papers.T(w.p.Words(missing.Phrase()))
	case vote.Differs:
		d.Note = papers.T(w.p.Words(against.Phrase()))
	}
	return d
}

// reckoning sets the computation line by line; a line about a candidate begins with the name.
func (w *writer) reckoning(m Matter, r vote.Reckoning) []papers.ReckoningLine {
	lines := make([]papers.ReckoningLine, len(r))
	for i, l := range r {
		lines[i] = papers.ReckoningLine{Words: papers.T(w.p.Words(l.Say)), Article: l.Note(w.p)}
		if who := m.Candidate(l.Candidate); who != "" {
			lines[i].Words = papers.L(papers.Who(string(who)), ". "+w.p.Words(l.Say))
		}
		if l.Figure.Code != "" {
			lines[i].Figure = w.p.Words(l.Figure)
		}
	}
	return lines
}

// change shows the text before and after, and that it waits for its deed.
func (w *writer) change(m Matter) error {
	if m.Lived != nil && m.Outcome.Verdict() == vote.Adopted {
		w.say("assembly.minutes.pending")
	}
	if m.Amendment == "" || m.Lived != nil {
		return nil
	}
	a, found, err := bylaws.AmendmentByID(w.r, m.Amendment)
	if err != nil || !found {
		return err
	}
	for _, c := range a.Changes {
		w.add(papers.Paragraph{Words: papers.T(w.p.T("assembly.minutes.article", "article", c.Article))})
		w.add(papers.BeforeAfter{Before: c.Before, After: c.After})
	}
	w.say("assembly.minutes.pending")
	if a.Note != "" {
		w.add(papers.Paragraph{Words: papers.T(a.Note)})
	}
	return nil
}

// report says whether the board's justification of a change of purpose was there: where the law asks it, the decision
// is null without it.
func (w *writer) report(m Matter) {
	if m.Kind != PurposeChange {
		return
	}
	told := cmp.Or(m.Report, ReportUnknown)
	for _, rule := range w.rules.Layers(bylaws.Purpose.Majority()) {
		if rule.Layer == bylaws.MandatoryLaw {
			w.say("assembly.minutes.report."+string(told), "article", rule.Article)
			return
		}
	}
	w.say("assembly.minutes.report.before." + string(told)) // the law of that day has not been read
}

// elected says who was elected: with the count of each candidate where the record gives it, as stated where it does
// not.
func (w *writer) elected(m Matter) {
	body := w.bodies[m.Body].Words(w.p)
	line := papers.T(w.p.T("assembly.minutes.nobody-elected") + ".")
	if len(m.Elected) > 0 {
		line = append(w.persons(papers.L(w.p.T("assembly.minutes.elected", "body", body)+" "), m.Elected),
			papers.Inline{Text: "."})
	}
	if m.Poll == nil {
		w.add(papers.Decision{Words: line, Standing: papers.AsStated,
			Note: papers.T(w.p.T("assembly.minutes.missing-votes"))})
		return
	}
	o := m.Poll.Outcome
	if lines := w.reckoning(m, o.Reckoning); len(lines) > 0 {
		w.add(papers.Reckoning{Lines: lines})
	}
	if o.Status == vote.Open {
		w.say("assembly.minutes.election-open", "body", body, "what", o.Missing.Phrase())
		return
	}
	w.add(w.judged(line, o.Status, o.Missing, o.Against))
}

// drawn says who was drawn by lot, with the proof where the record has it. Without its proof a draw is as stated.
func (w *writer) drawn(m Matter) error {
	body := w.bodies[m.Body].Words(w.p)
	w.say("assembly.minutes.drawn", "body", body)
	d := papers.Decision{Words: papers.L(w.persons(papers.L(w.p.T("assembly.minutes.effective")+" "), m.Effective), ". ",
		w.persons(papers.L(w.p.T("assembly.minutes.substitutes")+" "), m.Substitutes), "."),
		Standing: papers.AsStated, Note: papers.T(w.p.T("assembly.minutes.missing-draw"))}
	if m.Evidence != nil {
		d.Standing, d.Note = papers.Recomputed, nil
	}
	w.add(d)
	if m.Evidence == nil {
		return nil
	}
	return w.box(*m.Evidence)
}

func (w *writer) owner(r Retained) string {
	if r.Owner != "" {
		return w.bodies[r.Owner].Words(w.p)
	}
	if r.OwnerWords != "" {
		return r.OwnerWords
	}
	return w.p.T("assembly.minutes.no-owner")
}

func (w *writer) retained(item Item, r Retained) {
	w.add(papers.Aside{Label: w.p.T("assembly.minutes.retained-after", "number", item.Number),
		Words: papers.L(papers.B(r.Title+"."), " "+r.Words)})
}

// retainedTable gathers what was retained: who acts, and when it comes back.
func (w *writer) retainedTable() {
	if len(w.a.Retained) == 0 {
		return
	}
	w.add(papers.Heading{Level: 2, Anchor: "retained", Words: papers.T(w.p.T("assembly.minutes.retained"))})
	t := papers.Table{Caption: papers.T(w.p.T("assembly.minutes.retained-caption")), Columns: []papers.Column{
		{Head: papers.T(w.p.T("assembly.minutes.after"))},
		{Head: papers.T(w.p.T("assembly.minutes.point")), Row: true, Weight: 4},
		{Head: papers.T(w.p.T("assembly.minutes.who")), Weight: 2},
		{Head: papers.T(w.p.T("assembly.minutes.due"))},
	}}
	for _, r := range w.a.Retained {
		due := w.p.T("assembly.minutes.no-due")
		if !r.DueOn.IsZero() {
			due = w.p.Date(r.DueOn)
		}
		t.Rows = append(t.Rows, papers.Row{papers.T(r.ItemNumber), papers.T(r.Title), papers.T(w.owner(r)), papers.T(due)})
	}
	w.add(t)
}

// closing says what the record does not give.
func (w *writer) closing() {
	for _, n := range w.a.Notes {
		w.add(papers.Hint{Words: papers.T(n)})
	}
}

// CheckNames compares the names kept beside frozen minutes with their commitments, and lists the persons whose name
// was altered by hand.
func CheckNames(r store.Reader, id ID) ([]string, error) {
	m, found, err := frozen(r, id)
	if err != nil || !found {
		return nil, err
	}
	var kept []papers.Sealed
	err = store.Each(r, qMinutesNames, func(row store.Row) error {
		var k papers.Sealed
		var salt []byte
		if err := row.Scan(&k.ID, &salt, &k.Name); err != nil {
			return err
		}
		if len(salt) == len(k.Salt) {
			k.Salt = papers.Salt(salt)
		}
		kept = append(kept, k)
		return nil
	}, string(id))
	return papers.CheckNames(m.Paper, kept), err
}

// AlteredNames lists, for `lieux check`, the names beside frozen minutes that are not those that the minutes commit
// to, and the hashes that are not those of their trees. A name that was erased is no finding.
func AlteredNames(r store.Reader) ([]store.Finding, error) {
	all, err := store.List(r, qMinutesByID, func(row store.Row) (m storedMinutes, err error) {
		return m, row.Scan(&m.id, &m.tree, &m.hash)
	})
	if err != nil {
		return nil, err
	}
	var found []store.Finding
	for _, m := range all {
		paper, err := papers.Decode([]byte(m.tree))
		if err != nil { // the seal tells that the tree was altered; here it cannot even be read
			found = append(found, store.Finding{Code: "minutes-unreadable", Kind: "minutes", ID: string(m.id)})
			continue
		}
		digest, err := papers.Hash(paper)
		if err != nil {
			return nil, err
		}
		if digest.String() != m.hash {
			found = append(found, store.Finding{Code: "minutes-hash", Kind: "minutes", ID: string(m.id),
				Detail: "the hash kept beside the minutes is not theirs"})
		}
		lost, err := lostNames(r, m.id, paper)
		if err != nil {
			return nil, err
		}
		found = append(found, lost...)
		persons, err := CheckNames(r, m.id)
		if err != nil {
			return nil, err
		}
		for _, person := range persons {
			found = append(found, store.Finding{Code: "name-altered", Kind: "minutes", ID: string(m.id),
				Detail: "the name of person " + person + " is not the one that the frozen minutes commit to"})
		}
	}
	return found, nil
}

// lostNames finds the persons of frozen minutes whose name was taken away although nobody erased them.
func lostNames(r store.Reader, id ID, paper papers.Paper) (found []store.Finding, err error) {
	m, _, err := frozen(r, id)
	if err != nil {
		return nil, err
	}
	for _, person := range papers.Persons(paper) {
		if _, kept := m.Names[person]; kept {
			continue
		}
		p, err := people.Get(r, people.PersonID(person))
		if err != nil && fault.Of(err) == nil {
			return nil, err
		}
		if err != nil || p.Erased.IsZero() {
			found = append(found, store.Finding{Code: "name-removed", Kind: "minutes", ID: string(id),
				Detail: "the name of person " + person + " is gone, and nobody erased that person"})
		}
	}
	return found, nil
}

// checks are AlteredNames as the store asks for it.
func checks(r store.Reader, found func(store.Finding)) error {
	list, err := AlteredNames(r)
	if err != nil {
		return err
	}
	proofs, err := alteredProofs(r)
	for _, f := range slices.Concat(list, proofs) {
		found(f)
	}
	return err
}

// storedMinutes is a row of frozen minutes.
type storedMinutes struct {
	id         ID
	tree, hash string
}
