package app

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"lieux/assembly"
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/meeting"
	"lieux/people"
	"lieux/register"
)

// journalPage is how many lines a page of the journal shows; historyLines how many the history of one object does.
const (
	journalPage  = 50
	historyLines = 30
)

// labels are the words for the objects that lines of the journal are about.
type labels struct {
	p        *lang.Printer
	persons  map[people.PersonID]people.Person
	bodies   map[string]string
	meetings map[string]string
	classes  map[string]string
}

// labelsOf reads the words for the objects of some lines.
func labelsOf(r store.Reader, p *lang.Printer, entries []store.Entry) (*labels, error) {
	l := &labels{p: p, bodies: map[string]string{}, meetings: map[string]string{}, classes: map[string]string{}}
	var ids []people.PersonID
	for _, e := range entries {
		if e.Actor != "" {
			ids = append(ids, people.PersonID(e.Actor))
		}
		for _, ref := range e.About {
			if ref.Kind == "person" {
				ids = append(ids, people.PersonID(ref.ID))
			}
		}
	}
	slices.Sort(ids)
	var err error
	if l.persons, err = people.Names(r, slices.Compact(ids)); err != nil {
		return nil, err
	}
	bodies, err := people.Bodies(r)
	if err != nil {
		return nil, err
	}
	for _, b := range bodies {
		l.bodies[string(b.ID)] = b.Words(p)
	}
	meetings, err := assembly.All(r)
	if err != nil {
		return nil, err
	}
	for _, a := range meetings {
		l.meetings[string(a.ID)] = a.Name
	}
	living, err := meeting.All(r)
	if err != nil {
		return nil, err
	}
	for _, m := range living {
		l.meetings[string(m.ID)] = m.Title
	}
	classes, err := register.Classes(r)
	for _, c := range classes {
		l.classes[string(c.ID)] = c.Letter
	}
	return l, err
}

// of is the word for one object; empty for a kind that needs none.
func (l *labels) of(ref store.Ref) string {
	switch ref.Kind {
	case "person":
		if p, ok := l.persons[people.PersonID(ref.ID)]; ok {
			return p.Words(l.p)
		}
		return l.p.T("people.erased-person")
	case "body":
		return l.bodies[ref.ID]
	case "assembly", "meeting":
		return l.meetings[ref.ID]
	case "class":
		return l.classes[ref.ID]
	case "movement":
		return strings.TrimLeft(ref.ID, "0")
	}
	return ""
}

// words puts a line of the journal into words.
func (l *labels) words(e store.Entry) string {
	if e.ErasedBy > 0 {
		return l.p.T("app.journal.erased", "number", e.ErasedBy)
	}
	args := fault.Args{"actor": l.p.T("app.journal.system")}
	if e.Actor != "" {
		args["actor"] = lang.Capital(l.of(store.Ref{Kind: "person", ID: e.Actor}))
	}
	seen := map[string]int{}
	for _, ref := range e.About {
		name := ref.Kind
		if seen[ref.Kind]++; seen[ref.Kind] > 1 {
			name += strconv.Itoa(seen[ref.Kind])
		}
		args[name] = l.of(ref)
	}
	for name, v := range e.Args {
		name, v = argument(name, v)
		args[name] = v
	}
	code := "journal." + e.Verb
	if !l.p.Has(code) {
		return l.p.T("app.journal.other", "actor", args["actor"], "verb", e.Verb)
	}
	return l.p.Words(lang.Phrase{Code: code, Args: args})
}

// argument gives a stored argument its type back: _cents is money, _on a date, a number is whole.
func argument(name string, v any) (string, any) {
	if f, ok := v.(float64); ok {
		if plain, is := strings.CutSuffix(name, "_cents"); is {
			return plain, money.Cents(f)
		}
		return name, int64(f)
	}
	if m, ok := v.(map[string]any); ok && m["code"] != nil { // a phrase that the room left: "secrétariat"
		var said lang.Phrase
		if raw, err := json.Marshal(m); err == nil && json.Unmarshal(raw, &said) == nil {
			return name, said
		}
	}
	if s, ok := v.(string); ok {
		if plain, is := strings.CutSuffix(name, "_on"); is {
			var d civil.Date
			if d.UnmarshalText([]byte(s)) == nil {
				return plain, d
			}
		}
	}
	return name, v
}

