package pages

import (
	"cmp"
	"context"
	"net/url"
	"strconv"
	"strings"
	"time"

	"lieux/base/fault"
	"lieux/base/mail"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
)

// What the session keeps between the steps of signing in.
const (
	keepHandle = "sign-in.handle" // of the challenges that this browser asked for, the latest first
	keepEmail  = "sign-in.email"  // the address that was proved, as the challenge knows it
	keepProved = "sign-in.proved"
	keepNext   = "sign-in.next"
)

// tried counts one thing that a network address asks for: a letter, a passkey, a code on paper, each for itself.
func (p Pages) tried(q *web.Request, what string) error {
	if p.Callers == nil {
		return nil
	}
	return p.Callers.Try(what + " " + q.Address())
}

// able says whether passkeys serve at the address of this program.
func (p Pages) able() bool {
	_, able := p.keys("-")
	return able
}

// askPage asks for a passkey or the e-mail address.
func (p Pages) askPage(q *web.Request) error {
	next := web.LocalPath(q.Query("next"))
	if q.Who.May(web.Member) {
		return q.SeeOther(next)
	}
	return q.Page(askView(q.Blank().Set("next", next), p.able()))
}

// ask answers every address the same: the letter, if any, is written behind the asker's back.
func (p Pages) ask(q *web.Request) error {
	f, err := q.Form()
	if err != nil {
		return err
	}
	if err := p.tried(q, "letter"); err != nil {
		return err
	}
	email := f.Need("email", web.MaxLine)
	if f.OK() {
		var asked people.Ask
		err := p.DB.Touch(q.Context(), func(tx *store.Tx) (err error) {
			asked, err = people.AskSignIn(tx, email, q.Address())
			return err
		})
		if err == nil {
			if !asked.Quiet { // the codes of the letters that did go out stay good
				q.Remember(keepHandle, strings.Join(append([]string{asked.Handle}, handles(q)...), " "))
			}
			q.Remember(keepNext, web.LocalPath(f.Raw("next")))
			go p.deliver(context.WithoutCancel(q.Context()), asked)
			return q.SeeOther(pathSent)
		}
		if !f.Refused(err) {
			return err
		}
	}
	return q.Again(askView(f, p.able()))
}

// handles are those of the challenges that this browser asked for, the latest first: a letter that comes late still has
// its code.
func handles(q *web.Request) []string {
	list := strings.Fields(q.Recall(keepHandle))
	return list[:min(len(list), people.MaxAsked)]
}

// deliver writes the letter, when the address is somebody's.
func (p Pages) deliver(ctx context.Context, asked people.Ask) {
	var letter people.Letter
	var goes bool
	var coop string
	err := p.DB.View(ctx, func(v *store.View) (err error) {
		if letter, goes, err = people.SignInLetter(v, asked); err != nil || !goes {
			return err
		}
		house, _, err := people.TheHouse(v)
		if err != nil {
			return err
		}
		who, err := people.Get(v, house.Person)
		coop = who.Full()
		return err
	})
	if err != nil {
		p.Log.Error("sign-in letter", "error", err)
	}
	if goes && err == nil {
		p.Leave(p.letter(letter, coop))
	}
}

// letter is the sign-in letter in words.
func (p Pages) letter(l people.Letter, coop string) mail.Letter {
	pr := p.Book.In(l.Lang)
	link := p.Links + LinkPath(l.Ask)
	code := l.Ask.Code[:4] + " " + l.Ask.Code[4:]
	return mail.Letter{To: l.To, Lang: l.Lang, Subject: pr.T("people.letter.subject", "coop", coop, "code", code),
		Text: pr.T("people.letter.text", "names", l.Names, "link", link, "code", code, "coop", coop,
			"n", int(people.ChallengeLife/time.Minute))}
}

// LinkPath is the address of a challenge's link, for letters and for the command line.
func LinkPath(a people.Ask) string { return "/sign-in/link?" + url.Values{"token": {a.Token}}.Encode() }

