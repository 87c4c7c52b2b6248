package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/mail"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
	peoplepages "lieux/people/pages"
	"lieux/register"
	"lieux/sim"
)

// shutdownGrace is how long requests under way may take when the server stops.
const shutdownGrace = 10 * time.Second

type serveCommand struct {
	place
	Address string   `help:"Where to listen." default:"127.0.0.1:8080" placeholder:"HOST:PORT"`
	Public  string   `help:"Address under which people reach it; letters carry it." placeholder:"URL" env:"LIEUX_PUBLIC"`
	Mail    string   `help:"Mail server." placeholder:"smtp://user:password@host:587?from=…" env:"LIEUX_MAIL"`
	Proxy   []string `help:"Reverse proxies whose X-Forwarded-For is believed, as 10.0.0.0/8." placeholder:"NET"`
}

// Run serves a cooperative until the context ends. In an empty folder it prints the one-time link to the set-up page.
func (c *serveCommand) Run(rt *runtime) error {
	proxies, err := networks(c.Proxy)
	if err != nil {
		return err
	}
	return c.with(rt, store.Options{}, func(db *store.DB) error {
		post, err := c.post(rt, db)
		if err != nil {
			return err
		}
		return rt.serve(db, c.Address, Settings{Links: c.Public, Proxies: proxies, Post: post}, func(links string) error {
			if err := errors.Join(c.noteAddress(links), rt.tellAway(rt.Out, db)); err != nil {
				return err
			}
			return rt.printSetUp(db, links)
		})
	})
}

func (c *serveCommand) post(rt *runtime, db *store.DB) (Post, error) {
	if c.Mail == "" {
		fmt.Fprintln(rt.Err, rt.p.T("app.serve.no-mail"))
		return &Outbox{Now: db.Now}, nil
	}
	config, err := mail.ParseConfig(c.Mail)
	if err != nil {
		return nil, err
	}
	return NewPostman(rt.ctx, mail.NewSMTP(config, db.Now), rt.log), nil
}

func networks(texts []string) ([]netip.Prefix, error) {
	var list []netip.Prefix
	for _, s := range texts {
		n, err := netip.ParsePrefix(s)
		if err != nil {
			return nil, fault.Refuse("app.refusal.proxy", "text", s).At("proxy")
		}
		list = append(list, n)
	}
	return list, nil
}

// printSetUp prints the one-time link while the house is not founded.
func (rt *runtime) printSetUp(db *store.DB, links string) error {
	founded := false
	err := db.View(rt.ctx, func(v *store.View) (err error) { _, founded, err = people.TheHouse(v); return err })
	if err != nil || founded {
		return err
	}
	var ask people.Ask
	if err := db.Touch(rt.ctx, func(tx *store.Tx) (err error) {
		ask, err = people.SetUpLink(
			tx)
		return err
	}); err != nil {
		return err
	}
	fmt.Fprintln(rt.Out, rt.p.T("app.serve.set-up"))
	fmt.Fprintln(rt.Out, links+"/set-up?link="+ask.Token)
	return nil
}

// serve listens, says where, and stops gently.
func (rt *runtime) serve(db *store.DB, address string, s Settings, ready func(links string) error) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return fault.Refuse("app.refusal.listen", "address", address, "detail", oneLine(err.Error()))
	}
	if s.Links == "" {
		s.Links = "http://" + reachable(listener.Addr())
	}
	s.Links = strings.TrimSuffix(s.Links, "/")
	// a server tells every request; other commands only what goes wrong
	rt.log = slog.New(slog.NewTextHandler(rt.Err, nil))
	handler, a := New(db, rt.book, rt.log, s)
	server := web.Server(handler, rt.log)
	server.RegisterOnShutdown(a.feed.Close)
	ctx, stop := signal.NotifyContext(rt.ctx, os.Interrupt)
	defer stop()
	if rt.Get("GOGC") == "" {
		go keepSmall(ctx, rt.log, db.Rest)
	}
	defer db.Listen()() // a command beside the server (away, home, login) is heard of at once
	worked := make(chan error, 1)
	go func() { worked <- a.Work(ctx) }()
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		limited, cancel := context.WithTimeout(context.Background(), shutdownGrace)
		defer cancel()
		stopped <- server.Shutdown(limited)
	}()
	fmt.Fprintln(rt.Out, rt.p.T("app.serve.at", "address", s.Links))
	if err := ready(s.Links); err != nil {
		return errors.Join(err, listener.Close())
	}
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return errors.Join(<-stopped, <-worked)
}

// reachable is an address that a browser on this machine can open.
func reachable(a net.Addr) string {
	host, port, err := net.SplitHostPort(a.String())
	if err != nil {
		return a.String()
	}
	if ip, err := netip.ParseAddr(host); err == nil && (ip.IsLoopback() || ip.IsUnspecified()) {
		host = "localhost"
	}
	return net.JoinHostPort(host, port)
}

type demoCommand struct {
	place
	Prepare bool   `help:"Make the demonstration's data and stop."`
	Address string `help:"Where to listen." default:"127.0.0.1:8080" placeholder:"HOST:PORT"`
}

// Run makes the demonstration where there is none yet, prints sign-in links and serves it.
func (c *demoCommand) Run(rt *runtime) error {
	if c.Data == "" && c.Database == "" {
		c.Data = filepath.Join("data", "demo")
	}
	if err := c.prepare(rt); err != nil {
		return err
	}
	if c.Prepare {
		return nil
	}
	return c.with(rt, store.Options{}, func(db *store.DB) error {
		s := Settings{Demo: true, Post: &Outbox{Now: db.Now}}
		return rt.serve(db, c.Address, s, func(links string) error {
			return errors.Join(c.noteAddress(links), rt.printDemo(db, links))
		})
	})
}

