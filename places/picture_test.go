package places

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"lieux/base/fault"
)

// photo is a JPEG with segments of a camera before the picture, and something behind it.
func photo(t *testing.T, before, behind string) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, image.NewGray(image.Rect(0, 0, 64, 48)), nil); err != nil {
		t.Fatal(err)
	}
	raw := out.Bytes()
	return []byte(string(raw[:2]) + before + string(raw[2:]) + behind)
}

func segment(kind byte, body string) string {
	return string([]byte{0xff, kind, byte((len(body) + 2) >> 8), byte(len(body) + 2)}) + body
}

// Whatever a camera wrote into a photograph, before, beside or behind the picture, is not in what is left, and the
// picture is.
func TestPicturesAreBare(t *testing.T) {
	const secret = "50.6534 N, appareil de Jeanne"
	upright := "Exif\x00\x00II\x2a\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00" + secret
	second := string(photo(t, segment(0xe1, "Exif\x00\x00"+secret), ""))
	for name, raw := range map[string][]byte{
		"Exif":              photo(t, segment(0xe1, upright), ""),
		"a thumbnail":       photo(t, segment(0xe0, "JFXX\x00\x10"+secret), ""),
		"a comment":         photo(t, segment(0xfe, secret), ""),
		"of the editor":     photo(t, segment(0xed, secret), ""),
		"a second picture":  photo(t, "", second),
		"words behind it":   photo(t, "", secret+"\xff\xd9"),
		"a script behind":   photo(t, "", "<script>"+secret+"</script>"),
		"all of that":       photo(t, segment(0xe1, upright)+segment(0xfe, secret), second),
		"a filled up start": photo(t, "\xff\xff"+segment(0xfe, secret)[1:], ""),
	} {
		bare := Bare("image/jpeg", raw)
		if bytes.Contains(bare, []byte(secret)) || bytes.Contains(bare, []byte("script")) {
			t.Errorf("%s is left", name)
		}
		if p, err := jpeg.Decode(bytes.NewReader(bare)); err != nil || p.Bounds().Dx() != 64 {
			t.Errorf("%s: the picture does not show: %v", name, err)
		}
		if strings.Contains(string(raw), upright) != bytes.Contains(bare, []byte("Exif")) {
			t.Errorf("%s: the way up is lost or invented", name)
		}
	}
	chunk := func(kind, body string) string {
		sum := make([]byte, 4)
		binary.BigEndian.PutUint32(sum, crc32.ChecksumIEEE([]byte(kind+body)))
		return string(binary.BigEndian.AppendUint32(nil, uint32(len(body)))) + kind + body + string(sum)
	}
	raw := string(drawn(t))
	raw = raw[:33] + chunk("tEXt", "Author\x00"+secret) + chunk("eXIf", secret) + raw[33:] + secret
	bare := Bare("image/png", []byte(raw))
	if _, err := png.Decode(bytes.NewReader(bare)); err != nil || bytes.Contains(bare, []byte(secret)) {
		t.Errorf("PNG: %v: %q", err, bare)
	}
	for _, bad := range []string{"", "\xff\xd8", "\xff\xd8\xff\xda", "\xff\xd8\xff\xd9", string(photo(t, "", ""))[:300], "<svg/>", raw[:60],
		strings.Replace(raw, "IDAT", "IDAX", 1)} {
		if Bare("image/jpeg", []byte(bad)) != nil || Bare("image/png", []byte(bad)) != nil && !strings.Contains(bad, "IDAX") {
			t.Errorf("%.20q is a picture", bad)
		}
	}
}

// bomb is a PNG of a few bytes that says to be so large.
func bomb(t *testing.T, wide, high uint32) []byte {
	raw := bytes.Clone(drawn(t))
	binary.BigEndian.PutUint32(raw[16:], wide)
	binary.BigEndian.PutUint32(raw[20:], high)
	binary.BigEndian.PutUint32(raw[29:], crc32.ChecksumIEEE(raw[12:29]))
	return raw
}

// A picture that would fill the memory of who opens it is refused by what it says of itself, unopened; what is no
// picture never enters as one.
func TestPicturesThatAreRefused(t *testing.T) {
	webp := func(kind, body string) []byte {
		return []byte("RIFF\x40\x00\x00\x00WEBP" + kind + "\x20\x00\x00\x00" + body + strings.Repeat("\x00", 20))
	}
	large := photo(t, "", "")
	at := bytes.Index(large, []byte{0xff, 0xc0})
	binary.BigEndian.PutUint32(large[at+5:], 60_000<<16|60_000)
	for name, raw := range map[string][]byte{"PNG": bomb(t, 60_000, 60_000), "JPEG": large,
		"WebP, extended": webp("VP8X", "\x00\x00\x00\x00\xff\xff\x00\xff\xff\x00"), "WebP, lossless": webp("VP8L", "\x2f\xff\xff\xff\x0f"),
		"WebP, lossy": webp("VP8 ", "\x00\x00\x00\x9d\x01\x2a\xff\x3f\xff\x3f")} {
		from := bytes.NewReader(raw)
		if err := Unfolds(from); !fault.Is(err, "places.refusal.pixels") {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := Own("x", bytes.NewReader(raw)); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	for name, raw := range map[string][]byte{"a photograph": photo(t, "", ""), "a drawing": drawn(t), "a PDF": []byte("%PDF-1.7"),
		"large, not too large": bomb(t, 8000, 6000), "WebP": webp("VP8X", "\x00\x00\x00\x00\xff\x0f\x00\xff\x0f\x00")} {
		from := bytes.NewReader(raw)
		if err := Unfolds(from); err != nil || from.Len() != len(raw) {
			t.Errorf("%s: %v, %d of %d bytes left", name, err, from.Len(), len(raw))
		}
	}
	for _, raw := range []string{`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`, "<html><script>1</script>", "%PDF-1.7", "",
		"GIF89a", "\x89PNG\r\n\x1a\n", "\xff\xd8\xff\xe0"} {
		if _, err := Own("photo.jpg", strings.NewReader(raw)); !fault.Is(err, "places.refusal.no-picture") {
			t.Errorf("%.20q: %v", raw, err)
		}
	}
	if _, err := Own("photo.png", bytes.NewReader(append(drawn(t), make([]byte, MaxPicture)...))); err == nil {
		t.Error("a picture above the limit is taken")
	}
}
