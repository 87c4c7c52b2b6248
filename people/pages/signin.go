package pages

import (
	"context"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"

	"lieux/base/lang"
	"lieux/base/mail"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
)

// SignIn is the door: by e-mail a link, whose page has a button and only the button uses it up, and beside it a code of eight figures for
// who reads the letter on another machine. One address may serve several people: the door asks who, then for whom.
type SignIn struct {
	DB    *store.DB
	Book  *lang.Book
	Log   *slog.Logger
	Links string            // https://coop.example, as the letter's link begins
	Leave func(mail.Letter) // the post

	perAddress, perCaller *web.Limiter
	writers               chan struct{}
}

// Limits of the door.
const (
	maxEmail     = 254
	maxToken     = 100
	maxCode      = 20
	maxNext      = 400
	letterTime   = 20 * time.Second
	maxLetters   = 16 // being written at once; more are dropped, as under an attack
	chooseWithin = 15 * time.Minute
)

// What the session remembers between the steps.
const (
	keyHandle = "sign-in.handle"
	keyNext   = "sign-in.next"
	keyWho    = "sign-in.who"   // ids of the people whom the challenge lets in
	keyUntil  = "sign-in.until" // until when one of them may be chosen
)

// NewSignIn makes the door.
func NewSignIn(s SignIn) *SignIn {
	s.perAddress, s.perCaller = web.NewLimiter(web.SignInPerAddress, s.DB.Now), web.NewLimiter(web.SignInPerCaller, s.DB.Now)
	s.writers = make(chan struct{}, maxLetters)
	return &s
}

// LinkPath is the path of the page that a link opens.
func LinkPath(token string) string { return "/sign-in/link?token=" + token }

// Routes are the door's routes.
func (s *SignIn) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /sign-in", Allow: web.Public, Handle: s.ask},
		{Pattern: "POST /sign-in", Allow: web.Public, Handle: s.send},
		{Pattern: "GET /sign-in/sent", Allow: web.Public, Handle: s.sent},
		{Pattern: "POST /sign-in/code", Allow: web.Public, Handle: s.code},
		{Pattern: "GET /sign-in/link", Allow: web.Public, Handle: s.link},
		{Pattern: "POST /sign-in/link", Allow: web.Public, Handle: s.follow},
		{Pattern: "GET /sign-in/person", Allow: web.Public, Handle: s.choosePerson},
		{Pattern: "POST /sign-in/person", Allow: web.Public, Handle: s.enterAs},
		{Pattern: "GET /sign-in/party", Allow: web.Member, Handle: s.chooseParty},
		{Pattern: "POST /sign-in/party", Allow: web.Member, Handle: s.actFor},
		{Pattern: "POST /sign-out", Allow: web.Public, Handle: s.leave},
	}
}

func (s *SignIn) ask(q *web.Request) error {
	if q.Who.SignedIn() {
		return q.SeeOther(web.LocalPath(q.Query("next")))
	}
	f := q.Blank()
	f.Set("next", q.Query("next"))
	return q.Page(askView(f))
}

// send makes a challenge for any address and answers the same: the letter is written behind the asker's back.
func (s *SignIn) send(q *web.Request) error {
	f, err := q.Form()
	if err != nil {
		return err
	}
	email := f.Need("email", maxEmail)
	next := f.Text("next", maxNext)
	if !f.OK() {
		return q.Again(askView(f))
	}
	if err := s.perCaller.Try(q.Address()); err != nil {
		return err
	}
	if err := s.perAddress.Try(strings.ToLower(email)); err != nil {
		return err
	}
	var a people.Ask
	err = s.DB.Touch(q.Context(), func(tx *store.Tx) (err error) { a, err = people.AskSignIn(tx, email); return err })
	if err != nil {
		if f.Refused(err) {
			return q.Again(askView(f))
		}
		return err
	}
	s.write(a)
	q.Remember(keyHandle, a.Handle)
	q.Remember(keyNext, next)
	return q.SeeOther("/sign-in/sent")
}

