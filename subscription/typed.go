package subscription

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"lieux/base/fold"
	"lieux/people"
)

// tidied is the draft with its spaces set right, and without what its choices leave out.
func (d Draft) tidied() Draft {
	t := &d.Typed
	for _, one := range []*Someone{&t.Applicant, &t.Second, &t.Payer} {
		one.tidy()
	}
	t.Quality, t.Message = oneLine(t.Quality), strings.TrimSpace(t.Message)
	if t.Applicant.Kind == people.Legal {
		t.Applicant.Given, t.Applicant.Family = "", ""
		if d.Purpose == Child {
			d.Purpose = Self
		}
	} else {
		t.Applicant.Name, t.Applicant.Form, t.Applicant.Enterprise = "", "", ""
		if d.Purpose != Child {
			t.Second = Someone{}
		}
	}
	if d.Purpose != Gift {
		t.Payer = Someone{}
	}
	if d.Person != "" {
		t.Applicant, t.Second = Someone{}, Someone{}
	}
	return d
}

func (s *Someone) tidy() {
	for _, field := range []*string{&s.Given, &s.Family, &s.Name, &s.Form, &s.Enterprise, &s.Quality, &s.Email, &s.Phone,
		&s.Street,
		&s.Postcode, &s.Town, &s.Country, &s.IBAN} {
		*field = oneLine(*field)
	}
	s.IBAN = strings.ToUpper(strings.ReplaceAll(s.IBAN, " ", ""))
}

// oneLine drops what prints nothing and makes one space of many.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && !unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
	return norm.NFC.String(strings.Join(strings.Fields(s), " "))
}

// fingerprint is the same for the same shares asked twice by the same applicant; empty when nobody is described.
func (q Request) fingerprint() string {
	a := q.Typed.Applicant
	if a.Empty() {
		if q.Person == "" {
			return ""
		}
		return "person " + string(q.Person) + " " + string(q.Class)
	}
	sum := sha256.Sum256(encode([]any{fold.Text(a.Full()), a.Birth, a.Enterprise, fold.Text(a.Email),
		fold.Text(a.Postcode), q.Class, q.Shares}))
	return hex.EncodeToString(sum[:16])
}

// Described is one of those whom a request describes: the applicant, who represents or guards them, who pays.
type Described struct {
	Role string // "applicant", "second", "payer"
	Who  Someone
}

// Described are those whom a request describes, the applicant first; none when a person of the books asked.
func (q Request) Described() (list []Described) {
	for _, one := range []Described{{"applicant", q.Typed.Applicant}, {"second", q.Typed.Second},
		{"payer", q.Typed.Payer}} {
		if one.Who.Empty() {
			continue
		}
		if one.Who.Kind == "" {
			one.Who.Kind = people.Natural
		}
		list = append(list, one)
	}
	return list
}
