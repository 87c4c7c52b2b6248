package pages

import (
	"slices"

	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/concession"
	"lieux/people"
	"lieux/places"
)

// evalRow is one evaluation of a list.
type evalRow struct {
	concession.Evaluation
	Href, Place string
	Mine        bool // who is at the keyboard evaluates
	Due         civil.Date
}

// evalsPage is what GET /evaluations shows.
type evalsPage struct {
	Rows  []evalRow
	Chips []web.Chip
	Pager web.Pager
	Waits []web.Due
	Any   bool
}

func (p Pages) evaluations(q *web.Request) error {
	page, err := view(q, p.DB, func(r store.Reader) (page evalsPage, err error) {
		all, err := seenAmong(q, r)
		if err != nil {
			return page, err
		}
		page.Any = len(all) > 0
		counts, show := map[concession.Stage]int64{}, concession.Stage(q.Query("stage"))
		var list []evalRow
		for _, e := range all {
			counts[e.Stage()]++
			if show == "" || e.Stage() == show {
				list = append(list, e)
			}
		}
		page.Chips = []web.Chip{{Text: q.T("concession.page.show"), Count: q.P.Count(int64(len(all))),
			Href: q.URLWith("stage", ""), Current: show == ""}}
		for _, s := range concession.Stages {
			if counts[s] > 0 || s == show {
				page.Chips = append(page.Chips, web.Chip{Text: capital(q.P, s.Words()), Count: q.P.Count(counts[s]),
					Href: q.URLWith("stage", string(s)), Current: s == show})
			}
		}
		page.Pager = q.Pager(int64(len(list)), pageSize)
		from := page.Pager.Offset()
		page.Rows = list[from:min(from+pageSize, int64(len(list)))]
		for i := range page.Rows {
			place, err := places.PlaceByID(r, places.PlaceID(page.Rows[i].Place), places.Now(r))
			if err != nil {
				return page, err
			}
			page.Rows[i].Place = place.Title
		}
		page.Waits, err = Awaited(q, r)
		return page, err
	})
	if err != nil {
		return err
	}
	return q.Page(evalsView(page))
}

// seenAmong are the evaluations that who is at the keyboard may see, the latest first, each with the id of its place.
// Who sits is looked for only in those that are open before a committee in which one has a mandate.
func seenAmong(q *web.Request, r store.Reader) (list []evalRow, err error) {
	all, err := concession.Stands(r)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	heads, err := concession.Heads(r)
	if err != nil {
		return nil, err
	}
	run := map[concession.ID]bool{}
	if q.Who.May(web.Manager) {
		managed, err := acting(q).Managed(r)
		if err != nil {
			return nil, err
		}
		for _, c := range managed {
			run[c.ID] = true
		}
	}
	bodies, err := committeesOf(q, r)
	if err != nil {
		return nil, err
	}
	for _, e := range all {
		row := evalRow{Evaluation: e, Href: pathOfEval(e), Place: string(heads[e.Concession].Place),
			Due: e.AdviseBy(r.Zone())}
		sees := run[e.Concession] || q.Who.May(web.Staff) || q.Who.May(web.Member) && e.Stage() == concession.Closed
		if bodies[e.Body] && (!sees || e.Stage() == concession.Asking) {
			full, err := concession.EvaluationByID(r, e.ID)
			if err != nil {
				return nil, err
			}
			s, err := seenBy(q, r, full)
			if err != nil {
				return nil, err
			}
			sees, row.Mine = sees || s.any(), s.sits && e.Stage() == concession.Asking
		}
		if sees {
			list = append(list, row)
		}
	}
	return list, nil
}

