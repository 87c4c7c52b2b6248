package pages

import (
	"slices"
	"strconv"

	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/bylaws"
	"lieux/offer"
	"lieux/people"
	"lieux/register"
	"lieux/subscription"
)

// entry is the form for a request, in the order of the paper: the same for the public, the office, a member and a sheet
// of paper.
type entry struct {
	Form      *web.Form
	Channel   subscription.Channel
	Classes   []web.Option
	Campaigns []web.Option
	Campaign  string // the purpose of the one that is open
	Consents  []consent
	Mentions  []string
	Limits    []web.Line // of each class its price and what one person may have of it, then those of all together
	Qualities string     // which classes ask for a quality
	Amount    string
	Person    string // the member who asks for more, by name; empty: the form describes somebody
	Number    int64  // of the sheet of paper
	OGM       string
	Scan      string // name of a scan that came with a filled form
	Langs     []web.Option
	Today     string
	Why       bool // a correction says why
}

// consent is a text that is agreed to, word by word.
type consent struct {
	Field, Version string
	Label          string
	Words          string
	From           string
}

func consentField(k people.ConsentKind) string { return "consent-" + string(k) }

// entry reads what the form offers to choose from.
func (s *screens) entry(q *web.Request, r store.Reader, form *web.Form, channel subscription.Channel) (entry, error) {
	page := entry{Form: form, Channel: channel, Today: r.Today().String()}
	classes, err := register.Classes(r)
	if err != nil {
		return page, err
	}
	var qualities []string
	for _, c := range classes {
		page.Classes = append(page.Classes, web.Option{Value: string(c.ID), Label: q.T("subscription.page.class.of",
			"class", c.Letter, "name", c.Name, "nominal", c.Nominal)})
		if c.Quality != "" {
			qualities = append(qualities, q.T("subscription.page.quality.of", "class", c.Letter, "quality", c.Quality))
		}
	}
	page.Qualities = q.P.List(qualities)
	if len(page.Classes) > 0 && form.Raw("class") == "" {
		form.Set("class", page.Classes[0].Value)
	}
	if page.Limits, err = limits(q.P, r, classes); err != nil {
		return page, err
	}
	if err := page.offered(q, r); err != nil {
		return page, err
	}
	tag := q.P.Tag
	if chosen := form.Raw("language"); lang.Known(chosen) {
		tag = lang.Tag(chosen)
	}
	texts, err := subscription.Texts(r, tag)
	if err != nil {
		return page, err
	}
	for _, t := range texts {
		page.Consents = append(page.Consents, consent{Field: consentField(t.Kind), Version: t.ID,
			Label: q.T("subscription.page.agree." + string(t.Kind)), Words: t.Words, From: q.P.Date(t.From)})
	}
	for _, tag := range lang.Tags {
		page.Langs = append(page.Langs, web.Option{Value: string(tag), Label: lang.Capital(q.P.Words(people.LangWords(tag)))})
	}
	page.Amount = amountWords(q.P, classes, form.Raw("class"), form.Raw("shares"))
	return page, nil
}

// limits say before anything is typed what the rules will: the price of a share of each class, how many of it one
// person may have, and how many of all together.
func limits(p *lang.Printer, r store.Reader, classes []register.ShareClass) (list []web.Line, err error) {
	bounds := func(code string, least, most int64, nominal money.Cents) string {
		switch {
		case least > 1 && most > 0:
			return p.T(code+"both", "least", least, "most", most, "from", money.Cents(least)*nominal,
				"to", money.Cents(most)*nominal)
		case most > 0:
			return p.T(code+"most", "n", most, "to", money.Cents(most)*nominal)
		case least > 1:
			return p.T(code+"least", "n", least, "from", money.Cents(least)*nominal)
		}
		return ""
	}
	for _, c := range classes {
		line := web.Line{Text: p.T("subscription.page.class.of", "class", c.Letter, "name", c.Name, "nominal", c.Nominal)}
		if own := bounds("subscription.page.limit.", c.Least, c.Most, c.Nominal); own != "" {
			line.Text, line.Article = line.Text+own, c.Article
		}
		list = append(list, line)
	}
	rules, err := bylaws.On(r, r.Today())
	if err != nil {
		return nil, err
	}
	holding, known := rules.Holding()
	rule, _ := rules.Rule(bylaws.KeyHolding)
	if !known {
		return list, nil
	}
	if all := bounds("subscription.page.limit.all.", holding.Least, holding.Most, 0); all != "" {
		list = append(list, web.Line{Text: all, Article: rule.Article})
	}
	if !holding.Part.IsZero() {
		list = append(list, web.Line{Text: p.T("subscription.page.limit.all.part", "part", holding.Part.String()),
			Article: rule.Article})
	}
	return list, nil
}

// offered reads the campaigns that are open, and what every public document must say.
func (page *entry) offered(q *web.Request, r store.Reader) error {
	all, err := offer.Campaigns(r)
	if err != nil {
		return err
	}
	for _, c := range all {
		if c.State(r.Today()) != offer.Open {
			continue
		}
		page.Campaigns = append(page.Campaigns, web.Option{Value: string(c.ID), Label: c.Title})
		if c.Least > 1 {
			page.Limits = append(page.Limits, web.Line{Text: q.T("subscription.page.limit.campaign.least", "campaign", c.Title,
				"n", c.Least)})
		}
		if c.PerInvestor > 0 {
			page.Limits = append(page.Limits, web.Line{Text: q.T("subscription.page.limit.campaign.most", "campaign", c.Title,
				"most", c.PerInvestor)})
		}
		if page.Campaign == "" {
			page.Campaign = c.Purpose
		}
		if q.Query("campaign") == c.Name {
			page.Form.Set("campaign", string(c.ID))
		}
	}
	if len(page.Campaigns) > 0 && page.Form.Raw("campaign") == "" && page.Channel == subscription.Online {
		page.Form.Set("campaign", page.Campaigns[0].Value)
	}
	mentions, err := offer.Mentions(r, r.Today())
	for _, m := range mentions {
		page.Mentions = append(page.Mentions, q.P.Words(m))
	}
	return err
}

