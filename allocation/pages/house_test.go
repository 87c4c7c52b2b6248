package pages

import (
	"io"
	"log/slog"
	"net/http"
	"testing"

	"lieux/base/store"
	"lieux/base/web"
)

// Every form that is refused leads back to a page, and no two routes answer the same address.
func TestRoutesLeadSomewhere(t *testing.T) {
	routes := Pages{DB: &store.DB{}}.Routes()
	if dead := web.DeadEnds(routes); dead != nil {
		t.Errorf("dead ends: %v", dead)
	}
	site := web.Site{Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	site.Mount(http.NewServeMux(), routes...)
}
