package pages

import (
	_ "embed"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"lieux/assembly"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
)

// Example is a small record of an assembly with a comment at each field, offered for download. A test takes it in.
//
//go:embed example.yaml
var Example []byte

// filePage is what /assemblies/new-from-file shows: a form, and after a try what came of it.
type filePage struct {
	Form   *web.Form
	Faults []faultLine
	Result *tried
}

// faultLine is one refusal with the line of the file that it is about.
type faultLine struct {
	Line, What, Todo, Article, Field string
	Text                             string // the offending line; empty when the fault is of the whole file
}

// tried is what taking the file in would do, in ready words.
type tried struct {
	Facts    []web.Fact
	Outcomes []outcomeLine
	Lang     string
	Preview  templ.Component
}

type outcomeLine struct {
	Number string
	Matter matterView
}

func (p Pages) newFromFile(q *web.Request) error { return q.Page(fileView(filePage{Form: q.Blank()})) }

func (p Pages) example(q *web.Request) error {
	return q.Download("lieux-assembly.yaml", "application/yaml; charset=utf-8", func(w io.Writer) error {
		_, err := w.Write(Example)
		return err
	})
}

// errTried takes everything back at the end of a try.
var errTried = errors.New("tried, not taken in")

// try takes the file in and takes everything back, so that the person sees what would happen.
func (p Pages) try(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	text, err := textOf(form)
	if err != nil {
		return err
	}
	page := filePage{Form: q.Blank().Set("text", text)}
	if !form.OK() {
		page.Form = form
		return q.Again(fileView(page))
	}
	file, err := assembly.Parse(strings.NewReader(text))
	if err == nil {
		_, err = p.DB.Act(q.Context(), store.By(q.Who.Person, "assembly.take-in"), func(tx *store.Tx) error {
			report, err := assembly.TakeIn(tx, file)
			if err != nil {
				return err
			}
			if page.Result, err = p.resultOf(tx, report, q.P); err != nil {
				return err
			}
			return errTried
		})
	}
	switch {
	case errors.Is(err, errTried):
		return q.Page(fileView(page))
	case fault.Of(err) == nil:
		return err
	}
	page.Faults = faultLines(fault.Of(err), text, q.P)
	return q.Again(fileView(page))
}

// textOf is the file that was chosen, or the text that was pasted.
func textOf(form *web.Form) (string, error) {
	text := form.Raw("text")
	if file := form.File("file", assembly.MaxFile); file != nil {
		raw, err := io.ReadAll(io.LimitReader(file.Content, assembly.MaxFile+1))
		if err != nil {
			return "", err
		}
		text = string(raw)
	}
	if text = strings.ReplaceAll(text, "\r\n", "\n"); form.OK() && strings.TrimSpace(text) == "" {
		form.Problem(fault.Refuse("assembly.refusal.no-file").At("file"))
	}
	return text, nil
}

// takeIn takes the file in.
func (p Pages) takeIn(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	text, err := textOf(form)
	if err != nil {
		return err
	}
	page := filePage{Form: form}
	if !form.OK() {
		return q.Again(fileView(page))
	}
	file, err := assembly.Parse(strings.NewReader(text))
	if err == nil {
		var out store.Outcome
		by := store.By(q.Who.Person, "assembly.take-in").Once(form.Key())
		out, err = p.DB.Act(q.Context(), by, func(tx *store.Tx) error {
			report, err := assembly.TakeIn(tx, file)
			if err == nil {
				tx.Answer(pathOf(report.Assembly.Name))
			}
			return err
		})
		if err == nil {
			q.Flash(web.Yes, q.T("assembly.page.file.done"))
			return q.SeeOther(out.Answer)
		}
	}
	if fault.Of(err) == nil {
		return err
	}
	page.Form, page.Faults = q.Blank().Set("text", text), faultLines(fault.Of(err), text, q.P)
	return q.Again(fileView(page))
}

// maxShown bounds the line of a file that a refusal repeats.
const maxShown = 200

func faultLines(rs fault.Refusals, text string, p *lang.Printer) []faultLine {
	source := strings.Split(text, "\n")
	faults := make([]faultLine, len(rs))
	for i, r := range rs {
		line := faultLine{What: strings.TrimPrefix(p.Refusal(r), p.Line(r.Line)), Todo: p.Todo(r), Article: p.Cite(r.Article),
			Field: r.Field}
		if r.Line > 0 && r.Line <= len(source) {
			line.Line = p.T("assembly.page.file.line", "line", r.Line)
			shown := []rune(strings.ToValidUTF8(strings.TrimSpace(source[r.Line-1]), "\ufffd"))
			line.Text = string(shown[:min(len(shown), maxShown)])
		}
		faults[i] = line
	}
	return faults
}