// committeesOf are the bodies in which who is at the keyboard has a mandate today, as themselves.
func committeesOf(q *web.Request, r store.Reader) (map[people.BodyID]bool, error) {
	bodies := map[people.BodyID]bool{}
	if q.Who.For.ID != "" || !q.Who.May(web.Member) {
		return bodies, nil
	}
	mandates, err := people.Across(r, people.PersonID(q.Who.Person), people.MandatesOf)
	for _, m := range mandates {
		if m.On(r.Today()) {
			bodies[m.Body] = true
		}
	}
	return bodies, err
}

// sight is what of an evaluation who is at the keyboard may see.
type sight struct {
	of                 concession.Concession
	staff, sits, panel bool // panel: has a mandate, also who stepped aside
	manager, everybody bool // everybody: a member, of an evaluation that is over
	seats              []concession.Seat
	who                people.PersonID
}

func (s sight) any() bool { return s.staff || s.sits || s.panel || s.manager || s.everybody }

// answers says whether the answers may be read: by the house and who evaluates at once, by the manager when they are
// closed, by members when the advice is given.
func (s sight) answers(e concession.Evaluation) bool {
	return s.staff || s.sits || s.everybody || s.manager && e.Stage() != concession.Asking
}

// fees says whether one reads what single occupants pay.
func (s sight) fees() bool { return s.staff || s.sits || s.panel || s.manager }

// told is a report as one may read it.
func (s sight) told(rep concession.Report) concession.Report {
	if !s.fees() {
		rep.Evaluation.Readings = concession.Discreet(rep.Evaluation.Readings)
	}
	return rep
}

// seenBy says what who is at the keyboard may see of an evaluation.
func seenBy(q *web.Request, r store.Reader, e concession.Evaluation) (s sight, err error) {
	if s.of, err = concession.ByID(r, e.Concession, places.Now(r)); err != nil {
		return s, err
	}
	if s.manager, err = runs(q, r, s.of); err != nil {
		return s, err
	}
	if !q.Who.May(web.Member) {
		return s, nil
	}
	s.staff = q.Who.May(web.Staff)
	s.everybody = e.Stage() == concession.Closed
	s.who = people.PersonID(q.Who.Person)
	if s.seats, err = concession.PanelOn(r, e, r.Today()); err != nil {
		return s, err
	}
	for _, seat := range s.seats {
		if seat.Person == s.who && q.Who.For.ID == "" {
			s.panel = true
			s.sits = s.sits || seat.Sits()
		}
	}
	return s, nil
}

// evaluated reads the evaluation of an address, for who may see it.
func evaluated(q *web.Request, r store.Reader) (e concession.Evaluation, s sight, err error) {
	n, err := asked(q)
	if err != nil {
		return e, s, err
	}
	if e, err = concession.EvaluationNumbered(r, n); err != nil {
		return e, s, missing(err)
	}
	if s, err = seenBy(q, r, e); err == nil && !s.any() {
		err = web.NotFound
	}
	return e, s, err
}

// evalPage is what GET /evaluations/{number} shows.
type evalPage struct {
	concession.Report
	Form     *web.Form
	Sight    sight
	Facts    []web.Fact
	Articles []evalArticle
	Visits   []visitRow
	Seats    []seatRow
	General  []concession.Entry // replies to all of it
	Advised  []concession.Entry
	Left     int      // questions that who is at the keyboard has not answered
	Silent   []string // who evaluates and has not answered all, with how many questions are left
	Open     []string // questions that nobody has answered
	Unwaited string   // why the evaluation was sent without them
	SendBy   string
	ReplyBy  string
	AdviseBy string
	Heard    bool // the committee may advise
	Reply    []web.Option
}

type seatRow struct {
	Name, Role, Words string
	Badge             web.Kind
}

// evalArticle is one article with what was counted, answered and replied.
type evalArticle struct {
	concession.Article
	Readings  []readingRow
	Questions []questionRow
	Replies   []concession.Entry
}

type readingRow struct {
	concession.Reading
	Name, Value, Target, How string
	Badge                    web.Kind
	Met                      string
}

type questionRow struct {
	Question string
	Answers  []answerRow
}

