package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"lieux/base/fault"
	"lieux/base/papers"
)

//go:embed static
var staticFiles embed.FS

// assetRoot is where static files live; a name there carries a hash of its content, so that it may be kept for ever.
const assetRoot = "/assets/"

type asset struct {
	url, mediaType string
	plain, zipped  []byte
}

var mediaTypes = map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
	".svg": "image/svg+xml", ".woff2": "font/woff2", ".txt": "text/plain; charset=utf-8"}

type shelf struct {
	byName, byURL map[string]*asset
}

// joined are files that go out as one. htmx sets to work as soon as it gets the turn, and what is not there yet by then
// it never takes notice of: its extension for event streams must not come a moment later.
var joined = map[string][]string{"static/live.js": {"static/htmx-4.0.1.min.js", "static/htmx-sse-4.0.1.min.js"}}

var inCSS = regexp.MustCompile(`url\(([^)]+)\)`)

// assets reads the static files once; style sheets last, since they name others by their hashed address.
var assets = sync.OnceValue(func() shelf {
	s := shelf{map[string]*asset{}, map[string]*asset{}}
	var sheets []string
	err := fs.WalkDir(staticFiles, "static", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if path.Ext(p) == ".css" {
			sheets = append(sheets, p)
			return nil
		}
		for _, parts := range joined {
			if slices.Contains(parts, p) {
				return nil
			}
		}
		return s.add(p, nil)
	})
	for _, p := range sheets {
		if err == nil {
			err = s.add(p, func(css []byte) []byte {
				css = inCSS.ReplaceAllFunc(css, func(m []byte) []byte {
					return []byte("url(" + s.url(string(m[4:len(m)-1])) + ")")
				})
				return append(css, papers.CSS...)
			})
		}
	}
	fault.Must(err == nil, "static files: %v", err)
	return s
})

func (s shelf) add(p string, change func([]byte) []byte) error {
	content, err := fs.ReadFile(staticFiles, p)
	if err != nil {
		return err
	}
	if change != nil {
		content = change(content)
	}
	for _, part := range joined[p] {
		more, err := fs.ReadFile(staticFiles, part)
		if err != nil {
			return err
		}
		content = append(append(content, ";\n"...), more...)
	}
	name, ext := strings.TrimPrefix(p, "static/"), path.Ext(p)
	kind, known := mediaTypes[ext]
	fault.Must(known, "static file %s is of no known type", p)
	sum := sha256.Sum256(content)
	a := &asset{mediaType: kind, plain: content,
		url: assetRoot + strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:6]) + ext}
	if ext != ".woff2" { // already compressed
		var b bytes.Buffer
		z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
		if err != nil {
			return err
		}
		if _, err := z.Write(content); err != nil {
			return err
		}
		if err := z.Close(); err != nil {
			return err
		}
		a.zipped = b.Bytes()
	}
	s.byName[name], s.byURL[a.url] = a, a
	return nil
}

func (s shelf) url(name string) string {
	a, ok := s.byName[name]
	fault.Must(ok, "no static file %q", name)
	return a.url
}

// Asset is the address of a static file: "lieux.css" → "/assets/lieux.9f86d081884c.css". It panics on a name that
// is not there.
func Asset(name string) string { return assets().url(name) }

// fontFaces are the rules that load fonts: a paper that is saved to a file has none beside it.
var fontFaces = regexp.MustCompile(`(?s)@font-face \{.*?\}\n?`)

// Stylesheet is the text of the house's stylesheet without its fonts, for a paper that stands alone in a file.
func Stylesheet() string {
	css, err := fs.ReadFile(staticFiles, "static/lieux.css")
	fault.Must(err == nil, "stylesheet: %v", err)
	return string(fontFaces.ReplaceAll(css, nil))
}

// staticFirst answers for static files without session or person.
func staticFirst(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, ok := assets().byURL[r.URL.Path]
		if !ok || r.Method != http.MethodGet && r.Method != http.MethodHead {
			next.ServeHTTP(w, r)
			return
		}
		passageOf(r.Context()).Pattern = "GET " + assetRoot
		h := w.Header()
		h.Set("Content-Type", a.mediaType)
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
		content := a.plain
		if a.zipped != nil {
			h.Set("Vary", "Accept-Encoding")
			if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
				h.Set("Content-Encoding", "gzip")
				content = a.zipped
			}
		}
		if r.Method == http.MethodHead {
			w.WriteHeader(http.StatusOK)
			return
		}
		if _, err := w.Write(content); err != nil {
			return // the reader has left
		}
	})
}
