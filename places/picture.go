package places

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	_ "image/jpeg" // pictures tell their size
	_ "image/png"
	"io"

	"lieux/base/documents"
	"lieux/base/fault"
)

// MaxPixels is the greatest size of a picture: a larger one is a bomb, which fills the memory of whoever opens it.
const MaxPixels = 50_000_000

// Unfolds refuses a picture that is larger than it says on the outside; what is no picture passes. The reader stands at
// its beginning again.
func Unfolds(from io.ReadSeeker) error {
	head := make([]byte, webpHead)
	n, _ := io.ReadFull(from, head)
	if _, err := from.Seek(0, io.SeekStart); err != nil {
		return err
	}
	wide, high := sizeOfWebP(head[:n])
	if c, _, err := image.DecodeConfig(from); err == nil {
		wide, high = int64(c.Width), int64(c.Height)
	}
	if _, err := from.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if wide > 0 && high > 0 && wide > MaxPixels/high {
		return fault.Refuse("places.refusal.pixels", "limit", MaxPixels/1_000_000).At("file")
	}
	return nil
}

// Own makes of a picture one of ours, as it enters the archive: a JPEG or a PNG, not too large, without what the camera
// wrote beside it.
func Own(name string, from io.ReadSeeker) (*documents.Upload, error) {
	if err := Unfolds(from); err != nil {
		return nil, err
	}
	raw, err := io.ReadAll(io.LimitReader(from, MaxPicture+1))
	if err != nil {
		return nil, err
	}
	bare := bareJPEG(raw)
	if bare == nil {
		bare = barePNG(raw)
	}
	if bare == nil || len(raw) > MaxPicture {
		return nil, fault.Refuse("places.refusal.no-picture").At("file")
	}
	return documents.Take(name, bytes.NewReader(bare))
}

// webpHead is how much of a WebP tells its size.
const webpHead = 30

// sizeOfWebP reads the size of a WebP in each of its three forms; 0 of anything else.
func sizeOfWebP(head []byte) (wide, high int64) {
	if len(head) < webpHead || string(head[:4]) != "RIFF" || string(head[8:12]) != "WEBP" {
		return 0, 0
	}
	bits := func(at, n int) int64 { return int64(binary.LittleEndian.Uint32(head[at:]) & (1<<n - 1)) }
	switch string(head[12:16]) {
	case "VP8X":
		return bits(24, 24) + 1, int64(binary.LittleEndian.Uint32(head[26:])>>8) + 1
	case "VP8L":
		return bits(21, 14) + 1, int64(binary.LittleEndian.Uint32(head[21:])>>14&0x3fff) + 1
	case "VP8 ":
		return int64(binary.LittleEndian.Uint16(head[26:]) & 0x3fff), int64(binary.LittleEndian.Uint16(head[28:]) & 0x3fff)
	}
	return 0, 0
}

// Bare is a picture without what cameras and programs write beside it: where it was taken, by whom, with what. The way
// up stays, so that a photograph taken upright is not shown lying. What is not as it should be comes back empty.
func Bare(media string, raw []byte) []byte {
	switch media {
	case "image/jpeg":
		return bareJPEG(raw)
	case "image/png":
		return barePNG(raw)
	case "image/webp":
		return bareWebP(raw)
	}
	return nil
}

// bareJPEG copies the segments that draw and what they code, up to the end of the first picture, and puts one before
// them that holds the way up. Telephones hang further pictures behind the first, each with its own words.
func bareJPEG(raw []byte) []byte {
	if len(raw) < 4 || raw[0] != 0xff || raw[1] != 0xd8 {
		return nil
	}
	up, drawn := byte(0), false
	var kept []byte
	for at := 2; at+2 <= len(raw) && raw[at] == 0xff; {
		kind := raw[at+1]
		if kind == 0xff { // a fill byte
			at++
			continue
		}
		if kind == 0xd9 && drawn {
			return append(append(append([]byte{0xff, 0xd8}, orientation(up)...), kept...), 0xff, 0xd9)
		}
		if at+4 > len(raw) {
			return nil
		}
		size := 2 + int(binary.BigEndian.Uint16(raw[at+2:]))
		if size < 4 || at+size > len(raw) {
			return nil
		}
		segment := raw[at : at+size]
		at += size
		switch {
		case kind == 0xda: // a scan: its head, then what it codes
			end := at + coded(raw[at:])
			kept = append(append(kept, segment...), raw[at:end]...)
			at, drawn = end, true
		case kind == 0xe1:
			if u := wayUp(segment[4:]); u > 0 {
				up = u
			}
		case kind == 0xee || kind < 0xe0 || kind == 0xe0 && size == 18: // Adobe and JFIF say how colours are meant
			kept = append(kept, segment...)
		}
	}
	return nil
}