// resultOf puts into words what the act has made, before it is taken back.
func (p Pages) resultOf(tx *store.Tx, report *assembly.Report, words *lang.Printer) (*tried, error) {
	a := report.Assembly
	say, err := newSpeaker(tx, words, slices.Concat(personsOf(a), report.NewPersons, report.KnownPersons))
	if err != nil {
		return nil, err
	}
	views, err := itemViews(tx, a, say)
	if err != nil {
		return nil, err
	}
	result := &tried{Lang: string(a.Language), Facts: reportFacts(report, say)}
	for _, item := range views {
		for _, m := range item.Matters {
			if m.Title == "" {
				m.Title = item.Title
			}
			result.Outcomes = append(result.Outcomes, outcomeLine{item.Number, m})
		}
	}
	paper, err := assembly.Draft(tx, a, p.Book.In(a.Language))
	if err != nil {
		return nil, err
	}
	names := papers.NameMap{}
	persons := make([]people.PersonID, 0)
	for _, id := range papers.Persons(paper) {
		persons = append(persons, people.PersonID(id))
	}
	known, err := people.Names(tx, persons)
	for id, person := range known {
		names[string(id)] = person.Full()
	}
	result.Preview = sheet(assembly.Minutes{Paper: paper, Names: names})
	return result, err
}

// reportFacts say what would be made.
func reportFacts(report *assembly.Report, say speaker) []web.Fact {
	p, a := say.p, report.Assembly
	matters, amendments := 0, 0
	for _, item := range a.Items {
		for _, m := range item.Matters {
			if matters++; m.Amendment != "" {
				amendments++
			}
		}
	}
	orNone := func(words string) string {
		if words == "" || words == "0" {
			return p.T("assembly.page.file.none")
		}
		return words
	}
	bodies := make([]string, len(report.NewBodies))
	for i, b := range report.NewBodies {
		bodies[i] = say.bodies[b].Words(p)
	}
	facts := []web.Fact{
		{Name: p.T("assembly.page.file.assembly"), Text: a.Title + " (" + a.Name + ")"},
		{Name: p.T("assembly.page.file.held"), Text: p.Date(a.HeldOn)},
		{Name: p.T("assembly.page.file.attendance"), Text: attended(a, p)},
		{Name: p.T("assembly.page.agenda"), Text: p.Count(int64(matters)) + " " +
			p.T("assembly.page.figure.matters", "n", matters, "items", len(a.Items))},
		{Name: p.T("assembly.page.file.persons"), Text: orNone(say.everybody(report.NewPersons))},
		{Name: p.T("assembly.page.file.known"), Text: orNone(say.everybody(report.KnownPersons))},
		{Name: p.T("assembly.page.file.bodies"), Text: orNone(p.List(bodies))},
		{Name: p.T("assembly.page.file.seats"), Text: orNone(p.Count(int64(report.Seats)))},
		{Name: p.T("assembly.page.file.amendments"), Text: orNone(p.Count(int64(amendments)))},
		{Name: p.T("assembly.page.file.points"), Text: orNone(p.Count(int64(len(a.Retained))))},
	}
	if report.Differs {
		heads, shares := report.Computed.Heads, report.Computed.Shares
		facts = append(facts, web.Fact{Name: p.T("assembly.page.list"),
			Text: p.T("assembly.page.list-differs", "heads", heads.String(), "shares", shares.String())})
	}
	return facts
}

// attended says in one sentence who was there.
func attended(a assembly.Assembly, p *lang.Printer) string {
	total := a.Attendance.Total
	heads, h := total.Heads.Get()
	shares, s := total.Shares.Get()
	switch {
	case !h:
		return p.T("assembly.page.attended-unknown")
	case s:
		return p.T("assembly.page.attended-both", "n", heads, "shares", shares)
	}
	return p.T("assembly.page.attended", "n", heads)
}

// textRows gives a long text room to be corrected in.
func textRows(form *web.Form) int {
	if strings.Count(form.Raw("text"), "\n") > 12 {
		return 24
	}
	return 8
}
