package places

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"net/mail"
	"slices"
	"strings"
	"unicode/utf8"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/people"
)

// Point is where a place lies, in millionths of a degree; the zero point is not known.
type Point struct{ Lon, Lat int64 }

// Known says whether the point is known.
func (p Point) Known() bool { return p != Point{} }

// million is the number of parts in a degree.
const million = 1_000_000

// ParsePoint reads latitude and longitude as people copy them from a map: decimal degrees, with a point or a comma.
func ParsePoint(lat, lon string) (p Point, err error) {
	if lat = strings.TrimSpace(lat); lat == "" && strings.TrimSpace(lon) == "" {
		return p, nil
	}
	var wrong fault.Refusals
	for _, c := range []struct {
		field, text string
		most        int64
		into        *int64
	}{{"lat", lat, 90, &p.Lat}, {"lon", strings.TrimSpace(lon), 180, &p.Lon}} {
		n, ok := microdegrees(c.text)
		if !ok || n > c.most*million || n < -c.most*million {
			wrong = append(wrong, fault.Refuse("places.refusal.degrees", "most", c.most).At(c.field))
		}
		*c.into = n
	}
	return p, wrong.Err()
}

func microdegrees(text string) (int64, bool) {
	if len(text) > 20 || !goodNumber.MatchString(strings.Replace(text, ",", ".", 1)) || strings.Trim(text, "+-.,") == "" {
		return 0, false
	}
	r, ok := new(big.Rat).SetString(strings.Replace(text, ",", ".", 1))
	if !ok {
		return 0, false
	}
	n, err := parseWhole(r.Mul(r, big.NewRat(million, 1)).FloatString(0))
	return n, err == nil
}

func parseWhole(text string) (n int64, err error) {
	_, err = fmt.Sscan(text, &n)
	return n, err
}

// Decimal writes millionths of a degree as a decimal number: 5590000 is "5.59".
func Decimal(micro int64) string {
	sign := ""
	if micro < 0 {
		sign, micro = "-", -micro
	}
	text := fmt.Sprintf("%s%d.%06d", sign, micro/million, micro%million)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

// Texts say the same in several languages; a language that is not there is empty.
type Texts map[lang.Tag]string

// In is the text for a reader: in their language, else in the first one there is; tag is the language that it is in.
func (t Texts) In(want lang.Tag) (text string, tag lang.Tag) {
	for _, tag := range append([]lang.Tag{want}, lang.Tags...) {
		if t[tag] != "" {
			return t[tag], tag
		}
	}
	return "", want
}

// UnmarshalJSON reads a text by language. One alone, as practices were kept at first, is in the house’s first language.
func (t *Texts) UnmarshalJSON(data []byte) error {
	var alone string
	if json.Unmarshal(data, &alone) == nil {
		*t = Texts{lang.Tags[0]: alone}
		return nil
	}
	return json.Unmarshal(data, (*map[lang.Tag]string)(t))
}

// All are the texts in every language, one after the other.
func (t Texts) All() string {
	var all []string
	for _, tag := range lang.Tags {
		if t[tag] != "" {
			all = append(all, t[tag])
		}
	}
	return strings.Join(all, " / ")
}

// tidy leaves out what is empty, and refuses what is too long or in no language of the house.
func (t Texts) tidy(field string, limit int) (wrong fault.Refusals) {
	for _, tag := range slices.Sorted(maps.Keys(t)) {
		switch {
		case !lang.Known(string(tag)):
			wrong = append(wrong, fault.Refuse("places.refusal.language").At(field))
		case utf8.RuneCountInString(t[tag]) > limit:
			wrong = append(wrong, fault.Refuse("places.refusal.too-long", "limit", limit).At(field+"-"+string(tag)))
		}
	}
	maps.DeleteFunc(t, func(_ lang.Tag, text string) bool { return strings.TrimSpace(text) == "" })
	return wrong
}

// Outside is what the office shows of a place to everybody, from a moment on. The one written last counts.
type Outside struct {
	ID    string
	Place PlaceID
	Shown bool // without it nothing of the place is seen from outside
	Point Point
	OutsideMore
	At civil.Instant
	By people.PersonID
}

// OutsideMore is what of it nothing is reckoned with.
type OutsideMore struct {
	Texts   Texts    // what the place is, for who has never been there
	Apply   Texts    // how one gets a space in it
	Contact string   // a public e-mail address; may be empty
	Photos  []string // ids of the photographs that everybody may see
	Plans   bool     // the plans too: spaces and whether they are free, without a name and without a practice
}

const maxAddress = 120

// ShowOutside says what everybody may see of a place from now on, or that nobody sees it any more.
func ShowOutside(tx *store.Tx, o Outside) error {
	place, err := PlaceByID(tx, o.Place, Now(tx))
	if err != nil {
		return err
	}
	wrong := append(o.Texts.tidy("text", MaxText), o.Apply.tidy("apply", MaxText)...)
	if place.Closed && o.Shown {
		wrong = append(wrong, fault.Refuse("places.refusal.closed", "place", place.Title).At("shown"))
	}
	if o.Point.Lat < -90*million || o.Point.Lat > 90*million {
		wrong = append(wrong, fault.Refuse("places.refusal.degrees", "most", 90).At("lat"))
	}
	if o.Point.Lon < -180*million || o.Point.Lon > 180*million {
		wrong = append(wrong, fault.Refuse("places.refusal.degrees", "most", 180).At("lon"))
	}
	if o.Contact != "" && !goodAddress(o.Contact) {
		wrong = append(wrong, fault.Refuse("places.refusal.email").At("contact"))
	}
	papers, err := Papers(tx, o.Place)
	if err != nil {
		return err
	}
	for _, id := range o.Photos {
		if !slices.ContainsFunc(papers, func(p Paper) bool { return p.ID == id && p.Kind == Photo }) {
			wrong = append(wrong, fault.Refuse("places.refusal.unknown-paper").At("photos"))
		}
	}
	if len(wrong) > 0 {
		return wrong
	}
	o.ID, o.At, o.By = tx.ID(), tx.Now(), people.PersonID(tx.Actor())
	state := lang.Say("places.outside.hidden")
	if o.Shown {
		state = lang.Say("places.outside.shown")
	}
	tx.Record(store.Line{About: []store.Ref{o.Place.Ref()}, Args: map[string]any{"place": place.Title, "state": state}})
	tx.Answer(place.Name)
	return insertOutside(tx, o)
}

// goodAddress says whether a text is one address of e-mail and nothing else.
func goodAddress(text string) bool {
	a, err := mail.ParseAddress(text)
	return err == nil && a.Address == text && len(text) <= maxAddress && !strings.ContainsAny(text, " \r\n\t")
}

// OutsideOf is what is shown of a place to everybody; the zero one, which shows nothing, where nothing was said.
func OutsideOf(r store.Reader, place PlaceID) (Outside, error) {
	o, _, err := store.Find(r, qOutside, scanOutside, string(place))
	o.Place = place
	return o, err
}

// Outsides is what is shown of every place of which something was said.
func Outsides(r store.Reader) (map[PlaceID]Outside, error) {
	all := map[PlaceID]Outside{}
	return all, store.Each(r, qOutsides, func(row store.Row) error {
		o, err := scanOutside(row)
		all[o.Place] = o
		return err
	})
}