// write writes the letter in a goroutine of its own, so that the answer takes as long for an address that nobody has.
func (s *SignIn) write(a people.Ask) {
	select {
	case s.writers <- struct{}{}:
	default:
		s.Log.Warn("sign-in: too many letters at once, one is not written")
		return
	}
	go func() {
		defer func() { <-s.writers }()
		ctx, cancel := context.WithTimeout(context.Background(), letterTime)
		defer cancel()
		err := s.DB.View(ctx, func(v *store.View) error {
			l, known, err := people.SignInLetter(v, a)
			if err != nil || !known {
				return err
			}
			coop, err := houseName(v)
			if err != nil {
				return err
			}
			p := s.Book.In(l.Lang)
			s.Leave(mail.Letter{To: l.To, Lang: l.Lang, Subject: p.T("people.signin.letter.subject", "coop", coop),
				Text: p.T("people.signin.letter.text", "names", l.Names, "coop", coop, "link", s.Links+LinkPath(a.Token), "code", grouped(a.Code),
					"minutes", int64(people.ChallengeLife/time.Minute))})
			return nil
		})
		if err != nil {
			s.Log.Error("sign-in: a letter was not written", "error", err)
		}
	}()
}

func houseName(r store.Reader) (string, error) {
	house, founded, err := people.TheHouse(r)
	if err != nil || !founded {
		return "", err
	}
	p, err := people.Get(r, house.Person)
	return p.Full(), err
}

// grouped is a code as people read it: 1234 5678.
func grouped(code string) string {
	if len(code) != 8 {
		return code
	}
	return code[:4] + " " + code[4:]
}

func (s *SignIn) sent(q *web.Request) error {
	if q.Recall(keyHandle) == "" {
		return q.SeeOther(web.PathSignIn)
	}
	return q.Page(sentView(q.Blank(), false))
}

func (s *SignIn) code(q *web.Request) error {
	f, err := q.Form()
	if err != nil {
		return err
	}
	typed := f.Need("code", maxCode)
	if !f.OK() {
		return q.Again(sentView(f, false))
	}
	if err := s.perCaller.Try(q.Address()); err != nil {
		return err
	}
	var c people.Challenge
	right := false
	err = s.DB.Touch(q.Context(), func(tx *store.Tx) (err error) {
		c, right, err = people.RedeemCode(tx, q.Recall(keyHandle), typed)
		return err
	})
	if err != nil {
		return err
	}
	if !right {
		return q.Again(sentView(f, true))
	}
	return s.admit(q, c)
}

// link shows the button; looking uses nothing up, because mail programs open links to look for harm.
func (s *SignIn) link(q *web.Request) error {
	token := q.Query("token")
	good := false
	err := s.DB.View(q.Context(), func(v *store.View) error {
		c, found, err := people.Peek(v, token)
		good = found && c.Purpose != people.SetUp
		return err
	})
	if err != nil {
		return err
	}
	if !good {
		return q.Page(staleView())
	}
	f := q.Blank()
	f.Set("token", token)
	return q.Page(linkView(f))
}

func (s *SignIn) follow(q *web.Request) error {
	f, err := q.Form()
	if err != nil {
		return err
	}
	token := f.Text("token", maxToken)
	if err := s.perCaller.Try(q.Address()); err != nil {
		return err
	}
	var c people.Challenge
	err = s.DB.Touch(q.Context(), func(tx *store.Tx) (err error) { c, err = people.Redeem(tx, token); return err })
	if err != nil {
		if f.Refused(err) {
			return q.Again(staleView())
		}
		return err
	}
	return s.admit(q, c)
}

// admit lets in whom a redeemed challenge names: at once when it is one person, else after asking who.
func (s *SignIn) admit(q *web.Request, c people.Challenge) error {
	var who []people.Person
	err := s.DB.View(q.Context(), func(v *store.View) (err error) { who, err = people.Candidates(v, c); return err })
	if err != nil {
		return err
	}
	q.Forget(keyHandle)
	switch len(who) {
	case 0:
		return q.Again(staleView())
	case 1:
		return s.enter(q, who[0].ID)
	}
	ids := make([]string, len(who))
	for i, p := range who {
		ids[i] = string(p.ID)
	}
	q.Remember(keyWho, strings.Join(ids, " "))
	q.Remember(keyUntil, strconv.FormatInt(s.DB.Now().Add(chooseWithin).Unix(), 10))
	return q.SeeOther("/sign-in/person")
}

