package offer

import (
	"embed"
	"encoding/json"
	"slices"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/store"
	"lieux/people"
	"lieux/register"
)

//go:embed schema/*.sql
var schema embed.FS

// Phrases are the room's catalogues.
//
//go:embed lang/*.json
var Phrases embed.FS

// Room is what the store needs to know.
var Room = store.Room{Name: "offer", Schema: schema, Witnesses: []store.Witness{
	{Kind: "offer-figure", Each: each(qFigures, scanFigure, func(f Figure) string { return f.ID })},
	{Kind: "offer-setting", Each: each(qSettings, scanSetting, func(s Setting) string { return s.ID })},
	{Kind: "offer-paper", Each: each(qPapers, scanPaper, func(p Paper) string { return p.ID })},
	{Kind: "campaign", Each: each(qFixed, scanCampaign, func(c Campaign) string { return string(c.ID) })},
	{Kind: "campaign-extension", Each: each(qAllExtensions, scanExtension, func(e Extension) string { return e.ID })},
	{Kind: "campaign-closing", Each: each(qClosings, scanClosing, func(c Closing) string { return string(c.Campaign) })},
}}

// each makes a witness from the rows of a table, which stand in the order of their ids.
func each[T any](q store.Query, scan func(store.Row) (T, error), id func(T) string) func(store.Reader,
	func(string, []byte) error) error {
	return func(r store.Reader, yield func(string, []byte) error) error {
		return store.Each(r, q, func(row store.Row) error {
			v, err := scan(row)
			if err != nil {
				return err
			}
			return yield(id(v), canonical(v))
		})
	}
}

// canonical is what the journal's seals commit to: every column of the row.
func canonical(v any) []byte {
	c, err := json.Marshal(v)
	fault.Must(err == nil, "canonical form: %v", err)
	return c
}

var (
	qFigures = store.Q(`SELECT id, threshold, cents, article, source, confidence, valid_from, decision, at, by_person
		FROM offer_figure ORDER BY id`)
	qInsertFigure = store.Q(`INSERT INTO offer_figure (id, threshold, cents, article, source, confidence, valid_from,
		decision, at, by_person) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`)
	qSettings = store.Q(`SELECT id, threshold, answer, since, decision, at, by_person FROM offer_setting
		ORDER BY id`)
	qInsertSetting = store.Q(`INSERT INTO offer_setting (id, threshold, answer, since, decision, at, by_person)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`)
	qPapers = store.Q(`SELECT id, kind, from_on, until_on, reference, decision, at, by_person FROM offer_paper
		ORDER BY id`)
	qInsertPaper = store.Q(`INSERT INTO offer_paper (id, kind, from_on, until_on, reference, decision, at, by_person)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`)
)

func scanFigure(r store.Row) (f Figure, err error) {
	return f, r.Scan(&f.ID, &f.Threshold, &f.Cents, &f.Article, &f.Source, &f.Confidence, &f.ValidFrom, &f.Decision,
		&f.At, &f.By)
}

func scanSetting(r store.Row) (s Setting, err error) {
	return s, r.Scan(&s.ID, &s.Threshold, &s.Answer, &s.Since, &s.Decision, &s.At, &s.By)
}

func scanPaper(r store.Row) (p Paper, err error) {
	return p, r.Scan(&p.ID, &p.Kind, &p.From, &p.Until, &p.Reference, &p.Decision, &p.At, &p.By)
}

func insertFigure(tx *store.Tx, f Figure) error {
	_, err := tx.Exec(qInsertFigure, f.ID, string(f.Threshold), int64(f.Cents), f.Article, f.Source, string(f.Confidence),
		f.ValidFrom.String(), string(f.Decision), int64(f.At), string(f.By))
	if err != nil {
		return err
	}
	return tx.Seal("offer-figure", f.ID, canonical(f))
}

func insertSetting(tx *store.Tx, s Setting) error {
	_, err := tx.Exec(qInsertSetting, s.ID, string(s.Threshold), string(s.Answer), s.Since.String(), string(s.Decision),
		int64(s.At), string(s.By))
	if err != nil {
		return err
	}
	return tx.Seal("offer-setting", s.ID, canonical(s))
}