// undoing are the verbs that are opposite entries: they get a diamond.
var undoing = map[string]bool{"register.correct": true, "register.undo": true, "people.unmerge": true,
	"people.correct-address": true, "people.rename": true, "works.reverse": true}

// events are lines of the journal as a timeline shows them.
func events(r store.Reader, p *lang.Printer, entries []store.Entry) ([]web.Event, error) {
	l, err := labelsOf(r, p, entries)
	if err != nil {
		return nil, err
	}
	list := make([]web.Event, len(entries))
	for i, e := range entries {
		list[i] = web.Event{When: p.Moment(e.At, r.Zone()), At: e.At.Time().In(r.Zone()).Format("2006-01-02T15:04"),
			Text: l.words(e), Undo: undoing[e.Verb]}
	}
	return list, nil
}

// history is what rooms' pages show of one object: its lines of the journal.
func (a *App) history(ctx context.Context, r store.Reader, ref store.Ref) (templ.Component, error) {
	entries, err := store.Entries(r, store.Filter{About: ref, Limit: historyLines})
	if err != nil || len(entries) == 0 {
		return nil, err
	}
	list, err := events(r, lang.From(ctx), entries)
	if err != nil {
		return nil, err
	}
	return web.Timeline(list), nil
}

// historyIn is history for pages that hand their printer over.
func (a *App) historyIn(p *lang.Printer, r store.Reader, ref store.Ref) (templ.Component, error) {
	return a.history(lang.With(r.Context(), p), r, ref)
}

// journalLine is one row of the journal's page.
type journalLine struct {
	number, when, at, text, hash string
	undo                         bool
}

func (a *App) journal(q *web.Request) error {
	before := q.QueryInt("before", 0, 1, 1<<60)
	var lines []journalLine
	var next, total int64
	err := a.db.View(q.Context(), func(v *store.View) error {
		head, err := store.Head(v)
		if err != nil {
			return err
		}
		total = head.Number
		entries, err := store.Entries(v, store.Filter{Before: before, Limit: journalPage})
		if err != nil {
			return err
		}
		l, err := labelsOf(v, q.P, entries)
		if err != nil {
			return err
		}
		for _, e := range entries {
			next = e.Number
			lines = append(lines, journalLine{number: q.P.Count(e.Number), when: q.P.Moment(e.At, v.Zone()), text: l.words(e),
				at: e.At.Time().In(v.Zone()).Format("2006-01-02T15:04"), hash: short(e.Hash[:]), undo: undoing[e.Verb]})
		}
		return nil
	})
	if err != nil {
		return err
	}
	if next == 1 {
		next = 0
	}
	kind, words := a.lastCheck(q.P)
	return q.Page(journalView(lines, q.P.Count(total), older(q, next), web.Badge(kind, words)))
}

func older(q *web.Request, before int64) string {
	if before == 0 {
		return ""
	}
	return q.URLWith("before", strconv.FormatInt(before, 10))
}

// short is the beginning of a hash as people compare it: 7f3a 91c2.
func short(hash []byte) string { return fmt.Sprintf("%x %x", hash[:2], hash[2:4]) }

// metrics and other plain answers.
func (a *App) robots(q *web.Request) error {
	q.W.Header().Set("Content-Type", "text/plain; charset=utf-8")
	q.W.WriteHeader(http.StatusOK)
	_, err := q.W.Write([]byte("User-agent: *\nAllow: /visit\nDisallow: /\nSitemap: " + a.links + "/visit/sitemap.xml\n"))
	return err
}
