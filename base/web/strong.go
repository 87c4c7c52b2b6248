package web

// How is by what somebody signed in.
type How string

// The ways in.
const (
	ByEmail   How = "email"   // a letter to an e-mail address
	ByLink    How = "link"    // a link that who keeps the machine printed
	ByPasskey How = "passkey" // a key that lies in a telephone or computer of theirs
	ByPaper   How = "paper"   // a code that the office sent by post or gave at the door
	ByCard    How = "card"    // the code on a voting card
)

// Strong says whether nobody else can have come in this way: neither who reads the same e-mail box, nor who printed a
// link.
func (h How) Strong() bool { return h == ByPasskey || h == ByPaper || h == ByCard }

// NeedStrong lets on who entered by a passkey, by a code on paper or by a card, and who entered otherwise but shares no
// e-mail address with anybody. To others it is the error of a page that says why, and how to enter: for voting from
// afar, changing an account number, resigning, adding a passkey. A whole route asks for it by Route.Strong.
func (q *Request) NeedStrong() error { return q.site.needStrong(q.R.Context(), q.Who) }