type answerRow struct{ Who, Mark, Words string }

type visitRow struct {
	On, Present, Words string
	Photos             []string // addresses
}

func readingRows(p *lang.Printer, list []concession.Reading, article int) (rows []readingRow) {
	for _, d := range list {
		if d.Article != article {
			continue
		}
		row := readingRow{Reading: d, Name: capital(p, d.Kind.Words()), Target: concession.TargetWords(p, d.Target),
			How: concession.HowWords(p, d), Badge: web.Off, Met: p.T("concession.page.not-counted")}
		if d.Known {
			row.Badge, row.Met = web.No, p.T("concession.page.not-met")
			if d.Met() {
				row.Badge, row.Met = web.Yes, p.T("concession.page.met")
			}
		}
		if d.Told() {
			row.Value = p.Words(d.Kind.Say(d.Value))
		}
		rows = append(rows, row)
	}
	return rows
}

func (p Pages) readEvaluation(q *web.Request, form *web.Form) (evalPage, error) {
	return view(q, p.DB, func(r store.Reader) (page evalPage, err error) {
		page.Form = form
		e, s, err := evaluated(q, r)
		if err != nil {
			return page, err
		}
		page.Sight = s
		if page.Report, err = concession.ReportOf(r, e.ID); err != nil {
			return page, err
		}
		page.Report = s.told(page.Report)
		name := func(id people.PersonID) string { return page.Names[id].Words(q.P) }
		page.seats(q.P, name)
		page.articles(q.P, s.answers(e), name)
		page.silent(q.P, name)
		page.SendBy, page.AdviseBy = q.P.Date(e.SendBy()), q.P.Date(e.AdviseBy(p.DB.Zone()))
		if by := e.ReplyBy(p.DB.Zone()); !by.IsZero() {
			page.ReplyBy = q.P.Date(by)
			page.Heard = len(e.Of(concession.Replied)) > 0 || by.Before(r.Today())
		}
		page.Facts = evalFacts(q, page)
		page.Reply = []web.Option{{Value: "-1", Label: q.T("concession.page.reply.all")}}
		for i, a := range page.Charter.Articles {
			page.Reply = append(page.Reply, web.Option{Value: number(int64(i)),
				Label: q.T("concession.page.article", "number", a.Number, "title", a.Title)})
		}
		if !s.answers(e) {
			return page, nil
		}
		for _, x := range e.Of(concession.Visited) {
			v := visitRow{On: q.P.LongDate(x.On), Words: x.Words}
			var present []string
			for _, who := range x.Present {
				present = append(present, name(who))
			}
			v.Present = q.P.List(present)
			for _, id := range x.Photos {
				v.Photos = append(v.Photos, pathOfEval(e)+"/photos/"+id)
			}
			page.Visits = append(page.Visits, v)
		}
		page.Advised = e.Of(concession.Advised)
		return page, nil
	})
}

// seats are the members with whether they evaluate, and why not.
func (page *evalPage) seats(p *lang.Printer, name func(people.PersonID) string) {
	for _, s := range page.Report.Seats {
		row := seatRow{Name: name(s.Person), Role: capital(p, s.Title(page.Committee.Kind)), Badge: web.Off,
			Words: p.T("concession.page.seat.waits")}
		switch {
		case s.Aside != "":
			row.Words = p.T("concession.page.seat.aside", "reason", s.Aside.Words())
		case s.For != "":
			row.Badge, row.Words = web.Yes, p.T("concession.page.seat.for", "name", name(s.For))
		case s.Sits():
			row.Badge, row.Words = web.Yes, p.T("concession.page.seat.sits")
		}
		page.Seats = append(page.Seats, row)
	}
}

