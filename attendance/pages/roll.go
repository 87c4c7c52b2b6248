package pages

import (
	"cmp"
	"io"
	"iter"
	"slices"
	"strings"
	"time"

	"lieux/attendance"
	"lieux/base/civil"
	"lieux/base/fold"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/meeting"
	"lieux/people"
	peopleview "lieux/people/view"
	"lieux/register"
	"lieux/vote"
)

// rollPage is what GET /meetings/{name}/roll shows.
type rollPage struct {
	Meeting   meeting.Meeting
	Zone      *time.Location
	Form      *web.Form
	Frozen    bool
	Early     string
	May       bool
	Stands    bool
	ByShares  bool
	Facts     []web.Fact
	Columns   []web.Column
	Rows      []rollLine
	Totals    []web.Total
	Pager     web.Pager
	Exports   []web.Link
	Text      string
	Fixes     []web.Event
	Against   string // the day with which the roll is compared, YYYY-MM-DD
	AgainstOn string
	Joined    []diffLine
	Left      []diffLine
	Changed   []diffLine
	Compared  bool
}

type rollLine struct {
	Number, Name, Href, Shares, State, Correct string
	Kind                                       web.Kind
}

type diffLine struct{ Number, Name, What string }

// rollOf is the roll with the room and the names that a page or an export shows.
type rollOf struct {
	m      meeting.Meeting
	f      attendance.Frozen
	frozen bool
	claims map[int64]attendance.Claim
	afar   map[people.PersonID]bool
	say    speaker
}

// readRoll reads a roll with names of every holder; those who represent or carry one too.
func readRoll(r store.Reader, q *web.Request) (a rollOf, err error) {
	if a.m, err = meetingIn(r, q); err != nil {
		return a, err
	}
	if a.f, err = attendance.Expected(r, a.m); err != nil {
		return a, err
	}
	a.frozen = a.f.FrozenAt != 0
	room, err := attendance.RoomNow(r, a.m.ID)
	if err != nil {
		return a, err
	}
	a.claims, a.afar = map[int64]attendance.Claim{}, map[people.PersonID]bool{}
	var ids []people.PersonID
	for _, c := range room.Claims() {
		a.claims[c.Holder] = c
		ids = append(ids, c.Voter)
	}
	for _, v := range room.Voices {
		a.afar[v.Person] = v.Channel == attendance.Afar
	}
	for _, e := range a.f.Entries {
		ids = append(ids, e.Person)
	}
	for _, c := range a.f.Corrections {
		ids = append(ids, c.Person, c.By)
	}
	a.say, err = newSpeaker(r, q.P, ids)
	return a, err
}

// state says whether a holder is there, and by whom.
func (a rollOf) state(e attendance.Entry) (web.Kind, string) {
	c, there := a.claims[e.Holder]
	switch {
	case !there:
		return web.Off, a.say.p.T("attendance.page.away")
	case c.Title == vote.Proxy:
		return web.Info, a.say.p.T("attendance.page.roll.proxy", "person", a.say.person(c.Voter))
	case a.afar[c.Voter]:
		return web.Yes, a.say.p.T("attendance.page.roll.remote")
	case c.Title == vote.Body:
		return web.Yes, a.say.p.T("attendance.page.roll.body", "person", a.say.person(c.Voter))
	}
	return web.Yes, a.say.p.T("attendance.page.roll.present")
}

// chosen are the entries that a text means: by number, or by words that each begin a word of the name.
func (a rollOf) chosen(text string) []attendance.Entry {
	words := strings.Fields(fold.Text(text))
	if len(words) == 0 {
		return slices.Clone(a.f.Entries)
	}
	var out []attendance.Entry
	for _, e := range a.f.Entries {
		name := " " + fold.Text(a.say.person(e.Person))
		means := !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(name, " "+w) })
		if means || number(e.Holder) == text {
			out = append(out, e)
		}
	}
	return out
}

