package web

// Kind is the meaning of a notice or badge: one of five, each with its own colour, shape and, always, a word.
type Kind string

// The meanings.
const (
	Info Kind = "info" // leads elsewhere, informs
	Yes  Kind = "yes"  // confirmed
	Wait Kind = "wait" // waits, or ends soon
	No   Kind = "no"   // refuses, is late, asks for somebody
	Off  Kind = "off"  // over, or not yet
)

func (k Kind) notice() string { return "notice--" + string(k) }
func (k Kind) badge() string  { return "badge--" + string(k) }