// amountWords is what so many shares of a class cost, as one types.
func amountWords(p *lang.Printer, classes []register.ShareClass, class, shares string) string {
	n, err := strconv.ParseInt(shares, 10, 64)
	i := slices.IndexFunc(classes, func(c register.ShareClass) bool { return string(c.ID) == class })
	if err != nil || n < 1 || n > subscription.MaxShares || i < 0 {
		return ""
	}
	return p.T("subscription.page.amount.of", "n", n, "nominal", classes[i].Nominal,
		"amount", money.Cents(n)*classes[i].Nominal)
}

// amount answers what so many shares cost, beside the field in which they are typed.
func (s *screens) amount(q *web.Request) error {
	words, err := look(q, s.DB, func(r store.Reader) (string, error) {
		classes, err := register.Classes(r)
		return amountWords(q.P, classes, q.Query("class"), q.Query("shares")), err
	})
	if err != nil {
		return err
	}
	return q.Page(amountView(words))
}

// someone reads the fields of one person; their names begin with a prefix.
func someone(form *web.Form, prefix string) subscription.Someone {
	line := func(name string) string {
		if prefix != "" {
			name = prefix + "-" + name
		}
		return form.Text(name, subscription.MaxPlain)
	}
	return subscription.Someone{Kind: people.Natural, Given: line("given"), Family: line("family"), Name: line("name"),
		Form: line("form"), Enterprise: line("enterprise"), Quality: line("quality"), Email: line("email"),
		Phone: line("phone"), Street: line("street"), Postcode: line("postcode"), Town: line("town"),
		Country: line("country"), IBAN: line("iban")}
}

// draft reads the form. Fields that read as nothing are noted in it.
func draft(form *web.Form, channel subscription.Channel, tag lang.Tag) subscription.Draft {
	d := subscription.Draft{Channel: channel, Language: tag, Class: register.ClassID(form.Text("class", 10)),
		Shares: form.NeedInt("shares", 1, subscription.MaxShares), Campaign: form.Text("campaign", 60),
		Purpose: subscription.Self}
	if p := form.Raw("purpose"); p != "" {
		d.Purpose = subscription.Purpose(form.Text("purpose", 20))
	}
	if l := form.Raw("language"); lang.Known(l) {
		d.Language = lang.Tag(l)
	}
	a := someone(form, "")
	a.Birth = form.PartialDate("birth")
	a.Quality = ""
	if form.Raw("kind") == string(people.Legal) {
		a.Kind = people.Legal
	}
	d.Typed = subscription.Typed{Applicant: a, Second: someone(form, "second"), Payer: someone(form, "payer"),
		Quality: form.Text("quality", subscription.MaxPlain), Message: form.Lines("message", subscription.MaxMessage)}
	for _, kind := range subscription.Required {
		if form.Flag(consentField(kind)) {
			d.Typed.Consents = append(d.Typed.Consents, form.Text(consentField(kind)+"-version", 60))
		}
	}
	return d
}

// fill shows a request in the form, to be corrected.
func fill(form *web.Form, q subscription.Request) {
	put := func(prefix string, who subscription.Someone) {
		if prefix != "" {
			prefix += "-"
		}
		for name, value := range map[string]string{"given": who.Given, "family": who.Family, "name": who.Name,
			"form": who.Form, "enterprise": who.Enterprise, "email": who.Email, "phone": who.Phone, "street": who.Street,
			"postcode": who.Postcode, "town": who.Town, "country": who.Country, "iban": who.IBAN, "quality": who.Quality} {
			form.Set(prefix+name, value)
		}
	}
	put("", q.Typed.Applicant)
	put("second", q.Typed.Second)
	put("payer", q.Typed.Payer)
	form.Set("kind", string(q.Typed.Applicant.Kind)).Set("birth", q.Typed.Applicant.Birth.String()).
		Set("quality", q.Typed.Quality).Set("message", q.Typed.Message).Set("purpose", string(q.Purpose)).
		Set("class", string(q.Class)).Set("shares", strconv.FormatInt(q.Shares, 10)).Set("campaign", q.Campaign).
		Set("language", string(q.Language)).Set("signed-on", q.SignedOn.String())
	for _, kind := range subscription.Required {
		form.Set(consentField(kind), "yes")
	}
}

// member reads the number of a cooperator who asks for more, as the paper has it; empty for none.
func member(r store.Reader, form *web.Form) (people.PersonID, error) {
	n := form.Int("member", 1, 1<<40)
	if n == 0 {
		return "", nil
	}
	c, err := register.CooperatorNumbered(r, register.Number(n))
	if rs := fault.Of(err); len(rs) > 0 {
		for _, one := range rs {
			form.Problem(one.At("member"))
		}
		return "", nil
	}
	return c.Person, err
}

// problems are what the rules say of a draft, noted in the form.
func problems(r store.Reader, form *web.Form, d subscription.Draft) error {
	rs, err := subscription.Check(r, d)
	for _, one := range rs {
		form.Problem(one)
	}
	return err
}