func (p Pages) sentPage(q *web.Request) error { return q.Page(sentView(q.Blank())) }

// code redeems the eight figures of a letter, in the browser that asked. The limit of the caller's network address
// does not count here: others who share it would keep out who holds a letter. Five wrong codes end a challenge.
func (p Pages) code(q *web.Request) error {
	f, err := q.Form()
	if err != nil {
		return err
	}
	typed := f.Need("code", web.MaxLine)
	if f.OK() {
		c, right, err := p.redeem(q, typed)
		if err != nil {
			return err
		}
		if right {
			return p.proved(q, c)
		}
		f.Problem(fault.Refuse("people.refusal.code").At("code"))
	}
	return q.Again(sentView(f))
}

// redeem tries a code against the challenges that this browser asked for; a browser that asked for none reaches no
// database, and one that has used all of its own up soon waits.
func (p Pages) redeem(q *web.Request, typed string) (c people.Challenge, right bool, err error) {
	asked := handles(q)
	if len(asked) == 0 {
		return c, false, nil
	}
	if p.Callers != nil {
		if err := p.Callers.Try("code " + asked[0]); err != nil {
			return c, false, err
		}
	}
	err = p.DB.Touch(q.Context(), func(tx *store.Tx) (err error) {
		for _, handle := range asked {
			if c, right, err = people.RedeemCode(tx, handle, typed); err != nil || right {
				return err
			}
		}
		return nil
	})
	return c, right, err
}

// linkPage shows a button: mail programs open links to look for harm, and must not use them up.
func (p Pages) linkPage(q *web.Request) error {
	token := q.Query("token")
	var c people.Challenge
	var good bool
	err := p.DB.View(q.Context(), func(v *store.View) (err error) { c, good, err = people.Peek(v, token); return err })
	if err != nil {
		return err
	}
	if good && c.Purpose == people.SetUp && p.SetUp != "" {
		return q.SeeOther(p.SetUp + "?" + url.Values{"link": {token}}.Encode())
	}
	return q.Page(linkView(q.Blank().Set("token", token), good && c.Purpose != people.SetUp))
}

// link uses the link up. No limit counts here: nobody guesses 160 bits, and who holds a letter is not kept out.
func (p Pages) link(q *web.Request) error {
	f, err := q.Form()
	if err != nil {
		return err
	}
	var c people.Challenge
	var good bool
	err = p.DB.View(q.Context(), func(v *store.View) (err error) {
		c, good, err = people.Peek(v, f.Raw("token"))
		return err
	})
	if err != nil {
		return err
	}
	if !good || c.Purpose == people.SetUp { // the set-up page redeems its own
		return q.Again(linkView(f, false))
	}
	err = p.DB.Touch(q.Context(), func(tx *store.Tx) (err error) {
		c, err = people.Redeem(tx, f.Raw("token"))
		return err
	})
	if fault.Of(err) != nil {
		return q.Again(linkView(f, false))
	}
	if err != nil {
		return err
	}
	return p.proved(q, c)
}

// proved goes on when a challenge was redeemed: one person enters at once, several are asked who they are.
func (p Pages) proved(q *web.Request, c people.Challenge) error {
	q.Forget(keepHandle)
	var who []people.Person
	err := p.DB.View(q.Context(), func(v *store.View) (err error) { who, err = people.Candidates(v, c); return err })
	if err != nil {
		return err
	}
	switch len(who) {
	case 0:
		return fault.Refuse("people.refusal.nobody-left")
	case 1:
		how := web.ByEmail
		if c.Purpose == people.ByLink {
			how = web.ByLink
		}
		return p.enter(q, web.Signed{Person: string(who[0].ID), How: how})
	}
	q.Remember(keepEmail, c.Email)
	q.Remember(keepProved, strconv.FormatInt(p.DB.Now().Unix(), 10))
	return q.SeeOther("/sign-in/who")
}