// sorted puts entries in an order.
func (a rollOf) sorted(list []attendance.Entry, by web.Sort) {
	slices.SortStableFunc(list, func(x, y attendance.Entry) int {
		c := 0
		switch by.Key {
		case "name":
			c = strings.Compare(a.say.persons[x.Person].Sort, a.say.persons[y.Person].Sort)
		case "shares":
			c = cmp.Compare(x.Shares, y.Shares)
		}
		if c == 0 {
			c = cmp.Compare(x.Holder, y.Holder)
		}
		if by.Down {
			return -c
		}
		return c
	})
}

func (p Pages) roll(q *web.Request) error {
	page := rollPage{Form: q.Blank(), Text: q.Query("q"), May: q.Who.May(keepers)}
	err := p.DB.View(q.Context(), func(v *store.View) error {
		a, err := readRoll(v, q)
		if err != nil {
			return err
		}
		page.Zone = v.Zone()
		page.fill(q, a)
		if !a.frozen {
			page.Early = early(q.P, a.m, v)
		}
		page.Fixes = fixes(v, a)
		return page.compare(v, q, a)
	})
	if err != nil {
		return err
	}
	return q.Page(rollView(page))
}

// fill puts the roll into the page.
func (page *rollPage) fill(q *web.Request, a rollOf) {
	page.Meeting, page.Frozen, page.Stands = a.m, a.frozen, !a.m.Over()
	heads, _ := a.f.Issued.Heads.Get()
	shares, _ := a.f.Issued.Shares.Get()
	page.ByShares = shares > 0
	page.Facts = []web.Fact{{Name: q.T("attendance.page.roll.day"), Text: q.P.Date(a.f.Day)},
		{Name: q.T("attendance.page.roll.voters"), Text: q.P.Count(heads)}}
	if page.ByShares {
		page.Facts = append(page.Facts, web.Fact{Name: q.T("attendance.page.roll.shares"), Text: q.P.Count(shares)})
	}
	if a.frozen {
		page.Facts = append(page.Facts, web.Fact{Name: q.T("attendance.page.roll.frozen"),
			Text: q.P.Moment(a.f.FrozenAt, page.Zone)})
	}
	if a.frozen && a.f.Through > 0 {
		page.Facts = append(page.Facts, web.Fact{Name: q.T("attendance.page.roll.through"),
			Text: q.T("attendance.page.no") + " " + a.f.Through.String()})
	}
	list, by := a.chosen(page.Text), q.Sort(web.Sort{Key: "number"}, "number", "name", "shares")
	a.sorted(list, by)
	columns := []web.Column{{Key: "number", Label: q.T("attendance.page.no"), Num: true},
		{Key: "name", Label: q.T("attendance.page.name")}}
	if page.ByShares {
		columns = append(columns, web.Column{Key: "shares", Label: q.T("attendance.page.roll.shares"), Num: true})
	}
	columns = append(columns, web.Column{Label: q.T("attendance.page.roll.state")})
	if page.mayCorrect() {
		columns = append(columns, web.Column{Label: q.T("attendance.page.correct"), Fold: true})
	}
	page.Columns = q.Columns(by, columns...)
	page.Pager = q.Pager(int64(len(list)), rowsPerPage)
	from := page.Pager.Offset()
	for _, e := range list[from:min(from+rowsPerPage, int64(len(list)))] {
		line := rollLine{Number: number(e.Holder), Name: a.say.listed(e.Person), Shares: q.P.Count(e.Shares),
			Href: doorPath(a.m) + "?person=" + string(e.Person)}
		if len(e.ByClass) > 1 {
			line.Shares += " (" + e.Classes + ")"
		}
		line.Kind, line.State = a.state(e)
		if page.mayCorrect() {
			line.Correct = rollPath(a.m) + "/corrections/new?holder=" + number(e.Holder)
		}
		page.Rows = append(page.Rows, line)
	}
	var sum int64
	for _, e := range list {
		sum += e.Shares
	}
	total := web.Total{Lead: 1, Label: q.T("attendance.page.roll.total", "n", len(list))}
	if page.ByShares {
		total.Cells = append(total.Cells, web.Cell{Text: q.P.Count(sum), Num: true,
			Label: q.T("attendance.page.roll.shares")})
	}
	for range len(page.Columns) - 2 - len(total.Cells) {
		total.Cells = append(total.Cells, web.Cell{})
	}
	page.Totals = []web.Total{total}
	page.Exports = []web.Link{{Text: "CSV", Href: rollPath(a.m) + ".csv"}, {Text: "XLSX", Href: rollPath(a.m) + ".xlsx"},
		{Text: "PDF", Href: listPath(a.m)}}
}

