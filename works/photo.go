package works

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	_ "image/png" // photographs of screens come so
	"io"
	"strings"

	"lieux/base/documents"
	"lieux/base/fault"
)

// Limits of a photograph that anybody may send.
const (
	MaxPicture  = 12 << 20   // bytes
	maxPixels   = 40_000_000 // of what is sent: a larger one is a bomb, or not from a telephone
	widest      = 1600       // pixels of what is kept
	pictureGood = 82         // quality of the JPEG
)

func isPicture(media string) bool { return strings.HasPrefix(media, "image/") }

// Picture makes of a photograph one of our own: turned upright, at most 1,600 pixels wide, without anything that the
// telephone wrote beside it (where it was taken, when, by whom). It refuses what is no JPEG and no PNG, and what is too
// large before it is unfolded.
func Picture(from io.Reader) (*documents.Upload, error) {
	refused := fault.Refuse("works.refusal.picture")
	raw, err := io.ReadAll(io.LimitReader(from, MaxPicture+1))
	if err != nil {
		return nil, err
	}
	if len(raw) > MaxPicture {
		return nil, fault.Refuse("works.refusal.picture-large", "limit", MaxPicture>>20)
	}
	size, _, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil {
		return nil, refused
	}
	if size.Width <= 0 || size.Height <= 0 || size.Width > maxPixels/size.Height {
		return nil, fault.Refuse("works.refusal.picture-large", "limit", MaxPicture>>20)
	}
	picture, _, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, refused
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, upright(picture, orientation(raw)), &jpeg.Options{Quality: pictureGood}); err != nil {
		return nil, refused
	}
	return documents.Take("photo.jpg", &out)
}

// upright draws a picture the right way up and small enough; each point is the middle of those that it stands for.
func upright(from image.Image, turn int) image.Image {
	b := from.Bounds()
	w, h := b.Dx(), b.Dy()
	if turn >= 5 {
		w, h = h, w
	}
	step := max(1, (max(w, h)+widest-1)/widest)
	wide, high := max(1, w/step), max(1, h/step)
	out := image.NewRGBA(image.Rect(0, 0, wide, high))
	for y := range high {
		for x := range wide {
			sx, sy := turned(x*step, y*step, w, h, turn)
			out.Set(x, y, middle(from, b, sx, sy, step))
		}
	}
	return out
}

// turned is where a point of the upright picture stands in the one that was sent (EXIF orientations 1 to 8).
func turned(x, y, w, h, turn int) (int, int) {
	switch turn {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return y, w - 1 - x
	case 7:
		return h - 1 - y, w - 1 - x
	case 8:
		return h - 1 - y, x
	}
	return x, y
}

// middle is the mean colour of a square of points around one; what is transparent lies on white.
func middle(from image.Image, b image.Rectangle, x, y, step int) color.RGBA {
	var red, green, blue, n uint32
	half := step / 2
	for dy := range step {
		for dx := range step {
			at := image.Pt(b.Min.X+x+dx-half, b.Min.Y+y+dy-half)
			if !at.In(b) {
				continue
			}
			r, g, bl, a := from.At(at.X, at.Y).RGBA()
			red, green, blue, n = red+(r+0xffff-a)>>8, green+(g+0xffff-a)>>8, blue+(bl+0xffff-a)>>8, n+1
		}
	}
	if n == 0 {
		return color.RGBA{255, 255, 255, 255}
	}
	return color.RGBA{uint8(red / n), uint8(green / n), uint8(blue / n), 255}
}

// orientation reads how a JPEG is to be turned (1 to 8), as its EXIF says; 1 when it says nothing that one can read.
func orientation(raw []byte) int {
	if len(raw) < 4 || raw[0] != 0xff || raw[1] != 0xd8 {
		return 1
	}
	for at := 2; at+4 <= len(raw) && raw[at] == 0xff; {
		kind, length := raw[at+1], int(binary.BigEndian.Uint16(raw[at+2:]))
		if kind == 0xda || length < 2 || at+2+length > len(raw) {
			break
		}
		if body := raw[at+4 : at+2+length]; kind == 0xe1 && bytes.HasPrefix(body, []byte("Exif\x00\x00")) {
			return exifTurn(body[6:])
		}
		at += 2 + length
	}
	return 1
}

// exifTurn looks for the tag of the orientation in the first directory of an EXIF block.
func exifTurn(tiff []byte) int {
	const tag, entry = 0x0112, 12
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	if bytes.HasPrefix(tiff, []byte("II")) {
		order = binary.LittleEndian
	}
	first := uint64(order.Uint32(tiff[4:]))
	if first+2 > uint64(len(tiff)) {
		return 1
	}
	count := uint64(order.Uint16(tiff[first:]))
	for i := range count {
		at := first + 2 + i*entry
		if at+entry > uint64(len(tiff)) {
			break
		}
		if order.Uint16(tiff[at:]) == tag {
			if turn := int(order.Uint16(tiff[at+8:])); turn >= 1 && turn <= 8 {
				return turn
			}
		}
	}
	return 1
}