// candidates are the people of the address that this browser proved less than fifteen minutes ago.
func (p Pages) candidates(q *web.Request) (who []people.Person, err error) {
	at, err := strconv.ParseInt(q.Recall(keepProved), 10, 64)
	if err != nil || p.DB.Now().Sub(time.Unix(at, 0)) > people.ChallengeLife {
		return nil, nil
	}
	err = p.DB.View(q.Context(), func(v *store.View) (err error) {
		who, err = people.Candidates(v, people.Challenge{Purpose: people.ByEmail, Email: q.Recall(keepEmail)})
		return err
	})
	return who, err
}

func (p Pages) whoPage(q *web.Request) error {
	who, err := p.candidates(q)
	if err != nil {
		return err
	}
	if len(who) == 0 {
		return q.SeeOther(web.PathSignIn)
	}
	return q.Page(whoView(q.Blank(), who))
}

func (p Pages) who(q *web.Request) error {
	f, err := q.Form()
	if err != nil {
		return err
	}
	who, err := p.candidates(q)
	if err != nil {
		return err
	}
	if len(who) == 0 {
		return q.SeeOther(web.PathSignIn)
	}
	for _, one := range who {
		if string(one.ID) == f.Raw("who") {
			return p.enter(q, web.Signed{Person: string(one.ID), How: web.ByEmail})
		}
	}
	f.Choice("who") // no answer: the form says so
	return q.Again(whoView(f, who))
}

// enter opens the session; who represents bodies is asked for whom they act.
func (p Pages) enter(q *web.Request, s web.Signed) error {
	var parties []people.PersonID
	err := p.DB.View(q.Context(), func(v *store.View) (err error) {
		parties, err = people.Parties(v, people.PersonID(s.Person), v.Today())
		return err
	})
	if err != nil {
		return err
	}
	next := web.LocalPath(q.Recall(keepNext))
	for _, key := range []string{keepHandle, keepEmail, keepProved, keepNext} {
		q.Forget(key)
	}
	if err := q.Enter(s); err != nil {
		return err
	}
	if len(parties) > 0 {
		return q.SeeOther("/acting?" + url.Values{"next": {next}}.Encode())
	}
	return q.SeeOther(next)
}

// parties are the bodies for which the signed-in person may act.
func (p Pages) parties(q *web.Request) (list []people.Person, err error) {
	err = p.DB.View(q.Context(), func(v *store.View) error {
		ids, err := people.Parties(v, people.PersonID(q.Who.Person), v.Today())
		if err != nil {
			return err
		}
		for _, id := range ids {
			one, err := people.Get(v, id)
			if err != nil {
				return err
			}
			list = append(list, one)
		}
		return nil
	})
	return list, err
}

func (p Pages) actingPage(q *web.Request) error {
	list, err := p.parties(q)
	if err != nil {
		return err
	}
	f := q.Blank().Set("next", web.LocalPath(q.Query("next"))).Set("for", cmp.Or(q.Who.For.ID, "self"))
	return q.Page(actingView(f, q.Who.Name, list))
}

func (p Pages) acting(q *web.Request) error {
	f, err := q.Form()
	if err != nil {
		return err
	}
	list, err := p.parties(q)
	if err != nil {
		return err
	}
	on := f.Raw("for")
	for _, one := range list {
		if string(one.ID) == on {
			q.ActFor(on)
			return q.SeeOther(f.Raw("next"))
		}
	}
	if on == "self" {
		q.ActFor("")
		return q.SeeOther(f.Raw("next"))
	}
	f.Choice("for")
	return q.Again(actingView(f, q.Who.Name, list))
}

func (p Pages) signOut(q *web.Request) error {
	if err := q.SignOut(); err != nil {
		return err
	}
	return q.SeeOther(web.PathSignIn)
}