func (page *rollPage) mayCorrect() bool { return page.Frozen && page.Stands && page.May }

// fixes are the corrections, the newest first.
func fixes(r store.Reader, a rollOf) []web.Event {
	var list []web.Event
	for _, c := range slices.Backward(a.f.Corrections) {
		list = append(list, web.Event{When: a.say.p.Moment(c.At, r.Zone()), Undo: true,
			Text: a.say.p.Words(c.Words(a.say.person(c.Person)))})
	}
	return list
}

// compare reads who joined or left between a day and the roll; by default the day on which the letters left.
func (page *rollPage) compare(r store.Reader, q *web.Request, a rollOf) error {
	day, err := civil.Parse(q.Query("against"))
	if (err != nil || !day.IsDay()) && a.m.ConvenedAt != 0 {
		day = a.m.ConvenedAt.On(r.Zone())
	}
	if !day.IsDay() || day.After(r.Today()) {
		return nil
	}
	before, err := attendance.RollAt(r, a.m, day)
	if err != nil {
		return err
	}
	d := attendance.Compare(before.Entries, a.f.Entries)
	var ids []people.PersonID
	for _, e := range slices.Concat(d.Joined, d.Left) {
		ids = append(ids, e.Person)
	}
	for _, s := range d.Changed {
		ids = append(ids, s.Person)
	}
	say, err := newSpeaker(r, q.P, ids)
	if err != nil {
		return err
	}
	page.Compared, page.Against, page.AgainstOn = true, day.String(), q.P.Date(day)
	for _, e := range d.Joined {
		page.Joined = append(page.Joined, diffLine{number(e.Holder), say.listed(e.Person), sharesOf(q.P, e)})
	}
	for _, e := range d.Left {
		page.Left = append(page.Left, diffLine{number(e.Holder), say.listed(e.Person), sharesOf(q.P, e)})
	}
	for _, s := range d.Changed {
		page.Changed = append(page.Changed, diffLine{number(s.Holder), say.listed(s.Person),
			q.T("attendance.page.roll.from-to", "before", s.Before, "after", s.Entry.Shares)})
	}
	return nil
}

// freeze freezes the roll, and goes back to the page that asked.
func (p Pages) freeze(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	var m meeting.Meeting
	by := store.By(q.Who.Person, "attendance.freeze-roll").Once(form.Key())
	_, err = p.DB.Act(q.Context(), by, func(tx *store.Tx) error {
		var err error
		if m, err = meetingIn(tx, q); err == nil {
			_, err = attendance.FreezeRoll(tx, m.ID)
		}
		return err
	})
	if err != nil {
		return err
	}
	q.Flash(web.Yes, q.T("attendance.page.done.freeze"))
	if form.Raw("back") == "door" {
		return q.SeeOther("/meetings/" + q.Path("name") + "/door")
	}
	return q.SeeOther("/meetings/" + q.Path("name") + "/roll")
}

// export reads the whole roll and its rows for a file.
func (p Pages) export(q *web.Request) (a rollOf, head []string, rows iter.Seq[[]sheets.Cell], err error) {
	err = p.DB.View(q.Context(), func(v *store.View) (err error) {
		a, err = readRoll(v, q)
		return err
	})
	head = []string{q.T("attendance.page.no"), q.T("attendance.page.name"), q.T("attendance.page.roll.shares"),
		q.T("attendance.page.roll.classes"), q.T("attendance.page.roll.state")}
	return a, head, func(yield func([]sheets.Cell) bool) {
		for _, e := range a.f.Entries {
			_, state := a.state(e)
			if !yield([]sheets.Cell{sheets.Int(e.Holder), sheets.Text(a.say.listed(e.Person)), sheets.Int(e.Shares),
				sheets.Text(e.Classes), sheets.Text(state)}) {
				return
			}
		}
	}, err
}