// admitted are the people whom the challenge of this session lets in, while the choice is open.
func (s *SignIn) admitted(q *web.Request) []people.PersonID {
	until, err := strconv.ParseInt(q.Recall(keyUntil), 10, 64)
	if err != nil || s.DB.Now().Unix() > until {
		return nil
	}
	var ids []people.PersonID
	for _, id := range strings.Fields(q.Recall(keyWho)) {
		ids = append(ids, people.PersonID(id))
	}
	return ids
}

func (s *SignIn) choosePerson(q *web.Request) error {
	options, err := s.named(q, s.admitted(q))
	if err != nil {
		return err
	}
	if len(options) == 0 {
		return q.SeeOther(web.PathSignIn)
	}
	return q.Page(personView(q.Blank(), options))
}

func (s *SignIn) named(q *web.Request, ids []people.PersonID) (options []web.Option, err error) {
	err = s.DB.View(q.Context(), func(v *store.View) error {
		names, err := people.Names(v, ids)
		for _, id := range ids {
			if p, ok := names[id]; ok {
				options = append(options, web.Option{Value: string(id), Label: p.Full()})
			}
		}
		return err
	})
	return options, err
}

func (s *SignIn) enterAs(q *web.Request) error {
	f, err := q.Form()
	if err != nil {
		return err
	}
	ids := s.admitted(q)
	if len(ids) == 0 {
		return q.SeeOther(web.PathSignIn)
	}
	id := people.PersonID(f.Raw("person"))
	if !slices.Contains(ids, id) {
		options, err := s.named(q, ids)
		if err != nil {
			return err
		}
		f.Need("person", maxToken)
		return q.Again(personView(f, options))
	}
	return s.enter(q, id)
}

// enter opens the session; who may act for bodies is asked for whom.
func (s *SignIn) enter(q *web.Request, id people.PersonID) error {
	next := web.LocalPath(q.Recall(keyNext))
	if err := q.SignIn(string(id), ""); err != nil {
		return err
	}
	q.Forget(keyWho)
	q.Forget(keyUntil)
	parties, err := s.parties(q, id)
	if err != nil {
		return err
	}
	if len(parties) > 0 {
		return q.SeeOther("/sign-in/party")
	}
	q.Forget(keyNext)
	return q.SeeOther(next)
}

func (s *SignIn) parties(q *web.Request, id people.PersonID) (ids []people.PersonID, err error) {
	err = s.DB.View(q.Context(), func(v *store.View) error { ids, err = people.Parties(v, id, v.Today()); return err })
	return ids, err
}

// self is the answer "for myself".
const self = "self"

func (s *SignIn) chooseParty(q *web.Request) error {
	options, err := s.partyOptions(q)
	if err != nil {
		return err
	}
	f := q.Blank()
	f.Set("for", self)
	if q.Who.For.ID != "" {
		f.Set("for", q.Who.For.ID)
	}
	return q.Page(partyView(f, options))
}

func (s *SignIn) partyOptions(q *web.Request) ([]web.Option, error) {
	ids, err := s.parties(q, people.PersonID(q.Who.Person))
	if err != nil {
		return nil, err
	}
	options, err := s.named(q, ids)
	return append([]web.Option{{Value: self, Label: q.T("people.signin.myself"), Hint: q.Who.Name}}, options...), err
}

func (s *SignIn) actFor(q *web.Request) error {
	f, err := q.Form()
	if err != nil {
		return err
	}
	ids, err := s.parties(q, people.PersonID(q.Who.Person))
	if err != nil {
		return err
	}
	choice := people.PersonID(f.Raw("for"))
	if choice != self && !slices.Contains(ids, choice) {
		options, err := s.partyOptions(q)
		if err != nil {
			return err
		}
		f.Choice("for", self)
		return q.Again(partyView(f, options))
	}
	if choice == self {
		choice = ""
	}
	q.ActFor(string(choice))
	next := web.LocalPath(q.Recall(keyNext))
	q.Forget(keyNext)
	return q.SeeOther(next)
}

func (s *SignIn) leave(q *web.Request) error {
	if err := q.SignOut(); err != nil {
		return err
	}
	return q.SeeOther(web.PathSignIn)
}
