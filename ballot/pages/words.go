package pages

import (
	"net/url"
	"strconv"

	"lieux/ballot"
	"lieux/base/lang"
	"lieux/base/web"
	"lieux/meeting"
)

// itemTitle is the title of a matter with the number of its item.
func itemTitle(p *lang.Printer, m meeting.Meeting, x meeting.Matter) string {
	return p.T("ballot.page.item", "number", itemOf(m, x.ID).Number) + ", " + x.Title
}

// chips are the matters that may be put to the vote.
func chips(links []web.Link) []web.Chip {
	list := make([]web.Chip, len(links))
	for i, l := range links {
		list[i] = web.Chip{Text: l.Text, Href: l.Href, Current: l.Current}
	}
	return list
}

// resultTitle is what the first part of a vote's page is called.
func resultTitle(p *lang.Printer, poll ballot.Poll) string {
	if poll.ClosedAt == 0 {
		return p.T("ballot.page.vote")
	}
	return p.T("ballot.view.result")
}

func available(poll ballot.Poll) int64 {
	n, _ := poll.Terms.Available.Get()
	return n
}

// sheetTitle and sheetNote say what a teller enters: a sheet of their own, or ballots of voters without a phone.
func sheetTitle(p *lang.Printer, page tellersPage) string {
	if page.Whose > 0 {
		return p.T("ballot.page.sheet.of", "name", page.Sheets[page.Whose-1].Name)
	}
	return p.T("ballot.page.sheet." + string(page.Poll.Method))
}
func sheetNote(p *lang.Printer, poll ballot.Poll) string {
	return p.T("ballot.page.sheet." + string(poll.Method) + ".note")
}

// queryOf is the search and page of a sheet, to come back to.
func queryOf(page tellersPage) string {
	values := url.Values{}
	if page.Search != "" {
		values.Set("q", page.Search)
	}
	if page.Pager.Page > 1 {
		values.Set("page", strconv.FormatInt(page.Pager.Page, 10))
	}
	if len(values) == 0 {
		return ""
	}
	return "?" + values.Encode()
}

// chosenBy is what is chosen in a field: as it was typed, or as it was entered before.
func chosenBy(form *web.Form, field, before string) string {
	if typed := form.Raw(field); typed != "" {
		return typed
	}
	return before
}

// ruling is the form of one decision among several on the page: with what was typed and what is wrong where it is the
// one that was sent, empty elsewhere.
func ruling(form *web.Form, field, value string) *web.Form {
	if form.Raw(field) == value && form.Raw("why") != "" || form.Has("why") && form.Raw(field) == value {
		return form
	}
	return web.NewForm(map[string][]string{"key": {form.Key()}})
}

// choiceWord is an answer in a word; of none that nothing was voted.
func choiceWord(p *lang.Printer, c string) string {
	if c == "" {
		return p.T("ballot.page.nothing")
	}
	return p.T("ballot.choice." + c)
}

func choiceOptions(p *lang.Printer) []web.Option {
	list := make([]web.Option, len(choices))
	for i, c := range choices {
		list[i] = web.Option{Value: string(c), Label: p.T("ballot.choice." + string(c))}
	}
	return list
}

// voteHeading is the question, or what has become of the ballot.
func voteHeading(p *lang.Printer, page votePage) string {
	switch page.Phase {
	case waiting:
		return p.T("ballot.vote.waiting")
	case deposited:
		return p.T("ballot.vote.deposited", "at", page.Receipt.At)
	case late:
		return p.T("ballot.vote.late")
	}
	return page.Matter.Title
}

// otherChoice is what was chosen otherwise for a carried holder; nothing while it is as the own votes.
func otherChoice(page votePage, field string, l paperLine) string {
	if page.same(l) {
		return page.Form.Raw(field)
	}
	return page.chosen(field, l.Choice)
}
