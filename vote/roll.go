package vote

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"lieux/base/fault"
)

// Limits of a roll.
const (
	MaxVoters   = 1_000_000     // people who vote in one assembly
	MaxMandates = 1_000_000     // mandates of all voters together
	MaxShares   = 1_000_000_000 // shares of one mandate
	MaxName     = 64            // bytes of a class or of a voter's id
)

// Title is why a voter votes for a holder.
type Title string

// The titles of a mandate.
const (
	Own   Title = "own"   // the voter's own shares
	Body  Title = "body"  // a legal person that the voter represents
	Proxy Title = "proxy" // a holder who gave the voter a proxy
)

// Mandate is what a voter votes for: the shares of one class of one holder.
type Mandate struct {
	// cooperator number, above 0; a house without shares numbers its members too
	Holder int64  `json:"holder"`
	Class  string `json:"class,omitempty"` // share class; may be empty when there is one class
	Shares int64  `json:"shares"`          // 0 to MaxShares
	Title  Title  `json:"title"`
}

// Voter is one person in the room (or at a distance) with the mandates that this person votes.
type Voter struct {
	ID       string    `json:"id"` // opaque; the person's id
	Mandates []Mandate `json:"mandates"`
}

// Roll is who votes for whom at the moment of a vote: present and represented. One holder is voted by one voter only.
// The zero value is an empty room. Who stands on it is decided before (register, attendance, proxies): here nobody is
// added or left out.
type Roll struct {
	voters []Voter // by id; mandates by holder and class
}

// maxRefusals bounds what one bad list answers.
const maxRefusals = 20

// NewRoll checks the voters and puts them in order, so that the same room gives the same result whatever the order of
// arrival.
func NewRoll(voters []Voter) (Roll, error) {
	if len(voters) > MaxVoters {
		return Roll{}, fault.Refuse("vote.refusal.too-many-voters", "n", int64(MaxVoters))
	}
	check := rollCheck{ids: make(map[string]bool, len(voters)), voterOf: make(map[int64]string, len(voters))}
	roll := Roll{make([]Voter, 0, len(voters))}
	for _, v := range voters {
		v.Mandates = slices.Clone(v.Mandates)
		slices.SortFunc(v.Mandates, func(a, b Mandate) int {
			return cmp.Or(cmp.Compare(a.Holder, b.Holder), cmp.Compare(a.Class, b.Class))
		})
		check.voter(v)
		if len(check.refusals) >= maxRefusals {
			break
		}
		roll.voters = append(roll.voters, v)
	}
	if err := check.refusals.Err(); err != nil {
		return Roll{}, err
	}
	slices.SortFunc(roll.voters, func(a, b Voter) int { return cmp.Compare(a.ID, b.ID) })
	return roll, nil
}

// rollCheck holds what was seen of a roll so far.
type rollCheck struct {
	ids      map[string]bool
	voterOf  map[int64]string
	mandates int
	refusals fault.Refusals
}

func (c *rollCheck) refuse(code string, kv ...any) {
	c.refusals = append(c.refusals, fault.Refuse("vote.refusal."+code, kv...))
}

func (c *rollCheck) voter(v Voter) {
	switch {
	case !isName(v.ID) || v.ID == "":
		c.refuse("voter-id")
	case c.ids[v.ID]:
		c.refuse("voter-twice", "voter", v.ID)
	case len(v.Mandates) == 0:
		c.refuse("voter-empty", "voter", v.ID)
	}
	c.ids[v.ID] = true
	if c.mandates += len(v.Mandates); c.mandates > MaxMandates {
		c.refuse("too-many-mandates", "n", int64(MaxMandates))
		return
	}
	own := int64(0)
	for i, m := range v.Mandates {
		if len(c.refusals) >= maxRefusals {
			return
		}
		c.mandate(m)
		if voter, seen := c.voterOf[m.Holder]; seen && voter != v.ID {
			c.refuse("holder-twice", "holder", number(m.Holder))
		}
		c.voterOf[m.Holder] = v.ID
		if i > 0 && v.Mandates[i-1].Holder == m.Holder && (v.Mandates[i-1].Class == m.Class ||
			v.Mandates[i-1].Title != m.Title) {
			c.refuse("holder-twice", "holder", number(m.Holder))
		}
		if m.Title == Own {
			if own != 0 && own != m.Holder {
				c.refuse("own-twice", "voter", v.ID)
			}
			own = m.Holder
		}
	}
}

func (c *rollCheck) mandate(m Mandate) {
	if m.Holder < 1 {
		c.refuse("holder-number")
	}
	if m.Shares < 0 || m.Shares > MaxShares {
		c.refuse("shares", "holder", number(m.Holder), "limit", int64(MaxShares))
	}
	if !isName(m.Class) {
		c.refuse("class", "n", MaxName)
	}
	if !known(m.Title, Own, Body, Proxy) {
		c.refusals = append(c.refusals, unknownWord(string(m.Title)).At("title"))
	}
}

// isName says whether a text may be a class or an id.
func isName(s string) bool {
	return len(s) <= MaxName && utf8.ValidString(s) && strings.IndexFunc(s, unicode.IsControl) < 0
}

// number writes a cooperator number, which is a name: its thousands are not parted.
func number(n int64) string { return strconv.FormatInt(n, 10) }

// MustRoll is NewRoll for voters written in the code; it panics on an invalid one.
func MustRoll(voters ...Voter) Roll {
	r, err := NewRoll(voters)
	fault.Must(err == nil, "%v", err)
	return r
}

// Present counts the roll in both units. A holder with shares of two classes is one head.
func (r Roll) Present() Sides {
	heads, shares := int64(0), int64(0)
	for _, v := range r.voters {
		for i, m := range v.Mandates {
			if i == 0 || v.Mandates[i-1].Holder != m.Holder {
				heads++
			}
			shares += m.Shares
		}
	}
	return Both(heads, shares)
}

// Class is the part of the roll that votes with the shares of one class.
func (r Roll) Class(class string) Roll {
	var part Roll
	for _, v := range r.voters {
		var mandates []Mandate
		for _, m := range v.Mandates {
			if m.Class == class {
				mandates = append(mandates, m)
			}
		}
		if len(mandates) > 0 {
			part.voters = append(part.voters, Voter{v.ID, mandates})
		}
	}
	return part
}

// Classes are the classes on the roll, sorted.
func (r Roll) Classes() []string {
	seen := map[string]bool{}
	for _, v := range r.voters {
		for _, m := range v.Mandates {
			seen[m.Class] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// Voters are a copy of the voters, by id.
func (r Roll) Voters() []Voter {
	voters := slices.Clone(r.voters)
	for i := range voters {
		voters[i].Mandates = slices.Clone(voters[i].Mandates)
	}
	return voters
}

// MarshalJSON writes the list of voters.
func (r Roll) MarshalJSON() ([]byte, error) {
	if r.voters == nil {
		return []byte("[]"), nil
	}
	return json.Marshal(r.voters)
}

// UnmarshalJSON reads a list of voters and checks it as NewRoll does.
func (r *Roll) UnmarshalJSON(raw []byte) error {
	var voters []Voter
	if err := json.Unmarshal(raw, &voters); err != nil {
		return fmt.Errorf("vote: %w", err)
	}
	roll, err := NewRoll(voters)
	if err != nil {
		return err
	}
	*r = roll
	return nil
}
