package places

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
)

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

// bareJPEG copies the segments that draw, and puts one before them that holds the way up.
func bareJPEG(raw []byte) []byte {
	if len(raw) < 4 || raw[0] != 0xff || raw[1] != 0xd8 {
		return nil
	}
	up := byte(0)
	var kept []byte
	for at := 2; ; {
		if at+4 > len(raw) || raw[at] != 0xff {
			return nil
		}
		kind := raw[at+1]
		if kind == 0xff { // a fill byte
			at++
			continue
		}
		size := 2 + int(binary.BigEndian.Uint16(raw[at+2:]))
		if size < 4 || at+size > len(raw) {
			return nil
		}
		segment := raw[at : at+size]
		switch {
		case kind == 0xda: // the scan: all that follows is the picture, until its end
			end := bytes.LastIndex(raw, []byte{0xff, 0xd9})
			if end < at {
				return nil
			}
			out := append([]byte{0xff, 0xd8}, orientation(up)...)
			return append(append(out, kept...), raw[at:end+2]...)
		case kind == 0xe1:
			if u := wayUp(segment[4:]); u > 0 {
				up = u
			}
		case kind == 0xe0 || kind == 0xee || kind < 0xe0: // JFIF and Adobe say how colours are meant
			kept = append(kept, segment...)
		}
		at += size
	}
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
