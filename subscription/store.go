package subscription

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/fold"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/offer"
	"lieux/payment"
	"lieux/people"
	"lieux/register"
)

//go:embed schema/*.sql
var schema embed.FS

// Phrases is this room's catalogue.
//
//go:embed lang/*.json
var Phrases embed.FS

// Room is what the store needs to know.
var Room = store.Room{Name: "subscription", Schema: schema, Ephemeral: []string{"subscription_token"},
	Witnesses: []store.Witness{{Kind: "subscription-step", Each: eachStep}}}

// chosen are the requests that a filter lets through.
const chosen = ` WHERE ($1 = '' OR $1 LIKE '%,' || state || ',%') AND ($2 = '' OR channel = $2)
	AND ($3 = '' OR campaign = $3) AND ($4 = '' OR words LIKE $4 OR CAST(number AS TEXT) = $5)`

const letterColumns = `SELECT id, request, kind, channel, at, author, printed FROM subscription_letter`

const requestColumns = `id, number, form, channel, language, purpose, class, shares, nominal, campaign, signed_on,
	typed, person,
	payer, scan, due, state, sent, turned`

var (
	qInsertRequest = store.Q(`INSERT INTO subscription_request (` + requestColumns + `, fingerprint, words)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)`)
	qRequest    = store.Q(`SELECT ` + requestColumns + ` FROM subscription_request WHERE id = $1`)
	qByNumber   = store.Q(`SELECT ` + requestColumns + ` FROM subscription_request WHERE number = $1`)
	qByDue      = store.Q(`SELECT ` + requestColumns + ` FROM subscription_request WHERE due = $1`)
	qRequests   = store.Q(`SELECT ` + requestColumns + ` FROM subscription_request ORDER BY number DESC`)
	qRequestsOf = store.Q(`SELECT ` + requestColumns + ` FROM subscription_request WHERE person = $1 OR payer
		= $1 ORDER BY number DESC`)
	qIncoming = store.Q(`SELECT ` + requestColumns + ` FROM subscription_request WHERE state IN ('admitted')
		ORDER BY number`)
	qOfCampaign = store.Q(`SELECT ` + requestColumns + ` FROM subscription_request WHERE campaign = $1 ORDER
		BY number`)
	qPaidOfCampaign = store.Q(`SELECT s.due, s.received FROM subscription_request q
		JOIN payment_standing s ON s.due = q.due WHERE q.campaign = $1`)
	qSame = store.Q(`SELECT number FROM subscription_request WHERE fingerprint = $1 AND state IN
		('sent', 'confirmed', 'waiting', 'admitted', 'matched') ORDER BY number`)
	qUpdateTyped = store.Q(`UPDATE subscription_request SET language = $2, purpose = $3, class = $4, shares =
		$5, nominal = $6, typed = $7, campaign = $8, signed_on = $9, scan = $10, fingerprint = $11,
		words = $12 WHERE id = $1`)
	qUpdateLinks = store.Q(`UPDATE subscription_request SET person = $2, payer = $3, due = $4 WHERE id = $1`)
	qUpdateState = store.Q(`UPDATE subscription_request SET state = $2, turned = $3 WHERE id = $1`)
	qEmpty       = store.Q(`UPDATE subscription_request SET typed = '', fingerprint = '', words = '' WHERE person = $1 OR
		payer = $1`)
	qEmptyOld = store.Q(`UPDATE subscription_request SET typed = '', fingerprint = '', words = ''
		WHERE typed <> '' AND person IS NULL AND state IN ('sent', 'refused', 'withdrawn', 'lapsed') AND turned < $1`)
	qAsked = store.Q(`SELECT CAST(COALESCE(SUM(shares), 0) AS BIGINT) FROM subscription_request WHERE
		person = $1 AND ($2 = '' OR class = $2) AND state IN ('sent', 'confirmed', 'waiting', 'admitted', 'matched')`)
	qFind = store.Q(`SELECT ` + requestColumns + ` FROM subscription_request` + chosen + `
		ORDER BY number DESC LIMIT $6 OFFSET $7`)
	qSums = store.Q(`SELECT state, COUNT(*), CAST(COALESCE(SUM(shares), 0) AS BIGINT),
		CAST(COALESCE(SUM(shares * nominal), 0) AS BIGINT) FROM subscription_request` + chosen + ` GROUP BY state`)
	qOpen = store.Q(`SELECT ` + requestColumns + ` FROM subscription_request
		WHERE state IN ('confirmed', 'waiting', 'admitted') ORDER BY number`)
	qInCampaigns = store.Q(`SELECT ` + requestColumns + ` FROM subscription_request WHERE state = 'admitted'
		AND campaign <> '' ORDER BY number`)
	qUndecided = store.Q(`SELECT ` + requestColumns + ` FROM subscription_request WHERE state = 'confirmed'
		ORDER BY number`)
	qOpenOf = store.Q(`SELECT ` + requestColumns + ` FROM subscription_request WHERE fingerprint = $1
		AND state IN ('sent', 'confirmed', 'waiting', 'admitted', 'matched') ORDER BY number LIMIT 1`)
	qSetScan      = store.Q(`UPDATE subscription_request SET scan = $2 WHERE id = $1`)
	qInsertLetter = store.Q(`INSERT INTO subscription_letter (id, request, kind, channel, at, author, printed)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`)
	qLetters       = store.Q(letterColumns + ` WHERE request = $1 ORDER BY id`)
	qLettersToPost = store.Q(letterColumns + ` WHERE channel = 'post' AND printed IS NULL ORDER BY id LIMIT $1`)
	qLettersAt     = store.Q(letterColumns + ` WHERE printed = $1 ORDER BY id`)
	qPrintLetter   = store.Q(`UPDATE subscription_letter SET printed = $2 WHERE id = $1`)
	qIssuedBy      = store.Q(`SELECT ` + requestColumns + ` FROM subscription_request WHERE person = $1
		AND id IN (SELECT request FROM subscription_step WHERE movement = $2) LIMIT 1`)
	qInsertStep = store.Q(`INSERT INTO subscription_step (id, request, position, state, day, shares, decision,
		movement, why, author, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`)
	qSteps = store.Q(`SELECT id, request, position, state, day, shares, decision, movement, why, author,
		at FROM subscription_step WHERE request = $1 ORDER BY position`)
	qAllSteps = store.Q(`SELECT id, request, position, state, day, shares, decision, movement, why, author,
		at FROM subscription_step ORDER BY id`)
	qLastPosition = store.Q(`SELECT CAST(COALESCE(MAX(position), 0) AS BIGINT) FROM subscription_step WHERE
		request = $1`)
	qInsertToken   = store.Q(`INSERT INTO subscription_token (hash, request, expires) VALUES ($1, $2, $3)`)
	qToken         = store.Q(`SELECT request FROM subscription_token WHERE hash = $1 AND expires > $2`)
	qDropTokens    = store.Q(`DELETE FROM subscription_token WHERE expires <= $1`)
	qInsertCalled  = store.Q(`INSERT INTO subscription_called (movement, due) VALUES ($1, $2)`)
	qCalled        = store.Q(`SELECT movement FROM subscription_called WHERE due = $1 ORDER BY movement`)
	qInsertSurplus = store.Q(`INSERT INTO subscription_surplus (credit, due, back) VALUES ($1, $2, 0)`)
	qSetSurplus    = store.Q(`UPDATE subscription_surplus SET back = back + $2 WHERE credit = $1`)
	qSurplus       = store.Q(`SELECT credit, back FROM subscription_surplus WHERE due = $1 ORDER BY credit`)
	qInsertForm    = store.Q(`INSERT INTO subscription_form (number, due, class, language, printed, author,
		spoiled, why, ogm) VALUES ($1, $2, $3, $4, $5, $6, NULL, '', $7)`)
	qSpoilForm = store.Q(`UPDATE subscription_form SET spoiled = $2, why = $3 WHERE number = $1`)
	qForms     = store.Q(`SELECT f.number, f.due, f.ogm, f.class, f.language, f.printed, f.author, f.spoiled, f.why,
		q.id, q.number FROM subscription_form f LEFT JOIN subscription_request q ON q.form = f.number ORDER BY
		f.number DESC`)
	qForm = store.Q(`SELECT f.number, f.due, f.ogm, f.class, f.language, f.printed, f.author, f.spoiled, f.why,
		q.id, q.number FROM subscription_form f LEFT JOIN subscription_request q ON q.form = f.number WHERE
		f.number = $1`)
)

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func number(n int64) any {
	if n == 0 {
		return nil
	}
	return n
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func whole(n *int64) int64 {
	if n == nil {
		return 0
	}
	return *n
}

func encode(v any) []byte {
	raw, err := json.Marshal(v)
	fault.Must(err == nil, "canonical form: %v", err)
	return raw
}

func insertRequest(tx *store.Tx, q Request) error {
	words, err := q.searched(tx)
	if err != nil {
		return err
	}
	_, err = tx.Exec(qInsertRequest, string(q.ID), q.Number, number(q.Form), string(q.Channel), string(q.Language),
		string(q.Purpose),
		string(q.Class), q.Shares, int64(q.Nominal), orNull(q.Campaign), q.SignedOn, string(encode(q.Typed)),
		orNull(string(q.Person)),
		orNull(string(q.Payer)), orNull(q.Scan), orNull(string(q.Due)), string(q.State), int64(q.SentAt),
		int64(q.TurnedAt), q.fingerprint(), words)
	return err
}

func updateTyped(tx *store.Tx, q Request) error {
	words, err := q.searched(tx)
	if err != nil {
		return err
	}
	_, err = tx.Exec(qUpdateTyped, string(q.ID), string(q.Language), string(q.Purpose), string(q.Class), q.Shares,
		int64(q.Nominal),
		string(encode(q.Typed)), orNull(q.Campaign), q.SignedOn, orNull(q.Scan), q.fingerprint(), words)
	return err
}

func updateLinks(tx *store.Tx, q Request) error {
	_, err := tx.Exec(qUpdateLinks, string(q.ID), orNull(string(q.Person)), orNull(string(q.Payer)), orNull(string(q.Due)))
	return err
}

func updateState(tx *store.Tx, q Request) error {
	_, err := tx.Exec(qUpdateState, string(q.ID), string(q.State), int64(q.TurnedAt))
	return err
}

func scanRequest(row store.Row) (q Request, err error) {
	var form *int64
	var campaign, person, payer, scan, due *string
	var typed string
	if err = row.Scan(&q.ID, &q.Number, &form, &q.Channel, &q.Language, &q.Purpose, &q.Class, &q.Shares, &q.Nominal,
		&campaign,
		&q.SignedOn, &typed, &person, &payer, &scan, &due, &q.State, &q.SentAt, &q.TurnedAt); err != nil {
		return q, err
	}
	q.Form, q.Campaign, q.Person,
		q.Payer = whole(form), text(campaign), people.PersonID(text(person)), people.PersonID(text(payer))
	q.Scan, q.Due = text(scan), payment.DueID(text(due))
	if typed != "" {
		err = json.Unmarshal([]byte(typed), &q.Typed)
	}
	return q, err
}

// Get reads a request; an unknown id is refused.
func Get(r store.Reader, id RequestID) (Request, error) {
	q, found, err := store.Find(r, qRequest, scanRequest, string(id))
	if err == nil && !found {
		err = fault.Refuse("subscription.refusal.unknown")
	}
	return q, err
}

// Numbered reads the request with a number; an unknown one is refused.
func Numbered(r store.Reader, n int64) (Request, error) {
	q, found, err := store.Find(r, qByNumber, scanRequest, n)
	if err == nil && !found {
		err = fault.Refuse("subscription.refusal.unknown")
	}
	return q, err
}

func byDue(r store.Reader, id payment.DueID) (Request, bool, error) {
	return store.Find(r, qByDue, scanRequest, string(id))
}

// Requests are all requests, the latest first.
func Requests(r store.Reader) ([]Request, error) { return store.List(r, qRequests, scanRequest) }

// RequestsOf are those of a person, as holder or as payer, the latest first.
func RequestsOf(r store.Reader, id people.PersonID) ([]Request, error) {
	return people.Across(r, id, func(r store.Reader, id people.PersonID) ([]Request, error) {
		return store.List(r, qRequestsOf, scanRequest, string(id))
	})
}

// Incoming are the requests that were admitted and have no shares yet, the oldest first: who leaves may pass their
// shares to them.
func Incoming(r store.Reader) ([]Request, error) { return store.List(r, qIncoming, scanRequest) }

// OfCampaign are the requests of a campaign, the oldest first.
func OfCampaign(r store.Reader, campaign string) ([]Request, error) {
	return store.List(r, qOfCampaign, scanRequest, campaign)
}

// again finds the open request that was sent before with the same words.
func again(r store.Reader, q Request) (Request, bool, error) {
	if q.fingerprint() == "" {
		return Request{}, false, nil
	}
	return store.Find(r, qOpenOf, scanRequest, q.fingerprint())
}

// searched is what a request is looked for by: names, addresses of e-mail, towns, folded.
func (q Request) searched(r store.Reader) (string, error) {
	var parts []string
	for _, s := range []Someone{q.Typed.Applicant, q.Typed.Second, q.Typed.Payer} {
		parts = append(parts, s.Full(), s.Email, s.Town)
	}
	if q.Person != "" {
		person, err := people.Standing(r, q.Person)
		if err != nil {
			return "", err
		}
		parts = append(parts, person.Full())
	}
	if q.Form != 0 {
		parts = append(parts, strconv.FormatInt(q.Form, 10))
	}
	return fold.Text(strings.Join(parts, " ")), nil
}

// Filter chooses requests; the zero filter chooses all.
type Filter struct {
	States        []State
	Channel       Channel
	Campaign      string
	Text          string // of names, an address of e-mail, a town, or the number
	Offset, Limit int64  // a limit of zero: all
}

// Sums are the sums of requests.
type Sums struct {
	Count, Shares int64
	Cents         money.Cents
}

const everything = 1 << 40

func (f Filter) args() []any {
	states, text := "", fold.Text(f.Text)
	for _, s := range f.States {
		states += "," + string(s)
	}
	if states != "" {
		states += ","
	}
	if text != "" {
		text = "%" + text + "%"
	}
	return []any{states, string(f.Channel), f.Campaign, text, strings.TrimSpace(f.Text)}
}

// Search lists requests, the latest first.
func Search(r store.Reader, f Filter) ([]Request, error) {
	if f.Limit == 0 {
		f.Limit = everything
	}
	return store.List(r, qFind, scanRequest, append(f.args(), f.Limit, f.Offset)...)
}

// SumsOf are the sums of what a filter chooses, state by state.
func SumsOf(r store.Reader, f Filter) (map[State]Sums, error) {
	all := map[State]Sums{}
	return all, store.Each(r, qSums, func(row store.Row) error {
		var state State
		var s Sums
		err := row.Scan(&state, &s.Count, &s.Shares, &s.Cents)
		all[state] = s
		return err
	}, f.args()...)
}

// Same are the numbers of open requests that describe the same applicant, class and shares: a form sent twice.
func Same(r store.Reader, q Request) (others []int64, err error) {
	if q.fingerprint() == "" {
		return nil, nil
	}
	all, err := store.List(r, qSame, store.Number, q.fingerprint())
	for _, n := range all {
		if n != q.Number {
			others = append(others, n)
		}
	}
	return others, err
}

// heldOrAsked is how many shares a person has, and has asked for: of all classes, for the bylaws limit what one person
// holds ([bylaws.Holding]); of one class, when it is named.
func heldOrAsked(r store.Reader, id people.PersonID, class register.ClassID) (int64, error) {
	sum, err := store.One(r, qAsked, store.Number, string(id), string(class))
	if err != nil {
		return 0, err
	}
	c, found, err := register.CooperatorOf(r, id)
	if err != nil || !found {
		return sum, err
	}
	held, err := register.HoldingsOf(r, c.Number, r.Today(), r.Today())
	for _, h := range held {
		if class == "" || h.Class == class {
			sum += h.Shares
		}
	}
	return sum, err
}

func keepStep(tx *store.Tx, q Request, s Step) error {
	last, err := store.One(tx, qLastPosition, store.Number, string(q.ID))
	if err != nil {
		return err
	}
	s.ID, s.Request, s.Position, s.Shares = tx.ID(), q.ID, last+1, q.Shares
	s.Day, s.At, s.Author = tx.Today(), tx.Now(), people.PersonID(tx.Actor())
	_, err = tx.Exec(qInsertStep, s.ID, string(s.Request), s.Position, string(s.State), s.Day, s.Shares,
		orNull(string(s.Decision)),
		number(int64(s.Movement)), s.Why, orNull(string(s.Author)), int64(s.At))
	if err != nil {
		return err
	}
	return tx.Seal("subscription-step", s.ID, encode(s))
}

func scanStep(row store.Row) (s Step, err error) {
	var decision, author *string
	var movement *int64
	err = row.Scan(&s.ID, &s.Request, &s.Position, &s.State, &s.Day, &s.Shares, &decision, &movement, &s.Why, &author,
		&s.At)
	s.Decision, s.Author = people.DecisionID(text(decision)), people.PersonID(text(author))
	s.Movement = register.MovementNumber(whole(movement))
	return s, err
}

// Steps are what happened to a request, in order.
func Steps(r store.Reader, id RequestID) ([]Step, error) {
	return store.List(r, qSteps, scanStep, string(id))
}

func eachStep(r store.Reader, fn func(id string, content []byte) error) error {
	return store.Each(r, qAllSteps, func(row store.Row) error {
		s, err := scanStep(row)
		if err != nil {
			return err
		}
		return fn(s.ID, encode(s))
	})
}

// newToken makes what a letter brings to the address of e-mail; its hash is kept for two weeks.
func newToken(tx *store.Tx, id RequestID) (string, error) {
	salt := tx.Salt()
	token := base64.RawURLEncoding.EncodeToString(salt[:20])
	hash := sha256.Sum256([]byte(token))
	if _, err := tx.Exec(qDropTokens, int64(tx.Now())); err != nil {
		return "", err
	}
	_, err := tx.Exec(qInsertToken, hash[:], string(id), int64(civil.At(tx.Now().Time().Add(confirmLife))))
	return token, err
}

// tokenOf is the request that a token confirms; one that is unknown or too old is refused.
func tokenOf(r store.Reader, token string) (Request, error) {
	hash := sha256.Sum256([]byte(token))
	id, found, err := store.Find(r, qToken, store.Text, hash[:], int64(r.Now()))
	if err != nil {
		return Request{}, err
	}
	if !found {
		return Request{}, fault.Refuse("subscription.refusal.token")
	}
	return Get(r, RequestID(id))
}

func insertForm(tx *store.Tx, f Form) error {
	_, err := tx.Exec(qInsertForm, f.Number, f.Due, string(f.Class), string(f.Language), int64(f.PrintedAt),
		orNull(string(f.Author)),
		string(f.ogm))
	return err
}

func spoilForm(tx *store.Tx, n int64, why string) error {
	_, err := tx.Exec(qSpoilForm, n, int64(tx.Now()), why)
	return err
}

func scanForm(row store.Row) (f Form, err error) {
	var author, request *string
	var spoiled, taken *int64
	err = row.Scan(&f.Number, &f.Due, &f.ogm, &f.Class, &f.Language, &f.PrintedAt, &author, &spoiled, &f.Why, &request,
		&taken)
	f.Author, f.Request = people.PersonID(text(author)), RequestID(text(request))
	f.SpoiledAt, f.Taken = civil.Instant(whole(spoiled)), whole(taken)
	return f, err
}

// Forms are the blanks that were printed, the latest first.
func Forms(r store.Reader) ([]Form, error) { return store.List(r, qForms, scanForm) }

// FormNumbered reads a blank; an unknown number is refused.
func FormNumbered(r store.Reader, n int64) (Form, error) {
	f, found, err := store.Find(r, qForm, scanForm, n)
	if err == nil && !found {
		err = fault.Refuse("subscription.refusal.no-form", "number", n).At("form")
	}
	return f, err
}

// Asked are the requests of a campaign that count. It is for offer.Hooks.Asked.
func Asked(r store.Reader, id offer.CampaignID) (list []offer.AskedShares, err error) {
	all, err := OfCampaign(r, string(id))
	if err != nil {
		return nil, err
	}
	paid := map[payment.DueID]money.Cents{}
	err = store.Each(r, qPaidOfCampaign, func(row store.Row) error {
		var due payment.DueID
		var received money.Cents
		err := row.Scan(&due, &received)
		paid[due] = received
		return err
	}, string(id))
	if err != nil {
		return nil, err
	}
	for _, q := range all {
		if !q.counts() {
			continue
		}
		a := offer.AskedShares{Ref: string(q.ID), Person: q.Person, Number: q.Number, On: q.SentAt.On(r.Zone()),
			Shares: q.Shares}
		if q.State == Issued {
			a.Least = q.Shares // they exist
		}
		a.Paid = paid[q.Due]
		list = append(list, a)
	}
	return list, nil
}

// counts says whether a request counts as asked: its address answered, and it did not come to nothing.
func (q Request) counts() bool {
	return q.State == Confirmed || q.State == Waiting || q.State == Admitted || q.State == Issued
}

// Raised is what is asked for between two days and not issued yet, by holder: what the thresholds of a public offer
// count beside the issues of the register. A holder who is not in the books yet counts under their request.
func Raised(r store.Reader, from, to civil.Date) (total money.Cents, by map[people.PersonID]money.Cents, err error) {
	by = map[people.PersonID]money.Cents{}
	err = store.Each(r, qOpen, func(row store.Row) error {
		q, err := scanRequest(row)
		if day := q.SentAt.On(r.Zone()); err != nil || day.Before(from) || day.After(to) {
			return err
		}
		who := q.Person
		if who == "" {
			who = people.PersonID(q.ID)
		}
		total += q.Amount()
		by[who] += q.Amount()
		return nil
	})
	return total, by, err
}

// Forget erases what was typed about a person. It is for people.Hooks.Erase.
func Forget(tx *store.Tx, id people.PersonID) error {
	_, err := tx.Exec(qEmpty, string(id))
	return err
}

// keptMonths is how long what was typed is kept after a request came to nothing.
const keptMonths = 12

// Sweep erases what was typed in requests that came to nothing a year ago.
func Sweep(tx *store.Tx) error {
	before := civil.At(tx.Today().AddMonths(-keptMonths).Time())
	_, err := tx.Exec(qEmptyOld, int64(before))
	return err
}

func insertLetter(tx *store.Tx, l Letter) error {
	_, err := tx.Exec(qInsertLetter, l.ID, string(l.Request), string(l.Kind), string(l.Channel), int64(l.At),
		orNull(string(l.Author)), number(int64(l.Printed)))
	return err
}

func printLetter(tx *store.Tx, id string) error {
	_, err := tx.Exec(qPrintLetter, id, int64(tx.Now()))
	return err
}

func scanLetter(row store.Row) (l Letter, err error) {
	var author *string
	var printed *int64
	err = row.Scan(&l.ID, &l.Request, &l.Kind, &l.Channel, &l.At, &author, &printed)
	l.Author, l.Printed = people.PersonID(text(author)), civil.Instant(whole(printed))
	return l, err
}

func insertCalled(tx *store.Tx, n register.MovementNumber, id payment.DueID) error {
	_, err := tx.Exec(qInsertCalled, int64(n), string(id))
	return err
}

// calledBy are the payments on shares by which the register took up what came for a due, in their order.
func calledBy(r store.Reader, id payment.DueID) ([]register.MovementNumber, error) {
	return store.List(r, qCalled, func(row store.Row) (n register.MovementNumber, err error) {
		return n, row.Scan(&n)
	}, string(id))
}

func insertSurplus(tx *store.Tx, id payment.CreditID, due payment.DueID) error {
	_, err := tx.Exec(qInsertSurplus, string(id), string(due))
	return err
}

func setSurplus(tx *store.Tx, id payment.CreditID, back money.Cents) error {
	_, err := tx.Exec(qSetSurplus, string(id), int64(back))
	return err
}

// surplusOf are the credits for what a call received above what the shares lacked, the oldest first.
func surplusOf(r store.Reader, due payment.DueID) ([]owedBack, error) {
	list, err := store.List(r, qSurplus, func(row store.Row) (o owedBack, err error) {
		return o, row.Scan(&o.credit.ID, &o.back)
	}, string(due))
	for i := range list {
		if err == nil {
			list[i].credit, err = payment.CreditByID(r, list[i].credit.ID)
		}
	}
	return list, err
}

// Letters are the letters about a request, in their order.
func Letters(r store.Reader, id RequestID) ([]Letter, error) {
	return store.List(r, qLetters, scanLetter, string(id))
}

// LettersToPost are the letters that wait to be printed, the oldest first.
func LettersToPost(r store.Reader) ([]Letter, error) {
	return store.List(r, qLettersToPost, scanLetter, int64(MaxPrint))
}

// LettersPrinted are the letters that were printed together at a moment.
func LettersPrinted(r store.Reader, at civil.Instant) ([]Letter, error) {
	return store.List(r, qLettersAt, scanLetter, int64(at))
}

// Attach joins a scan or a photograph to a request; the one before stays in the books.
func Attach(tx *store.Tx, id RequestID, scan string) error {
	q, err := Get(tx, id)
	if err != nil {
		return err
	}
	q.Form, q.Scan = 0, scan
	if err := q.mayStand(tx); err != nil {
		return err
	}
	tx.Record(q.line(nil))
	_, err = tx.Exec(qSetScan, string(id), scan)
	return err
}