// prepare lives the demonstration into an empty database; one that is there already is left as it is, unless it is
// another cooperative's.
func (c *demoCommand) prepare(rt *runtime) error {
	clock := sim.NewClock(sim.Start)
	return c.with(rt, store.Options{Clock: clock.Now}, func(db *store.DB) error {
		var there, ours bool
		err := db.View(rt.ctx, func(v *store.View) error {
			house, founded, err := people.TheHouse(v)
			if err != nil || !founded {
				return err
			}
			there = true
			ours = strings.HasSuffix(house.Register.Reference, sim.Invented)
			return nil
		})
		if err != nil {
			return err
		}
		if there {
			if !ours {
				return fault.Refuse("app.refusal.not-demo")
			}
			return nil
		}
		fmt.Fprintln(rt.Out, rt.p.T("app.demo.making"))
		_, err = sim.MakeDemo(rt.ctx, db, clock, rt.book, time.Now())
		return err
	})
}

// printDemo prints a one-time link for an administrator, a member of the office and a cooperator.
func (rt *runtime) printDemo(db *store.DB, links string) error {
	for _, who := range []struct{ code, text string }{{"app.demo.admin", sim.Admin}, {"app.demo.office", sim.Office},
		{"app.demo.member", sim.Member}} {
		link, name, err := rt.link(db, who.text, links)
		if err != nil {
			return err
		}
		fmt.Fprintf(rt.Out, "%s\n  %s\n", rt.p.T(who.code, "name", name), link)
	}
	fmt.Fprintln(rt.Out, rt.p.T("app.demo.outbox", "address", links+"/outbox"))
	return nil
}

type loginCommand struct {
	place
	Person string `arg:"" help:"Id, cooperator number, e-mail address or name."`
	Public string `help:"Where people reach it; else where the server last listened." placeholder:"URL" env:"LIEUX_PUBLIC"`
}

// Run prints a one-time link, valid for a quarter of an hour.
func (c *loginCommand) Run(rt *runtime) error {
	return c.existing(rt, func(db *store.DB) error {
		links, known := c.links()
		link, name, err := rt.link(db, c.Person, strings.TrimSuffix(links, "/"))
		if err != nil {
			return err
		}
		fmt.Fprintf(rt.Out, "%s\n%s\n", rt.p.T("app.login.for", "name", name), link)
		if !known {
			fmt.Fprintln(rt.Err, rt.p.T("app.login.assumed", "address", links))
		}
		return nil
	})
}

// links is where the server is reached: as was asked, else as the server noted; else as it is by default, and that is
// said to be assumed.
func (c *loginCommand) links() (address string, known bool) {
	if c.Public != "" {
		return c.Public, true
	}
	if c.Database == "" {
		noted, err := os.ReadFile(filepath.Join(c.folder(), addressFile))
		if text := oneLine(string(noted)); err == nil && text != "" {
			return text, true
		}
	}
	return "http://localhost:8080", false
}

// addressFile holds, in the data folder, where the server was last reached: a command beside it prints links that lead
// there. A PostgreSQL database has no folder; there one says --public.
const addressFile = "address"

// noteAddress writes where the server is reached beside the embedded database.
func (p place) noteAddress(links string) error {
	if p.Database != "" {
		return nil
	}
	return os.WriteFile(filepath.Join(p.folder(), addressFile), []byte(links+"\n"), 0o600)
}

// link makes a one-time sign-in link for the person whom a text names, and for nobody when it names several.
func (rt *runtime) link(db *store.DB, text, links string) (link, name string, err error) {
	var id people.PersonID
	err = db.View(rt.ctx, func(v *store.View) error {
		id, name, err = onlyOne(v, rt.p, text)
		return err
	})
	if err != nil {
		return "", "", err
	}
	var ask people.Ask
	_, err = db.Act(rt.ctx, store.By("", "people.login-link"), func(tx *store.Tx) (err error) {
		ask,
			err = people.LoginLink(tx, id)
		return err
	})
	return links + peoplepages.LinkPath(ask), name, err
}

func onlyOne(r store.Reader, p *lang.Printer, text string) (people.PersonID, string, error) {
	if person, err := people.Get(r, people.PersonID(text)); err == nil {
		return person.ID, person.Full(), nil
	}
	// a number names one cooperator, and nobody else whose record it occurs in
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		if c, err := register.CooperatorNumbered(r, register.Number(n)); err == nil {
			person, err := people.Get(r, c.Person)
			return person.ID, person.Full(), err
		}
	}
	hits, more, err := people.Search(r, people.Query{Text: text, Contacts: true})
	if err != nil {
		return "", "", err
	}
	switch {
	case len(hits) == 0:
		return "", "", fault.Refuse("app.refusal.nobody", "text", text)
	case len(hits) > 1 || more:
		var names []string
		for _, h := range hits[:min(len(hits), 5)] {
			person, err := people.Get(r, h.Person)
			if err != nil {
				return "", "", err
			}
			if c, is, err := register.CooperatorOf(r, h.Person); err == nil && is {
				names = append(names, fmt.Sprintf("%s (%s)", person.Full(), c.Number))
			} else {
				names = append(names, person.Full())
			}
		}
		return "", "", fault.Refuse("app.refusal.several", "text", text, "names", p.List(names))
	}
	person, err := people.Get(r, hits[0].Person)
	return person.ID, person.Full(), err
}
