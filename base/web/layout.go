package web

import (
	"context"
	"io"
	"net/url"

	"github.com/a-h/templ"

	"lieux/base/fault"
	"lieux/base/lang"
)

// The paths that every page of the house points to; the application gives their routes, but for PathLanguage, which
// is ours.
const (
	PathHome     = "/"
	PathSignIn   = "/sign-in"  // GET; ?next= is where to go after
	PathSignOut  = "/sign-out" // POST
	PathSearch   = "/search"   // GET ?q=
	PathLanguage = "/language" // GET ?to=nl&back=/path
)

// Head is what a page says of itself.
type Head struct {
	Title   string          // of the window, and of the page unless Heading is given
	Heading string          // the h1, when it differs from the title
	Eyebrow string          // the line above the h1
	Lede    string          // what the page lets one know, in two sentences
	Station Step            // the step of the circle where the page stands; empty when it stands beside the circle
	Section string          // address of the entry of the second menu that is current
	Sub     []Link          // second menu of a page beside the circle; otherwise the station's is taken
	Actions templ.Component // buttons and links on the right of the h1
	Bare    bool            // without menu, search and second menu: sign-in, set-up, a page for a visitor
	Live    bool            // loads htmx and what live parts need
	Keys    bool            // loads what passkeys need
}

// Step is a station of the yearly circle.
type Step string

// The seven stations, in the order of the year.
const (
	Gather    Step = "gather"
	Decide    Step = "decide"
	Build     Step = "build"
	Entrust   Step = "entrust"
	Occupy    Step = "occupy"
	Cooperate Step = "cooperate"
	Account   Step = "account"
)

// Circle lists the stations in the order of the year.
var Circle = []Step{Gather, Decide, Build, Entrust, Occupy, Cooperate, Account}

// Name is the station's name in the reader's language.
func (s Step) Name(p *lang.Printer) string { return p.T("web.station." + string(s)) }

// Chrome is what surrounds every page: the application fills it for each request that draws one.
type Chrome struct {
	Coop        string    // name of the cooperative
	Seat        string    // its town, beside the name in the footer; may be empty
	Stations    []Station // the circle as the menu; a station left out is drawn as plain text
	NoSearch    bool      // the person may search nothing: no search field in the masthead
	Me          string    // address of the person's own page; empty: the name is no link
	Foot        []Link    // links of the footer: journal, settings, help
	Journal     string    // first signs of the journal's head: "7f3a 91c2"; empty: none
	JournalHref string    // address of the journal; empty: no link
	Ask         string    // whom to ask for an access: "Lieve Claes, secretariat@example.be"; empty: the secretariat
	Banner      string    // a line above everything, as in the demonstration; empty: none
}

// Station is a step of the circle as the menu shows it to one person.
type Station struct {
	Step    Step
	Href    string // empty: the station has no page yet, or none for this person
	Waiting int64  // how many things wait there
	Sub     []Link // its second menu
}

// Link is a link in a list.
type Link struct {
	Text, Href string
	Current    bool
}

// frame is what a page needs to know of its request; it travels in the context.
type frame struct {
	who     Who
	url     *url.URL
	chrome  func(context.Context) (Chrome, error)
	flashes func(context.Context) []Flash
}

type frameKey struct{}

func withFrame(ctx context.Context, f *frame) context.Context {
	return context.WithValue(ctx, frameKey{}, f)
}

func frameOf(ctx context.Context) *frame {
	f, ok := ctx.Value(frameKey{}).(*frame)
	fault.Must(ok, "a page is drawn outside a request")
	return f
}

// WhoIn is the person of the request, for templates that show a button only to those who may press it.
func WhoIn(ctx context.Context) Who { return frameOf(ctx).who }

// Page is the layout of every page: masthead, circle, second menu, head, matter, footer.
//
//	@web.Page(web.Head{Title: ..., Station: web.Gather, Section: "/register/cooperators"}) { ... }
func Page(h Head) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		f := frameOf(ctx)
		c, err := f.chrome(ctx)
		if err != nil {
			return err
		}
		return layout(h, c, f, lang.From(ctx)).Render(ctx, w)
	})
}

// heading is the text of the h1.
func (h Head) heading() string {
	if h.Heading != "" {
		return h.Heading
	}
	return h.Title
}

// menu completes the stations in the order of the circle: one that the application left out has no address.
func (c Chrome) menu() []Station {
	menu := make([]Station, len(Circle))
	for i, step := range Circle {
		menu[i].Step = step
		for _, s := range c.Stations {
			if s.Step == step {
				menu[i] = s
			}
		}
	}
	return menu
}

// sub is the second menu of a page.
func (h Head) sub(c Chrome) []Link {
	links := h.Sub
	for _, s := range c.Stations {
		if links == nil && s.Step == h.Station {
			links = s.Sub
		}
	}
	out := make([]Link, len(links))
	for i, l := range links {
		l.Current = l.Current || l.Href == h.Section
		out[i] = l
	}
	return out
}

// languageLink is the address that changes the language and comes back to this page.
func languageLink(f *frame, tag lang.Tag) string {
	back := PathHome
	if f.url != nil {
		back = f.url.RequestURI()
	}
	return PathLanguage + "?" + url.Values{"to": {string(tag)}, "back": {back}}.Encode()
}

var languageNames = map[lang.Tag]string{lang.French: "Français", lang.Dutch: "Nederlands", lang.English: "English"}

func (c Chrome) product() string {
	if c.Coop != "" {
		return c.Coop
	}
	return "Lieux communs"
}

func (c Chrome) place() string {
	if c.Seat == "" {
		return c.Coop
	}
	return c.Coop + ", " + c.Seat
}

func currentPage(is bool) templ.Attributes { return ariaCurrent(is, "page") }
func currentStep(is bool) templ.Attributes { return ariaCurrent(is, "true") }

func ariaCurrent(is bool, value string) templ.Attributes {
	if !is {
		return nil
	}
	return templ.Attributes{"aria-current": value}
}
