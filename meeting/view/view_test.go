package view

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"lieux/base/web"
	"lieux/base/web/webtest"
	"lieux/meeting"
)

// The bar leads where the reader may go, and nowhere else: a teller without a role finds the console beside what members
// read, and neither the letters nor the door.
func TestTheBarLeadsWhereOneMayGo(t *testing.T) {
	everybody := []web.Who{{Person: "maite", Roles: web.Office}, {Person: "pascale", Roles: web.Board}, {Person: "jeanne"}}
	var charged bool
	routes := []web.Route{{Pattern: "GET /meetings/{name}", Allow: web.Member, Handle: func(q *web.Request) error {
		bar := Bar
		if charged {
			bar = Whole
		}
		return q.Page(bar(meeting.Meeting{Name: "ag-2026"}, time.UTC, Prepare))
	}}}
	for _, c := range []struct {
		who     string
		charged bool
		doors   string
	}{
		{"maite", false, "Préparer Convoquer Présences Console Procès-verbal"},
		{"pascale", false, "Préparer Convoquer Présences Console Procès-verbal"},
		{"jeanne", false, "Préparer Procès-verbal"},
		{"jeanne", true, "Préparer Console Procès-verbal"},
	} {
		charged = c.charged
		page := webtest.Open(t, c.who, everybody, routes, []fs.FS{meeting.Phrases}...).Get("/meetings/ag-2026").Body
		var shown []string
		for _, door := range []string{"Préparer", "Convoquer", "Présences", "Console", "Procès-verbal"} {
			if strings.Contains(page, ">"+door+"<") {
				shown = append(shown, door)
			}
		}
		if !slices.Equal(shown, strings.Fields(c.doors)) {
			t.Errorf("%s, charged %v: %v", c.who, c.charged, shown)
		}
	}
}