// coded is how long the coded part of a scan is: until the next marker that is no pause within it.
func coded(raw []byte) int {
	for at := 0; at+1 < len(raw); at++ {
		if next := raw[at+1]; raw[at] == 0xff && next != 0 && (next < 0xd0 || next > 0xd7) {
			return at
		}
	}
	return len(raw)
}

const exifHead = "Exif\x00\x00"

// wayUp reads the orientation out of what a camera wrote; 0 when there is none.
func wayUp(exif []byte) byte {
	if len(exif) < 14 || string(exif[:6]) != exifHead {
		return 0
	}
	tiff := exif[6:]
	var order binary.ByteOrder = binary.BigEndian
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	first := int64(order.Uint32(tiff[4:]))
	if first+2 > int64(len(tiff)) {
		return 0
	}
	n := int64(order.Uint16(tiff[first:]))
	for i := range n {
		at := first + 2 + 12*i
		if at+12 > int64(len(tiff)) {
			return 0
		}
		if order.Uint16(tiff[at:]) == 0x0112 {
			if v := order.Uint16(tiff[at+8:]); v >= 1 && v <= 8 {
				return byte(v)
			}
			return 0
		}
	}
	return 0
}

// orientation is a segment that holds the way up and nothing else.
func orientation(up byte) []byte {
	if up <= 1 {
		return nil
	}
	body := exifHead + "MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00" + string(up) +
		"\x00\x00\x00\x00\x00\x00"
	return append([]byte{0xff, 0xe1, 0, byte(len(body) + 2)}, body...)
}

// drawing chunks of a PNG; the others tell, and draw nothing.
var pngKept = map[string]bool{"IHDR": true, "PLTE": true, "IDAT": true, "IEND": true, "tRNS": true, "gAMA": true,
	"cHRM": true, "sRGB": true, "sBIT": true}

const pngHead = "\x89PNG\r\n\x1a\n"

func barePNG(raw []byte) []byte {
	if !bytes.HasPrefix(raw, []byte(pngHead)) {
		return nil
	}
	out := []byte(pngHead)
	for at := len(pngHead); at < len(raw); {
		if at+12 > len(raw) {
			return nil
		}
		size := int64(binary.BigEndian.Uint32(raw[at:])) + 12
		if int64(at)+size > int64(len(raw)) {
			return nil
		}
		chunk := raw[at : at+int(size)]
		kind := string(chunk[4:8])
		if crc32.ChecksumIEEE(chunk[4:size-4]) != binary.BigEndian.Uint32(chunk[size-4:]) {
			return nil
		}
		if pngKept[kind] {
			out = append(out, chunk...)
		}
		if kind == "IEND" {
			return out
		}
		at += int(size)
	}
	return nil
}

func bareWebP(raw []byte) []byte {
	if len(raw) < 12 || string(raw[:4]) != "RIFF" || string(raw[8:12]) != "WEBP" {
		return nil
	}
	out := append([]byte(nil), raw[:12]...)
	for at := 12; at+8 <= len(raw); {
		size := (int64(binary.LittleEndian.Uint32(raw[at+4:]))+1)/2*2 + 8
		if int64(at)+size > int64(len(raw)) {
			return nil
		}
		chunk := bytes.Clone(raw[at : at+int(size)])
		switch string(chunk[:4]) {
		case "EXIF", "XMP ":
			chunk = nil
		case "VP8X":
			chunk[8] &^= 0x0c // which says that those two are there
		}
		out = append(out, chunk...)
		at += int(size)
	}
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	return out
}