// silent are those who have not answered all: today while members answer, then as the submission says.
func (page *evalPage) silent(p *lang.Printer, name func(people.PersonID) string) {
	e := page.Evaluation
	told := func(who people.PersonID, left int) {
		page.Silent = append(page.Silent, p.T("concession.page.silent.one", "name", name(who), "n", left))
	}
	if e.Stage() == concession.Asking {
		var members []concession.Silence
		members, page.Open = e.Silent(page.Charter, page.Report.Seats)
		for _, m := range members {
			told(m.Person, m.Left)
		}
		return
	}
	for _, x := range e.Of(concession.Submitted) {
		page.Unwaited = x.Words
		for _, who := range x.Present {
			told(who, e.Left(page.Charter, who))
		}
	}
}

// articles put what was said under each article; left counts what the reader has not answered.
func (page *evalPage) articles(p *lang.Printer, all bool, name func(people.PersonID) string) {
	e := page.Evaluation
	for i, a := range page.Charter.Articles {
		row := evalArticle{Article: a, Readings: readingRows(p, e.Readings, i)}
		for j, question := range a.Questions {
			answers := e.Answers(int64(i), int64(j))
			if page.Sight.sits && !slices.ContainsFunc(answers, func(x concession.Entry) bool {
				return x.Person == page.Sight.who
			}) {
				page.Left++
			}
			line := questionRow{Question: question}
			for _, x := range answers {
				if all {
					line.Answers = append(line.Answers, answerRow{name(x.Person), capital(p, concession.Mark(x.Mark).Words()),
						x.Words})
				}
			}
			row.Questions = append(row.Questions, line)
		}
		for _, x := range e.Of(concession.Replied) {
			if x.Article == int64(i) && all {
				row.Replies = append(row.Replies, x)
			}
		}
		page.Articles = append(page.Articles, row)
	}
	for _, x := range e.Of(concession.Replied) {
		if x.Article < 0 && all {
			page.General = append(page.General, x)
		}
	}
}

func evalFacts(q *web.Request, page evalPage) (facts []web.Fact) {
	e := page.Evaluation
	add := func(code, text string) {
		facts = append(facts, web.Fact{Name: q.T("concession.report." + code), Text: text})
	}
	add("manager", page.Manager)
	if page.Concession.State.Binds() {
		add("term", q.T("concession.report.span", "from", page.Concession.First, "until", page.Concession.Last))
	}
	add("period", q.T("concession.report.span", "from", e.From, "until", e.Until))
	add("charter", q.T("concession.report.charter-version", "number", page.Charter.Number, "day",
		page.Charter.Adopted.On))
	if e.Stage() == concession.Asking {
		add("send-by", page.SendBy)
	}
	if page.ReplyBy != "" {
		add("reply-by", page.ReplyBy)
	}
	add("due", page.AdviseBy)
	return facts
}

