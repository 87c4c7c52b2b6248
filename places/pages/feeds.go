package pages

import (
	"encoding/json"
	"encoding/xml"
	"strings"
	"time"

	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/web"
	"lieux/places"
)

// feature is a place as a feature of GeoJSON (RFC 7946).
type feature struct {
	Type       string     `json:"type"`
	ID         string     `json:"id"`
	Geometry   *geometry  `json:"geometry"` // null when nobody said where it lies
	Properties properties `json:"properties"`
}

// geometry is a point: longitude before latitude.
type geometry struct {
	Type        string         `json:"type"`
	Coordinates [2]json.Number `json:"coordinates"`
}

type properties struct {
	Name        string `json:"name"`
	Address     string `json:"address,omitempty"`
	Description string `json:"description,omitempty"`
	URL         string `json:"url"`
	Free        int    `json:"freeSpaces"`
	Occupants   int    `json:"occupants"`
}

type collection struct {
	Type     string    `json:"type"`
	Features []feature `json:"features"`
}

func pointOf(p places.Point) *geometry {
	if !p.Known() {
		return nil
	}
	return &geometry{"Point", [2]json.Number{json.Number(places.Decimal(p.Lon)), json.Number(places.Decimal(p.Lat))}}
}

// geoJSON gives the places out as features.
func (s *screens) geoJSON(q *web.Request) error {
	o, _, err := s.outsideNow(q)
	if err != nil {
		return err
	}
	all := collection{Type: "FeatureCollection", Features: []feature{}}
	for i := range o.Places {
		v := o.place(q, i)
		all.Features = append(all.Features, feature{"Feature", v.Glance.Place.Name, pointOf(v.Point), properties{
			Name: v.Title, Address: v.Address,
			Description: strings.Join(v.Text.Lines, "\n"), URL: s.Links + v.Href, Free: v.Free,
			Occupants: len(v.Cards)}})
	}
	return sendPublic(q, "application/geo+json", marshal(all))
}

func marshal(v any) []byte {
	raw, err := json.Marshal(v)
	fault.Must(err == nil, "what is made here is always JSON: %v", err)
	return raw
}

// What schema.org calls things; what is empty is left out.
type ld struct {
	Context     string  `json:"@context,omitempty"`
	Type        string  `json:"@type"`
	ID          string  `json:"@id,omitempty"`
	Name        string  `json:"name,omitempty"`
	Description string  `json:"description,omitempty"`
	URL         string  `json:"url,omitempty"`
	Lang        string  `json:"inLanguage,omitempty"`
	Address     *ld     `json:"address,omitempty"`
	Street      string  `json:"streetAddress,omitempty"`
	Postcode    string  `json:"postalCode,omitempty"`
	Town        string  `json:"addressLocality,omitempty"`
	Country     string  `json:"addressCountry,omitempty"`
	Geo         *ld     `json:"geo,omitempty"`
	Lat         *number `json:"latitude,omitempty"`
	Lon         *number `json:"longitude,omitempty"`
	Email       string  `json:"email,omitempty"`

	Images   []string `json:"image,omitempty"`
	SameAs   []string `json:"sameAs,omitempty"`
	Knows    string   `json:"knowsAbout,omitempty"`
	Contains []ld     `json:"containsPlace,omitempty"`
	Location []ld     `json:"location,omitempty"`
	Events   []ld     `json:"event,omitempty"`
	Start    string   `json:"startDate,omitempty"`
	End      string   `json:"endDate,omitempty"`
	Floor    *ld      `json:"floorSize,omitempty"`
	Value    *number  `json:"value,omitempty"`
	Unit     string   `json:"unitCode,omitempty"`
}

type number = json.Number

func numeral(text string) *number {
	n := number(text)
	return &n
}

// ldOfHouse tells machines whose places these are.
func ldOfHouse(links string, at visit, tag lang.Tag) ld {
	return ld{Context: "https://schema.org", Type: "Organization", Name: at.House, URL: links + pathVisit,
		Email: at.Contact, Lang: string(tag)}
}

func placeLD(links string, g *places.Glance, o places.Outside) ld {
	p := g.Place
	one := ld{Type: "Place", ID: links + pathVisitPlace(p), Name: p.Title, URL: links + pathVisitPlace(p),
		Address: &ld{Type: "PostalAddress", Street: p.Street, Postcode: p.Postcode, Town: p.Town}}
	if o.Point.Known() {
		one.Geo = &ld{Type: "GeoCoordinates", Lat: numeral(places.Decimal(o.Point.Lat)),
			Lon: numeral(places.Decimal(o.Point.Lon))}
	}
	return one
}

// ldOfPlace tells machines what a place is, and which of its spaces are free.
func ldOfPlace(links string, page visitPlacePage) ld {
	one := placeLD(links, page.Place.Glance, page.Place.Outside)
	one.Context, one.Description = "https://schema.org", strings.Join(page.Place.Text.Lines, "\n")
	for _, photo := range page.Photos {
		one.Images = append(one.Images, links+pathPicture(photo.Document))
	}
	for i, s := range page.Place.Spaces {
		if !isFree(page.Place.Briefs[i].State) {
			continue
		}
		room := ld{Type: "Room", Name: s.Name()}
		if s.Area > 0 {
			room.Floor = &ld{Type: "QuantitativeValue", Value: numeral(strings.ReplaceAll(s.Area.Plain(), ",", ".")),
				Unit: "MTK"}
		}
		one.Contains = append(one.Contains, room)
	}
	return one
}

