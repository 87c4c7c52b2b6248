package documents

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"unicode/utf8"
)

// The media types that are kept.
const (
	mediaText = "text/plain; charset=utf-8"
	mediaCSV  = "text/csv; charset=utf-8"
	mediaXLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	mediaDOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	mediaODT  = "application/vnd.oasis.opendocument.text"
	mediaODS  = "application/vnd.oasis.opendocument.spreadsheet"
)

// signatures are the first bytes of the kinds that have them. No kind that a browser would run (HTML, SVG) is among
// them: such a file is text, and is served as text.
var signatures = []struct {
	offset int
	bytes  string
	media  string
}{
	{0, "%PDF-", "application/pdf"},
	{0, "\x89PNG\r\n\x1a\n", "image/png"},
	{0, "\xff\xd8\xff", "image/jpeg"},
	{8, "WEBP", "image/webp"},
	{0, "II*\x00", "image/tiff"},
	{0, "MM\x00*", "image/tiff"},
	{4, "ftypheic", "image/heic"},
	{4, "ftypheix", "image/heic"},
	{4, "ftypmif1", "image/heif"},
	{4, "ftypavif", "image/avif"},
}

// sniff finds the kind of a content by looking at it; the name only tells CSV from text. Empty when the kind is not
// on the list.
func sniff(name string, content []byte) string {
	for _, s := range signatures {
		if len(content) > s.offset && bytes.HasPrefix(content[s.offset:], []byte(s.bytes)) {
			if s.media == "image/webp" && !bytes.HasPrefix(content, []byte("RIFF")) {
				continue
			}
			return s.media
		}
	}
	if bytes.HasPrefix(content, []byte("PK\x03\x04")) {
		return office(content)
	}
	if !plain(content) {
		return ""
	}
	if strings.HasSuffix(strings.ToLower(name), ".csv") {
		return mediaCSV
	}
	return mediaText
}

// office tells the zip files of the office programs from others, which are not kept.
func office(content []byte) string {
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return ""
	}
	parts := map[string]string{"xl/workbook.xml": mediaXLSX, "word/document.xml": mediaDOCX}
	for _, f := range z.File {
		if media, ok := parts[f.Name]; ok {
			return media
		}
		if f.Name == "mimetype" && f.UncompressedSize64 < 100 {
			return openDocument(f)
		}
	}
	return ""
}

func openDocument(f *zip.File) string {
	r, err := f.Open()
	if err != nil {
		return ""
	}
	said, err := io.ReadAll(io.LimitReader(r, 100))
	if closing := r.Close(); err != nil || closing != nil {
		return ""
	}
	for _, media := range []string{mediaODT, mediaODS} {
		if string(said) == media {
			return media
		}
	}
	return ""
}

// plain says whether a content is text: UTF-8, without the bytes that texts do not have.
func plain(content []byte) bool {
	for _, c := range content {
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' || c == 0x7f {
			return false
		}
	}
	return utf8.Valid(content)
}
