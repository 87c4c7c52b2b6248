package offer

import (
	"embed"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/people"
)

//go:embed data/law.json
var data embed.FS

var loadLaw = sync.OnceValues(func() (list []Figure, err error) {
	raw, err := data.ReadFile("data/law.json")
	if err != nil {
		return nil, err
	}
	var file struct {
		Figures []struct {
			Threshold  Threshold   `json:"threshold"`
			Cents      money.Cents `json:"cents"`
			Article    string      `json:"article"`
			Source     string      `json:"source"`
			Confidence Confidence  `json:"confidence"`
			ValidFrom  civil.Date  `json:"valid_from"`
		} `json:"figures"`
	}
	err = json.Unmarshal(raw, &file)
	for _, f := range file.Figures {
		list = append(list, Figure{Threshold: f.Threshold, Cents: f.Cents, Article: f.Article, Source: f.Source,
			Confidence: f.Confidence, ValidFrom: f.ValidFrom})
	}
	return list, err
})

// Law lists the figures that come with the program. The file is part of it: a test reads it.
func Law() []Figure {
	list, err := loadLaw()
	fault.Must(err == nil, "the figures of the public offer: %v", err)
	return slices.Clone(list)
}

// ParametersOf reads every figure, setting and document.
func ParametersOf(r store.Reader) (p Parameters, err error) {
	own, err := store.List(r, qFigures, scanFigure)
	if err != nil {
		return p, err
	}
	p.Figures = append(Law(), own...)
	if p.Settings, err = store.List(r, qSettings, scanSetting); err != nil {
		return p, err
	}
	p.Papers, err = store.List(r, qPapers, scanPaper)
	return p, err
}

// SourceWords names where a figure was read.
func (f Figure) SourceWords(p *lang.Printer) string {
	if f.Ours() {
		return p.T("offer.source." + f.Source)
	}
	return f.Source
}

// Limits of a parameter.
const (
	MaxArticle  = 80
	MaxSource   = 300
	MaxPlace    = 120
	maxAheadDay = 731 // days that a parameter may begin after it is written down
)

// tidy cleans a text of one line and refuses one that is too long, or missing.
func tidy(field, text string, limit int, rs *fault.Refusals) string {
	text = strings.Join(strings.Fields(text), " ")
	if text == "" || utf8.RuneCountInString(text) > limit {
		*rs = append(*rs, fault.Refuse("offer.refusal.text", "limit", limit).At(field))
	}
	return text
}

// decided refuses an act without a decision of the house.
func decided(r store.Reader, id people.DecisionID, rs *fault.Refusals) error {
	if id == "" {
		*rs = append(*rs, fault.Refuse("offer.refusal.no-decision").At("decision"))
		return nil
	}
	_, err := people.GetDecision(r, id)
	return err
}

// begins refuses a first day that is none, or too far ahead.
func begins(r store.Reader, field string, day civil.Date, rs *fault.Refusals) {
	if !day.IsDay() || day.After(r.Today().AddDays(maxAheadDay)) {
		*rs = append(*rs, fault.Refuse("offer.refusal.day").At(field))
	}
}

// AddFigure writes down a new amount of a threshold, from a day on, with the source in which it was read. What was
// valid before stays valid for the days before.
func AddFigure(tx *store.Tx, f Figure) (Figure, error) {
	var rs fault.Refusals
	f.Article = tidy("article", f.Article, MaxArticle, &rs)
	f.Source = tidy("source", f.Source, MaxSource, &rs)
	if !slices.Contains(Thresholds, f.Threshold) {
		rs = append(rs, fault.Refuse("offer.refusal.threshold").At("threshold"))
	}
	if f.Confidence != Read && f.Confidence != Told {
		rs = append(rs, fault.Refuse("offer.refusal.confidence").At("confidence"))
	}
	if f.Cents <= 0 || f.Cents > money.Max {
		rs = append(rs, fault.Refuse("offer.refusal.amount").At("cents"))
	}
	begins(tx, "valid-from", f.ValidFrom, &rs)
	if err := decided(tx, f.Decision, &rs); err != nil {
		return f, err
	}
	if err := rs.Err(); err != nil {
		return f, err
	}
	f.ID, f.At, f.By = tx.ID(), tx.Now(), people.PersonID(tx.Actor())
	tx.Record(store.Line{About: []store.Ref{f.Decision.Ref()}, Args: map[string]any{"threshold": f.Threshold.Words(),
		"limit_cents": int64(f.Cents), "since_on": f.ValidFrom.String(), "article": f.Article}})
	return f, insertFigure(tx, f)
}

// Decide sets what crossing a threshold does, from a day on.
func Decide(tx *store.Tx, s Setting) (Setting, error) {
	var rs fault.Refusals
	if !slices.Contains(Thresholds, s.Threshold) {
		rs = append(rs, fault.Refuse("offer.refusal.threshold").At("threshold"))
	}
	if !slices.Contains(Answers, s.Answer) {
		rs = append(rs, fault.Refuse("offer.refusal.answer").At("answer"))
	}
	begins(tx, "since", s.Since, &rs)
	if err := decided(tx, s.Decision, &rs); err != nil {
		return s, err
	}
	if err := rs.Err(); err != nil {
		return s, err
	}
	s.ID, s.At, s.By = tx.ID(), tx.Now(), people.PersonID(tx.Actor())
	tx.Record(store.Line{About: []store.Ref{s.Decision.Ref()}, Args: map[string]any{"threshold": s.Threshold.Words(),
		"answer": s.Answer.Words(), "since_on": s.Since.String()}})
	return s, insertSetting(tx, s)
}

// maxPaperDays is how long a document may cover an offer: a prospectus is valid for twelve months, and a day is left
// for those that count them otherwise.
const maxPaperDays = 367

// AddPaper writes down an information note or a prospectus that covers the offer from a day to another.
func AddPaper(tx *store.Tx, p Paper) (Paper, error) {
	var rs fault.Refusals
	p.Reference = tidy("reference", p.Reference, MaxSource, &rs)
	if !slices.Contains(PaperKinds, p.Kind) {
		rs = append(rs, fault.Refuse("offer.refusal.paper-kind").At("kind"))
	}
	begins(tx, "from", p.From, &rs)
	if !p.Until.IsDay() || p.Until.Before(p.From) || p.From.IsDay() && p.From.DaysUntil(p.Until) > maxPaperDays {
		rs = append(rs, fault.Refuse("offer.refusal.paper-days", "days", maxPaperDays).At("until"))
	}
	if err := decided(tx, p.Decision, &rs); err != nil {
		return p, err
	}
	if err := rs.Err(); err != nil {
		return p, err
	}
	p.ID, p.At, p.By = tx.ID(), tx.Now(), people.PersonID(tx.Actor())
	tx.Record(store.Line{About: []store.Ref{p.Decision.Ref()}, Args: map[string]any{"kind": p.Kind.Words(),
		"from_on": p.From.String(), "until_on": p.Until.String()}})
	return p, insertPaper(tx, p)
}