// ldOfCard tells machines what an occupant has written.
func ldOfCard(links string, page visitCardPage, o outside) ld {
	c := page.Card
	one := ld{Context: "https://schema.org", Type: "Organization", ID: links + c.Href, Name: c.Title, URL: links + c.Href,
		Description: strings.Join(c.Text.Lines, "\n"), Knows: c.Practice.Text}
	for _, l := range c.Links {
		one.SameAs = append(one.SameAs, l.URL)
	}
	for _, p := range c.Pictures {
		one.Images = append(one.Images, links+pathPicture(p.Document))
	}
	for _, p := range o.Places {
		for _, i := range p.Cards {
			if o.Cards[i].Name == c.Name {
				one.Location = append(one.Location, placeLD(links, p.Glance, p.Outside))
			}
		}
	}
	for _, d := range page.Days {
		e := ld{Type: "Event", Name: d.Title(c.Title), Start: d.On.String(), URL: links + c.Href, Location: one.Location}
		if d.From != "" {
			e.Start += "T" + d.From
		}
		if d.To != "" {
			e.End = d.On.String() + "T" + d.To
		}
		one.Events = append(one.Events, e)
	}
	return one
}

// Title is what the day is called: what happens, or who opens.
func (d visitDay) Title(who string) string {
	if d.What != "" {
		return d.What
	}
	return who
}

// The news as RSS 2.0.
type rss struct {
	XMLName xml.Name `xml:"rss"`
	Version string   `xml:"version,attr"`
	Channel channel  `xml:"channel"`
}

type channel struct {
	Title       string `xml:"title"`
	Link        string `xml:"link"`
	Description string `xml:"description"`
	Language    string `xml:"language"`
	Items       []item `xml:"item"`
}

type item struct {
	Title       string `xml:"title"`
	Link        string `xml:"link"`
	Description string `xml:"description"`
	GUID        guid   `xml:"guid"`
	Published   string `xml:"pubDate,omitempty"`
}

type guid struct {
	Permanent bool   `xml:"isPermaLink,attr"`
	ID        string `xml:",chardata"`
}

// maxItems is how many news a reader gets.
const maxItems = 100

// news gives out the days to come and the spaces that are free.
func (s *screens) news(q *web.Request) error {
	o, at, err := s.outsideNow(q)
	if err != nil {
		return err
	}
	c := channel{Title: q.T("places.visit.of", "house", at.House), Link: s.Links + pathVisit,
		Description: q.T("places.visit.lede"), Language: string(q.P.Tag), Items: []item{}}
	for _, d := range o.days(q, at.Today, "") {
		var where []string
		for _, l := range d.Where {
			where = append(where, l.Text)
		}
		words := strings.Trim(strings.Join([]string{d.When, d.At, strings.Join(where, ", ")}, ", "), ", ")
		c.Items = append(c.Items, item{Title: d.Who.Text + " : " + d.Title(q.T("places.visit.open-day")),
			Link: s.Links + d.Who.Href, Description: words, Published: d.Said.Time().UTC().Format(time.RFC1123Z),
			GUID: guid{ID: s.Links + d.Who.Href + "#" + d.On.String() + d.From}})
	}
	for _, f := range o.Free[:min(len(o.Free), maxItems)] {
		v, space := f.visit(q.P), f.space()
		one := item{Title: q.T("places.visit.free-item", "space", v.Title, "place", v.Place.Text),
			Link: s.Links + v.Place.Href, Description: strings.Join([]string{v.Use, v.Area, v.When}, ", "),
			GUID: guid{ID: "space-" + string(space.ID) + "-" + space.Since.String() + space.Ends.String()}}
		if !space.Since.IsZero() {
			one.Published = space.Since.Time().UTC().Format(time.RFC1123Z)
		}
		c.Items = append(c.Items, one)
	}
	c.Items = c.Items[:min(len(c.Items), maxItems)]
	raw, err := xml.MarshalIndent(rss{Version: "2.0", Channel: c}, "", " ")
	fault.Must(err == nil, "what is made here is always XML: %v", err)
	return sendPublic(q, "application/rss+xml; charset=utf-8", append([]byte(xml.Header), raw...))
}

type urlSet struct {
	XMLName xml.Name  `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	URLs    []siteURL `xml:"url"`
}

type siteURL struct {
	Loc string `xml:"loc"`
	Mod string `xml:"lastmod,omitempty"`
}

// siteMap lists the public pages for those that look for them.
func (s *screens) siteMap(q *web.Request) error {
	o, _, err := s.outsideNow(q)
	if err != nil {
		return err
	}
	zone := s.DB.Zone()
	var all urlSet
	for _, path := range []string{pathVisit, pathFree, pathOccupants, pathFlats, pathMap} {
		all.URLs = append(all.URLs, siteURL{Loc: s.Links + path})
	}
	for _, p := range o.Places {
		all.URLs = append(all.URLs, siteURL{s.Links + pathVisitPlace(p.Glance.Place), p.Outside.At.On(zone).String()})
	}
	for _, c := range o.Cards {
		all.URLs = append(all.URLs, siteURL{s.Links + pathVisitCard(c.Card), c.At.On(zone).String()})
	}
	raw, err := xml.Marshal(all)
	fault.Must(err == nil, "what is made here is always XML: %v", err)
	return sendPublic(q, "application/xml; charset=utf-8", append([]byte(xml.Header), raw...))
}
