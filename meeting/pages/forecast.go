package pages

import (
	"time"

	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/meeting"
	"lieux/meeting/view"
	"lieux/vote"
)

// forecastPage is what GET /meetings/{name}/forecast shows.
type forecastPage struct {
	Meeting             meeting.Meeting
	Zone                *time.Location
	Rows                []forecastLine
	Past                []pastLine
	Least, Median, Most string
	N                   int
	MaySpare            bool
}

// The lines of the page, in ready words.
type (
	forecastLine struct {
		Item, Title, Needed, Past, Chance, Href string
		Badge                                   web.Kind
		State                                   string
		Classes                                 []string // each class, where the rule asks its own quorum
	}
	pastLine struct{ Date, Href, Title, Heads, Shares string }
)

func (p Pages) forecast(q *web.Request) error {
	var page forecastPage
	err := p.DB.View(q.Context(), func(v *store.View) error {
		m, err := meetingIn(v, q)
		if err != nil {
			return err
		}
		page.Meeting, page.Zone = m, v.Zone()
		say, err := newSpeaker(v, q.P, m)
		if err != nil {
			return err
		}
		_, repeated, err := meeting.SecondOf(v, m.ID)
		if err != nil {
			return err
		}
		page.MaySpare, _ = say.spare(m, repeated)
		for _, item := range m.Items {
			for _, x := range item.Matters {
				if x.Decides() {
					page.Rows = append(page.Rows, say.forecastLine(m, item, x))
				}
			}
		}
		past, err := meeting.PastOf(v, m.Body)
		page.read(q.P, past)
		return err
	})
	if err != nil {
		return err
	}
	return q.Page(forecastView(page))
}

// read puts past attendance into words.
func (page *forecastPage) read(p *lang.Printer, past []meeting.Past) {
	for _, x := range past {
		line := pastLine{Date: p.Date(x.HeldOn), Title: x.Title, Href: "/assemblies/" + x.Name,
			Heads: whole(p, x.There.Heads), Shares: whole(p, x.There.Shares)}
		if n, known := x.PerMille(); known {
			line.Shares = p.T("meeting.forecast.part", "some", line.Shares, "percent", p.Percent(n, 1000))
		}
		if n, known := x.HeadsPerMille(); known {
			line.Heads = p.T("meeting.forecast.part", "some", line.Heads, "percent", p.Percent(n, 1000))
		}
		page.Past = append(page.Past, line)
	}
	least, median, most, n := meeting.Median(past)
	page.Least, page.Median, page.Most, page.N = p.Percent(least, 1000), p.Percent(median, 1000), p.Percent(most, 1000), n
}

// whole is a count, or the words for one that nobody knows.
func whole(p *lang.Printer, k vote.Known) string {
	if n, known := k.Get(); known {
		return p.Count(n)
	}
	return p.T("meeting.forecast.not-given")
}

func (s speaker) forecastLine(m meeting.Meeting, item meeting.Item, x meeting.Matter) forecastLine {
	p, f := s.p, s.forecasts[x.ID]
	line := forecastLine{Item: item.Number, Title: x.Title, Href: view.Path(m.Name) + "#matter-" + string(x.ID),
		Badge: web.Off, State: p.T("meeting.forecast." + string(f.Asked)), Needed: "–", Past: "–", Chance: "–"}
	if f.Asked != meeting.AskedPresent {
		return line
	}
	line.Needed = s.needed(f.Needed, f.Issued)
	for _, c := range f.Classes {
		line.Classes = append(line.Classes, s.ofClass(c))
	}
	line.Past = p.T("meeting.forecast.times", "reached", f.Reached, "n", f.Of)
	switch {
	case !f.Enough():
		line.State = p.T("meeting.forecast.too-few")
		return line
	case f.Doubtful():
		line.Badge, line.State = web.Wait, p.T("meeting.forecast.doubtful")
	default:
		line.Badge, line.State = web.Info, p.T("meeting.forecast.likely")
	}
	line.Chance = p.T("meeting.forecast.between", "low", p.Percent(f.Low, 1000), "high", p.Percent(f.High, 1000))
	return line
}

// ofClass says of one class how many must be there, and how often they were.
func (s speaker) ofClass(c meeting.ClassForecast) string {
	asked := s.needed(c.Needed, c.Issued)
	if !c.Enough() {
		return s.p.T("meeting.forecast.class.few", "class", c.Letter, "needed", asked, "n", c.Of)
	}
	return s.p.T("meeting.forecast.class", "class", c.Letter, "needed", asked, "reached", c.Reached, "n", c.Of,
		"low", s.p.Percent(c.Low, 1000), "high", s.p.Percent(c.High, 1000))
}

// needed is how many must be there: shares, heads, or both.
func (s speaker) needed(needed, of vote.Sides) string {
	var words []string
	if n, asked := needed.Shares.Get(); asked {
		issued, _ := of.Shares.Get()
		words = append(words, s.p.T("meeting.forecast.shares", "n", n, "issued", issued))
	}
	if n, asked := needed.Heads.Get(); asked {
		issued, _ := of.Heads.Get()
		words = append(words, s.p.T("meeting.forecast.heads", "n", n, "issued", issued))
	}
	return s.p.List(words)
}
