package app

import (
	"context"
	"strings"

	"lieux/base/lang"
	"lieux/base/web"
)

// languages are the three, each by its own name.
func languages() []web.Option {
	return []web.Option{{Value: "fr", Label: "français"}, {Value: "nl", Label: "Nederlands"}, {Value: "en",
		Label: "English"}}
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

func searchLede(ctx context.Context, text string, n int) string {
	if text == "" {
		return lang.T(ctx, "app.search.how")
	}
	return lang.T(ctx, "app.search.found", "n", n, "text", text)
}

// linksIn are the addresses of a letter that lead to us.
func linksIn(text, ours string) []string {
	var links []string
	for _, word := range strings.Fields(text) {
		if ours != "" && strings.HasPrefix(word, ours+"/") {
			links = append(links, strings.TrimPrefix(word, ours))
		}
	}
	return links
}