func (p Pages) evaluation(q *web.Request) error {
	page, err := p.readEvaluation(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(evalView(page))
}

// openingPage is the form by which an evaluation is opened.
type openingPage struct {
	row
	Form     *web.Form
	Bodies   []web.Option
	Readings []readingRow // as they would be today
	Charter  concession.Charter
}

func (p Pages) openingPage(q *web.Request, form *web.Form) (openingPage, error) {
	return view(q, p.DB, func(r store.Reader) (page openingPage, err error) {
		page.Form = form
		c, err := numbered(q, r)
		if err != nil {
			return page, err
		}
		if page.row, err = rowOf(q, r, c); err != nil {
			return page, err
		}
		if page.Bodies, err = committees(r, q.P); err != nil {
			return page, err
		}
		charter, found, err := concession.CharterOn(r, r.Today())
		if err != nil || !found || !c.Runs(r.Today()) {
			return page, err
		}
		page.Charter = charter
		if form.Raw("body") == "" {
			cal, err := concession.CalendarOf(r)
			if err != nil {
				return page, err
			}
			form.Set("body", string(cal.Committee)).Set("from", c.First.First().String()).Set("until", r.Today().String())
		}
		readings, err := concession.Readings(r, c, charter, c.First.First(), r.Today())
		for i := range charter.Articles {
			page.Readings = append(page.Readings, readingRows(q.P, readings, i)...)
		}
		return page, err
	})
}

func (p Pages) beforeOpening(q *web.Request) error {
	page, err := p.openingPage(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(openingView(page))
}

func (p Pages) openEvaluation(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := p.openingPage(q, form)
	if err != nil {
		return err
	}
	o := concession.Opening{Concession: page.Concession.ID, Body: people.BodyID(form.Need("body", 40)),
		From: form.NeedDate("from"), Until: form.NeedDate("until"), DueOn: form.Date("due")}
	return p.acted(q, form, "evaluate", func(tx *store.Tx) error {
		id, err := concession.OpenEvaluation(tx, o)
		if err != nil {
			return err
		}
		e, err := concession.EvaluationByID(tx, id)
		tx.Answer(number(e.Number))
		return err
	}, func(answer string) string { return pathEvaluations + "/" + answer }, func() error {
		return q.Again(openingView(page))
	})
}

// questionsPage is the form of a member's answers, made for a telephone.
type questionsPage struct {
	evalPage
	Marks []web.Option
}

// sitting reads an evaluation for who evaluates; nobody else has its forms.
func (p Pages) sitting(q *web.Request, form *web.Form) (evalPage, error) {
	page, err := p.readEvaluation(q, form)
	if err == nil && (!page.Sight.sits || page.Evaluation.Stage() != concession.Asking) {
		err = web.NotFound
	}
	return page, err
}

func markOptions(p *lang.Printer) []web.Option {
	return worded(p, concession.Marks, concession.Mark.Words)
}

func (p Pages) questions(q *web.Request) error {
	form := q.Blank()
	page, err := p.sitting(q, form)
	if err != nil {
		return err
	}
	for _, x := range page.Evaluation.Of(concession.Answered) {
		if x.Person == page.Sight.who {
			field := concession.Field(x.Article, x.Question)
			form.Set(field, x.Mark).Set(field+"-words", x.Words)
		}
	}
	return q.Page(questionsView(questionsPage{page, markOptions(q.P)}))
}

func (p Pages) answer(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := p.sitting(q, form)
	if err != nil {
		return err
	}
	var given []concession.Given
	for i, a := range page.Articles {
		for j := range a.Questions {
			field := concession.Field(int64(i), int64(j))
			given = append(given, concession.Given{Article: int64(i), Question: int64(j),
				Mark:  concession.Mark(form.Text(field, 20)),
				Words: form.Lines(field+"-words", concession.MaxWords)})
		}
	}
	id, who := page.Evaluation.ID, people.PersonID(q.Who.Person)
	return p.acted(q, form, "answer", func(tx *store.Tx) error { return concession.Answer(tx, id, who, given) },
		always(pathOfEval(page.Evaluation)), func() error {
			return q.Again(questionsView(questionsPage{page, markOptions(q.P)}))
		})
}

// visitPage is the form of a visit.
type visitPage struct {
	evalPage
	Present []web.Option
}

func (page evalPage) present() (options []web.Option) {
	for i, s := range page.Report.Seats {
		if s.Sits() {
			options = append(options, web.Option{Value: string(s.Person), Label: page.Seats[i].Name})
		}
	}
	return options
}

func (p Pages) blankVisit(q *web.Request) error {
	form := q.Blank()
	page, err := p.sitting(q, form)
	if err != nil {
		return err
	}
	form.Set("on", p.DB.Today().String()).SetAll("present", []string{string(page.Sight.who)})
	return q.Page(visitView(visitPage{page, page.present()}))
}

// photoFields is how many photographs the form of a visit takes.
const photoFields = 3

func (p Pages) visit(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := p.sitting(q, form)
	if err != nil {
		return err
	}
	v := concession.Visit{On: form.NeedDate("on"), Words: form.Lines("words", concession.MaxWords)}
	var all []string
	for _, o := range page.present() {
		all = append(all, o.Value)
	}
	for _, id := range form.Choices("present", all...) {
		v.Present = append(v.Present, people.PersonID(id))
	}
	var photos []*documents.Upload
	for i := range photoFields {
		u, err := upload(form, at("photo", i))
		if err != nil {
			return err
		}
		if u != nil {
			photos = append(photos, u)
		}
	}
	id, who := page.Evaluation.ID, people.PersonID(q.Who.Person)
	return p.acted(q, form, "visit", func(tx *store.Tx) error {
		for _, u := range photos {
			d, err := documents.Add(tx, u)
			if err != nil {
				return err
			}
			v.Photos = append(v.Photos, d.ID)
		}
		return concession.NoteVisit(tx, id, who, v)
	}, always(pathOfEval(page.Evaluation)), func() error { return q.Again(visitView(visitPage{page, page.present()})) })
}

// photo shows a photograph of a visit to who may read the answers.
func (p Pages) photo(q *web.Request) error {
	d, err := view(q, p.DB, func(r store.Reader) (d documents.Document, err error) {
		e, s, err := evaluated(q, r)
		if err != nil {
			return d, err
		}
		ours := slices.ContainsFunc(e.Of(concession.Visited), func(x concession.Entry) bool {
			return slices.Contains(x.Photos, q.Path("id"))
		})
		d, found, err := documents.Find(r, q.Path("id"))
		if err == nil && (!found || !ours || !s.answers(e)) {
			err = web.NotFound
		}
		return d, err
	})
	if err != nil {
		return err
	}
	return p.send(q, d)
}

// said does an act of one field on an evaluation and shows its page again when it is refused.
func (p Pages) said(q *web.Request, verb string, fn func(*store.Tx, concession.EvaluationID, *web.Form) error) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := p.readEvaluation(q, form)
	if err != nil {
		return err
	}
	return p.acted(q, form, verb, func(tx *store.Tx) error { return fn(tx, page.Evaluation.ID, form) },
		always(pathOfEval(page.Evaluation)), func() error { return q.Again(evalView(page)) })
}

func (p Pages) aside(q *web.Request) error {
	return p.said(q, "aside", func(tx *store.Tx, id concession.EvaluationID, form *web.Form) error {
		return concession.StepAside(tx, id, people.PersonID(q.Who.Person), form.Lines("why", concession.MaxWords))
	})
}

func (p Pages) submit(q *web.Request) error {
	return p.said(q, "submit", func(tx *store.Tx, id concession.EvaluationID, form *web.Form) error {
		return concession.Submit(tx, id, people.PersonID(q.Who.Person), form.Lines("submit-why", concession.MaxWords))
	})
}

func (p Pages) advise(q *web.Request) error {
	return p.said(q, "advise", func(tx *store.Tx, id concession.EvaluationID, form *web.Form) error {
		return concession.Advise(tx, id, people.PersonID(q.Who.Person), concession.Advice(form.Text("advice", 20)),
			form.Lines("words", concession.MaxWords))
	})
}

func (p Pages) reply(q *web.Request) error {
	return p.said(q, "reply", func(tx *store.Tx, id concession.EvaluationID, form *web.Form) error {
		return concession.Reply(tx, id, acting(q), form.Int("article", -1, concession.MaxArticles),
			form.Lines("reply", concession.MaxWords))
	})
}

func (p Pages) drop(q *web.Request) error {
	return p.said(q, "drop", func(tx *store.Tx, id concession.EvaluationID, form *web.Form) error {
		err := concession.Drop(tx, id, form.Lines("drop-why", concession.MaxWords))
		if no := fault.Of(err); len(no) == 1 && no[0].Field == "why" {
			return no[0].At("drop-why")
		}
		return err
	})
}