func (p Pages) rollCSV(q *web.Request) error {
	a, head, rows, err := p.export(q)
	if err != nil {
		return err
	}
	return q.Download(a.m.Name+"-"+q.T("attendance.page.file.roll")+".csv", "text/csv; charset=utf-8",
		func(w io.Writer) error { return sheets.CSV(w, head, rows) })
}

func (p Pages) rollXLSX(q *web.Request) error {
	a, head, rows, err := p.export(q)
	if err != nil {
		return err
	}
	shares, _ := a.f.Issued.Shares.Get()
	page := sheets.Page{Name: a.m.Name, Head: head, Made: civil.At(p.DB.Now()), Totals: []sheets.Cell{sheets.Text(""),
		sheets.Text(q.T("attendance.page.roll.total", "n", len(a.f.Entries))), sheets.Int(shares), sheets.Text(""),
		sheets.Text("")}}
	return q.Download(a.m.Name+"-"+q.T("attendance.page.file.roll")+".xlsx",
		"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		func(w io.Writer) error { return sheets.XLSX(w, page, rows) })
}

// correctionPage is what GET /meetings/{name}/roll/corrections/new shows.
type correctionPage struct {
	Meeting  meeting.Meeting
	Zone     *time.Location
	Form     *web.Form
	ByShares bool
	Now      string // the line as it stands; empty when the holder is not on the roll
	Classes  []web.Option
	Person   peopleview.Choice
}

func (p Pages) newCorrection(q *web.Request) error {
	page := correctionPage{Form: q.Blank()}
	if n := q.QueryInt("holder", 0, 0, 1<<40); n > 0 {
		page.Form.Set("holder", number(n))
	}
	if err := p.DB.View(q.Context(), func(v *store.View) error { return page.read(v, q) }); err != nil {
		return err
	}
	return q.Page(correctionView(page))
}

// read fills the page of a correction: the line as it stands, and the classes where there are several.
func (page *correctionPage) read(r store.Reader, q *web.Request) (err error) {
	if page.Meeting, err = meetingIn(r, q); err != nil {
		return err
	}
	page.Zone = r.Zone()
	if page.ByShares, err = attendance.ByShares(r, page.Meeting); err != nil {
		return err
	}
	f, frozen, err := attendance.RollOf(r, page.Meeting.ID)
	if err != nil {
		return err
	}
	if !frozen {
		return web.NotFound
	}
	for _, e := range f.Entries {
		if number(e.Holder) == page.Form.Raw("holder") {
			say, err := newSpeaker(r, q.P, []people.PersonID{e.Person})
			if err != nil {
				return err
			}
			page.Now = q.T("attendance.page.correct.now", "number", number(e.Holder), "person", say.person(e.Person),
				"shares", sharesOf(q.P, e))
		}
	}
	if !page.ByShares {
		return nil
	}
	classes, err := register.Classes(r)
	if len(classes) > 1 {
		page.Classes = []web.Option{{Label: "–"}}
		for _, c := range classes {
			page.Classes = append(page.Classes, web.Option{Value: string(c.ID), Label: c.Letter + " – " + c.Name})
		}
	}
	return err
}

// correct writes a decision of the bureau about the roll.
func (p Pages) correct(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page := correctionPage{Form: form}
	if err := p.DB.View(q.Context(), func(v *store.View) error {
		if err := page.read(v, q); err != nil || page.ByShares || form.Raw("holder") != "" {
			return err
		}
		page.Person, err = peopleview.Pick(v, q.P, form, "person", true)
		return err
	}); err != nil {
		return err
	}
	c := attendance.Correction{Meeting: page.Meeting.ID, Person: page.Person.Person, Struck: form.Flag("struck"),
		Holder: form.Int("holder", 1, 1<<40), Class: register.ClassID(form.Raw("class")),
		Why: form.Lines("why", attendance.MaxWhy)}
	if page.ByShares && !c.Struck {
		c.Shares = form.NeedInt("shares", 1, vote.MaxShares)
	}
	done, err := p.act(q, form, "correct", func(tx *store.Tx) error { return attendance.Correct(tx, c) })
	if err != nil {
		return err
	}
	if !done {
		return q.Again(correctionView(page))
	}
	q.Flash(web.Yes, q.T("attendance.page.done.correct"))
	return q.SeeOther(rollPath(page.Meeting))
}
