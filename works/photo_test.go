package works

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"lieux/base/fault"
)

// taken is a photograph of a telephone: red on the left, blue on the right, with an EXIF that says how it was held.
func taken(t testing.TB, w, h, turn int) []byte {
	t.Helper()
	picture := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{220, 20, 20, 255}
			if x >= w/2 {
				c = color.RGBA{20, 20, 220, 255}
			}
			picture.Set(x, y, c)
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, picture, nil); err != nil {
		t.Fatal(err)
	}
	tiff := []byte("MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00")
	tiff = append(tiff, byte(turn), 0, 0, 0, 0, 0, 0)
	body := append([]byte("Exif\x00\x00"), tiff...)
	body = append(body, []byte("GPS 50.64 N 5.57 E")...)
	head := []byte{0xff, 0xd8, 0xff, 0xe1, 0, 0}
	binary.BigEndian.PutUint16(head[4:], uint16(len(body)+2))
	return append(append(head, body...), out.Bytes()[2:]...)
}

// What is kept is upright, small enough, and says nothing of where it was taken.
func TestAPictureIsOurs(t *testing.T) {
	for _, c := range []struct {
		w, h, turn, wide, high int
		red                    image.Point
	}{{80, 40, 1, 80, 40, image.Pt(5, 20)}, {80, 40, 3, 80, 40, image.Pt(75, 20)}, {80, 40, 6, 40, 80, image.Pt(20, 5)},
		{80, 40, 8, 40, 80, image.Pt(20, 75)}, {3600, 200, 1, 1200, 66, image.Pt(10, 30)}} {
		raw := taken(t, c.w, c.h, c.turn)
		if !bytes.Contains(raw, []byte("GPS")) {
			t.Fatal("the photograph says nothing of its place")
		}
		u, err := Picture(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		if u.Media != "image/jpeg" {
			t.Errorf("kept as %s", u.Media)
		}
		is, _, err := image.Decode(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		out := upright(is, orientation(raw))
		r, _, b, _ := out.At(c.red.X, c.red.Y).RGBA()
		if size := out.Bounds().Size(); size != image.Pt(c.wide, c.high) || r < b {
			t.Errorf("turn %d: %v, red %v at %v", c.turn, size, r > b, c.red)
		}
	}
	var shown bytes.Buffer
	if err := png.Encode(&shown, image.NewGray(image.Rect(0, 0, 10, 10))); err != nil {
		t.Fatal(err)
	}
	if _, err := Picture(&shown); err != nil {
		t.Errorf("a PNG: %v", err)
	}
}

// A bomb, a script and a text are refused before they are unfolded.
func TestPicturesThatAreNone(t *testing.T) {
	var bomb bytes.Buffer
	if err := png.Encode(&bomb, image.NewGray(image.Rect(0, 0, 10, 10))); err != nil {
		t.Fatal(err)
	}
	wide := bomb.Bytes()
	copy(wide[16:], []byte{0, 1, 0, 0, 0, 1, 0, 0}) // 65,536 by 65,536
	for code, from := range map[string]string{"picture-large": strings.Repeat("x", MaxPicture+1),
		"picture": "<svg onload=alert(1)>"} {
		if _, err := Picture(strings.NewReader(from)); !fault.Is(err, "works.refusal."+code) {
			t.Errorf("want %s, got %v", code, err)
		}
	}
	if _, err := Picture(bytes.NewReader(wide)); err == nil {
		t.Error("a bomb was unfolded")
	}
	for _, raw := range [][]byte{nil, {0xff, 0xd8}, taken(t, 10, 10, 0)[:24], {0xff, 0xd8, 0xff, 0xe1, 0xff, 0xff}} {
		if turn := orientation(raw); turn != 1 {
			t.Errorf("%x is turned %d", raw, turn)
		}
	}
}

func FuzzOrientation(f *testing.F) {
	f.Add(taken(f, 8, 8, 6))
	f.Add([]byte("\xff\xd8\xff\xe1\x00\x10Exif\x00\x00II*\x00\x08\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if turn := orientation(raw); turn < 1 || turn > 8 {
			t.Errorf("turned %d", turn)
		}
	})
}