func insertPaper(tx *store.Tx, p Paper) error {
	_, err := tx.Exec(qInsertPaper, p.ID, string(p.Kind), p.From.String(), p.Until.String(), p.Reference,
		string(p.Decision), int64(p.At), string(p.By))
	if err != nil {
		return err
	}
	return tx.Seal("offer-paper", p.ID, canonical(p))
}

const campaignColumns = `id, name, title, place, purpose, class, minimum, target, ceiling, per_investor, least, opens,
	closes, below, rule, made, by_person, fixed, decision`

var (
	qCampaigns      = store.Q(`SELECT ` + campaignColumns + ` FROM offer_campaign ORDER BY opens DESC, id DESC`)
	qFixed          = store.Q(`SELECT ` + campaignColumns + ` FROM offer_campaign WHERE fixed IS NOT NULL ORDER BY id`)
	qCampaign       = store.Q(`SELECT ` + campaignColumns + ` FROM offer_campaign WHERE id = $1`)
	qCampaignNamed  = store.Q(`SELECT ` + campaignColumns + ` FROM offer_campaign WHERE name = $1`)
	qInsertCampaign = store.Q(`INSERT INTO offer_campaign (` + campaignColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`)
	qDropCampaign = store.Q(`DELETE FROM offer_campaign WHERE id = $1 AND fixed IS NULL`)
	qExtensions   = store.Q(`SELECT id, campaign, closes, why, decision, at, by_person FROM offer_extension
		WHERE campaign = $1 ORDER BY id`)
	qAllExtensions = store.Q(`SELECT id, campaign, closes, why, decision, at, by_person FROM offer_extension
		ORDER BY id`)
	qInsertExtension = store.Q(`INSERT INTO offer_extension (id, campaign, closes, why, decision, at, by_person)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`)
)

const closingColumns = `campaign, on_day, outcome, nominal, room, rule, lines, why, decision, at, by_person`

var (
	qClosing       = store.Q(`SELECT ` + closingColumns + ` FROM offer_closing WHERE campaign = $1`)
	qClosings      = store.Q(`SELECT ` + closingColumns + ` FROM offer_closing ORDER BY campaign`)
	qInsertClosing = store.Q(`INSERT INTO offer_closing (` + closingColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`)
)

func scanCampaign(r store.Row) (c Campaign, err error) {
	var fixed *int64
	var decision *string
	err = r.Scan(&c.ID, &c.Name, &c.Title, &c.Place, &c.Purpose, &c.Class, &c.Minimum, &c.Target, &c.Ceiling,
		&c.PerInvestor, &c.Least, &c.Opens, &c.Closes, &c.Below, &c.Rule, &c.Made, &c.By, &fixed, &decision)
	if fixed != nil {
		c.Fixed = civil.Instant(*fixed)
	}
	if decision != nil {
		c.Decision = people.DecisionID(*decision)
	}
	return c, err
}

// putCampaign writes a campaign in the place of its draft. What is fixed never passes here again.
func putCampaign(tx *store.Tx, c Campaign) error {
	if _, err := tx.Exec(qDropCampaign, string(c.ID)); err != nil {
		return err
	}
	var fixed, decision any
	if c.Fixed != 0 {
		fixed, decision = int64(c.Fixed), string(c.Decision)
	}
	_, err := tx.Exec(qInsertCampaign, string(c.ID), c.Name, c.Title, c.Place, c.Purpose, string(c.Class),
		int64(c.Minimum), int64(c.Target), int64(c.Ceiling), int64(c.PerInvestor), c.Least, c.Opens.String(),
		c.Closes.String(), string(c.Below), string(c.Rule), int64(c.Made), string(c.By), fixed, decision)
	if err == nil && c.Fixed != 0 {
		err = tx.Seal("campaign", string(c.ID), canonical(c))
	}
	return err
}

func dropCampaign(tx *store.Tx, id CampaignID) error {
	_, err := tx.Exec(qDropCampaign, string(id))
	return err
}

// Campaigns lists every campaign, the one that opens last first.
func Campaigns(r store.Reader) ([]Campaign, error) {
	list, err := store.List(r, qCampaigns, scanCampaign)
	for i := range list {
		if err == nil {
			err = list[i].follow(r)
		}
	}
	return list, err
}

// CampaignByID reads a campaign; an unknown id is refused.
func CampaignByID(r store.Reader, id CampaignID) (Campaign, error) {
	c, found, err := store.Find(r, qCampaign, scanCampaign, string(id))
	if err == nil && !found {
		err = fault.Refuse("offer.refusal.unknown-campaign")
	}
	if err == nil {
		err = c.follow(r)
	}
	return c, err
}

// CampaignNamed finds the campaign of a public address.
func CampaignNamed(r store.Reader, name string) (c Campaign, found bool, err error) {
	c, found, err = store.Find(r, qCampaignNamed, scanCampaign, name)
	if err == nil && found {
		err = c.follow(r)
	}
	return c, found, err
}

// follow reads what was decided about a campaign after its terms were fixed.
func (c *Campaign) follow(r store.Reader) (err error) {
	if c.extensions, err = store.List(r, qExtensions, scanExtension, string(c.ID)); err != nil {
		return err
	}
	closing, closed, err := store.Find(r, qClosing, scanClosing, string(c.ID))
	if closed {
		c.closing = &closing
	}
	return err
}

func scanExtension(r store.Row) (e Extension, err error) {
	return e, r.Scan(&e.ID, &e.Campaign, &e.Closes, &e.Why, &e.Decision, &e.At, &e.By)
}

func insertExtension(tx *store.Tx, e Extension) error {
	_, err := tx.Exec(qInsertExtension, e.ID, string(e.Campaign), e.Closes.String(), e.Why, string(e.Decision),
		int64(e.At), string(e.By))
	if err != nil {
		return err
	}
	return tx.Seal("campaign-extension", e.ID, canonical(e))
}

func scanClosing(r store.Row) (c Closing, err error) {
	var lines string
	err = r.Scan(&c.Campaign, &c.On, &c.Outcome, &c.Nominal, &c.Room, &c.Rule, &lines, &c.Why, &c.Decision, &c.At, &c.By)
	if err == nil {
		err = json.Unmarshal([]byte(lines), &c.Lines)
	}
	return c, err
}

func insertClosing(tx *store.Tx, c Closing) error {
	lines := slices.Clone(c.Lines)
	if lines == nil {
		lines = []Given{}
	}
	c.Lines = lines
	_, err := tx.Exec(qInsertClosing, string(c.Campaign), c.On.String(), string(c.Outcome), int64(c.Nominal), c.Room,
		string(c.Rule), string(canonical(lines)), c.Why, string(c.Decision), int64(c.At), string(c.By))
	if err != nil {
		return err
	}
	return tx.Seal("campaign-closing", string(c.Campaign), canonical(c))
}

// issued are the movements by which shares came to be in a span of days, both included, without those that were
// corrected.
func issued(r store.Reader, from, to civil.Date) ([]register.Movement, error) {
	var list []register.Movement
	for year := from.Year(); year <= to.Year(); year++ {
		some, err := register.Movements(r, register.Search{Kind: register.Issued, Year: year, Oldest: true})
		if err != nil {
			return nil, err
		}
		for _, m := range some {
			if !m.Day.Before(from) && !m.Day.After(to) {
				list = append(list, m)
			}
		}
	}
	if len(list) == 0 {
		return nil, nil
	}
	undone, err := register.Movements(r, register.Search{Kind: register.Corrected})
	if err != nil {
		return nil, err
	}
	mended := map[register.MovementNumber]int64{}
	for _, m := range undone {
		mended[m.Corrects] += m.Shares
	}
	for i := range list {
		list[i].Shares += mended[list[i].Number]
	}
	return slices.DeleteFunc(list, func(m register.Movement) bool { return m.Shares <= 0 }), nil
}
