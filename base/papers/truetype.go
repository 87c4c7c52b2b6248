package papers

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
)

// face is a TrueType face made ready for the PDF writer: its map of signs is rebuilt so that figures may be tabular
// and spaces and hyphens that French needs are never an empty box. The writer reads no OpenType features, hence the
// rebuilding.
type face struct {
	file     []byte           // the rebuilt file
	glyphs   map[rune]uint16  // what the face can draw
	advances map[rune]float64 // widths in thousandths of the size
}

// standIns are signs that a face may lack, drawn by the glyph of another: the text of the PDF keeps the sign itself.
var standIns = map[rune]rune{
	'\u202f': '\u2009',           // narrow no-break space: thin space
	'\u2010': '-', '\u2011': '-', // hyphen, no-break hyphen
}

// tableRecord is one entry of the file's directory.
type tableRecord struct {
	tag    string
	offset uint32
	length uint32
}

// readTables splits a TrueType file into its tables. The files are our own, embedded; a malformed one is our mistake,
// found by the tests.
func readTables(file []byte) (map[string][]byte, error) {
	if len(file) < 12 || binary.BigEndian.Uint32(file) != 0x00010000 {
		return nil, fmt.Errorf("papers: not a TrueType file")
	}
	n := int(binary.BigEndian.Uint16(file[4:]))
	tables := make(map[string][]byte, n)
	for i := range n {
		at := 12 + 16*i
		if at+16 > len(file) {
			return nil, fmt.Errorf("papers: directory of the face is cut short")
		}
		r := tableRecord{string(file[at : at+4]), binary.BigEndian.Uint32(file[at+8:]),
			binary.BigEndian.Uint32(file[at+12:])}
		if uint64(r.offset)+uint64(r.length) > uint64(len(file)) {
			return nil, fmt.Errorf("papers: table %s lies beyond the end", r.tag)
		}
		tables[r.tag] = file[r.offset : r.offset+r.length]
	}
	return tables, nil
}

// readFace rebuilds a face; tabular puts figures of one width in the place of the proportional ones.
func readFace(file []byte, tabular bool) (*face, error) {
	tables, err := readTables(file)
	if err != nil {
		return nil, err
	}
	glyphs, err := readCmap(tables["cmap"])
	if err != nil {
		return nil, err
	}
	if tabular {
		swap := substitutions(tables["GSUB"], "tnum")
		for r, g := range glyphs {
			if to, ok := swap[g]; ok {
				glyphs[r] = to
			}
		}
		tables["hmtx"] = narrowed(tables["hmtx"], glyphs['\u00a0'])
	}
	for missing, like := range standIns {
		if g, ok := glyphs[like]; ok && glyphs[missing] == 0 {
			glyphs[missing] = g
		}
	}
	for _, tag := range []string{"GSUB", "GPOS", "GDEF", "STAT", "DSIG"} {
		delete(tables, tag)
	}
	tables["cmap"] = writeCmap(glyphs)
	return &face{writeTables(tables), glyphs, readAdvances(tables, glyphs)}, nil
}

// narrowed takes a quarter from the no-break space: figures of one width stand far enough apart by themselves.
func narrowed(hmtx []byte, glyph uint16) []byte {
	hmtx = slices.Clone(hmtx)
	entry := hmtx[4*int(glyph):]
	binary.BigEndian.PutUint16(entry, binary.BigEndian.Uint16(entry)*3/4)
	return hmtx
}

// readCmap reads the Windows Unicode map (3,1), format 4: all the signs of the basic plane that the face draws.
func readCmap(t []byte) (map[rune]uint16, error) {
	u16 := func(at int) int { return int(binary.BigEndian.Uint16(t[at:])) }
	for i := range u16(2) {
		at := 4 + 8*i
		if u16(at) != 3 || u16(at+2) != 1 {
			continue
		}
		sub := int(binary.BigEndian.Uint32(t[at+4:]))
		if u16(sub) != 4 {
			break
		}
		glyphs := map[rune]uint16{}
		twice := u16(sub + 6)
		ends := sub + 14
		for s := 0; s < twice; s += 2 {
			end, start := u16(ends+s), u16(ends+2+twice+s)
			delta, ranged := u16(ends+2+2*twice+s), u16(ends+2+3*twice+s)
			for c := start; c <= end && c != 0xFFFF; c++ {
				g := c + delta
				if ranged != 0 {
					if g = u16(ends + 2 + 3*twice + s + ranged + 2*(c-start)); g != 0 {
						g += delta
					}
				}
				if g &= 0xFFFF; g != 0 {
					glyphs[rune(c)] = uint16(g)
				}
			}
		}
		return glyphs, nil
	}
	return nil, fmt.Errorf("papers: the face has no Unicode map of format 4")
}

// substitutions reads the one-for-one substitutions of an OpenType feature: lookups of type 1.
func substitutions(t []byte, feature string) map[uint16]uint16 {
	swap := map[uint16]uint16{}
	if len(t) < 10 {
		return swap
	}
	u16 := func(at int) int { return int(binary.BigEndian.Uint16(t[at:])) }
	features, lookups := u16(6), u16(8)
	for i := range u16(features) {
		at := features + 2 + 6*i
		if string(t[at:at+4]) != feature {
			continue
		}
		f := features + u16(at+4)
		for j := range u16(f + 2) {
			look := lookups + u16(lookups+2+2*u16(f+4+2*j))
			for k := range u16(look + 4) {
				sub, kind := look+u16(look+6+2*k), u16(look)
				if kind == 7 { // an extension points further
					kind, sub = u16(sub+2), sub+int(binary.BigEndian.Uint32(t[sub+4:]))
				}
				if kind == 1 {
					readSingle(t, sub, swap)
				}
			}
		}
	}
	return swap
}

// readSingle reads one single-substitution table, of either format.
func readSingle(t []byte, sub int, swap map[uint16]uint16) {
	u16 := func(at int) int { return int(binary.BigEndian.Uint16(t[at:])) }
	for i, g := range covered(t, sub+u16(sub+2)) {
		if u16(sub) == 1 {
			swap[g] = g + uint16(u16(sub+4))
		} else if i < u16(sub+4) {
			swap[g] = uint16(u16(sub + 6 + 2*i))
		}
	}
}

// covered lists the glyphs of a coverage table in their order.
func covered(t []byte, at int) []uint16 {
	u16 := func(at int) int { return int(binary.BigEndian.Uint16(t[at:])) }
	var glyphs []uint16
	for i := range u16(at + 2) {
		if u16(at) == 1 {
			glyphs = append(glyphs, uint16(u16(at+4+2*i)))
			continue
		}
		for g := u16(at + 4 + 6*i); g <= u16(at+6+6*i); g++ {
			glyphs = append(glyphs, uint16(g))
		}
	}
	return glyphs
}

// readAdvances reads how far each sign moves the pen, in thousandths of the size.
func readAdvances(tables map[string][]byte, glyphs map[rune]uint16) map[rune]float64 {
	em := float64(binary.BigEndian.Uint16(tables["head"][18:]))
	last := int(binary.BigEndian.Uint16(tables["hhea"][34:])) - 1
	advances := make(map[rune]float64, len(glyphs))
	for r, g := range glyphs {
		at := min(int(g), last)
		advances[r] = float64(binary.BigEndian.Uint16(tables["hmtx"][4*at:])) * 1000 / em
	}
	for r := range boxes {
		advances[r] = boxAdvance
	}
	return advances
}

// writeCmap writes a map of format 4 with one segment per sign: plain, and what the PDF writer reads.
func writeCmap(glyphs map[rune]uint16) []byte {
	runes := slices.Sorted(maps.Keys(glyphs))
	n := len(runes) + 1 // and the closing segment
	var ends, starts, deltas []uint16
	for _, r := range runes {
		ends, starts, deltas = append(ends, uint16(r)), append(starts, uint16(r)), append(deltas, glyphs[r]-uint16(r))
	}
	ends, starts, deltas = append(ends, 0xFFFF), append(starts, 0xFFFF), append(deltas, 1)
	search, selector := 2, 0
	for search*2 <= 2*n {
		search, selector = search*2, selector+1
	}
	var b bytes.Buffer
	put := func(v ...uint16) { _ = binary.Write(&b, binary.BigEndian, v) }
	put(0, 1, 3, 1, 0, 12) // version, one table, Windows Unicode, at byte 12
	put(4, uint16(16+8*n), 0, uint16(2*n), uint16(search), uint16(selector), uint16(2*n-search))
	put(ends...)
	put(0)
	put(starts...)
	put(deltas...)
	put(make([]uint16, n)...)
	return b.Bytes()
}

// writeTables puts tables together as a file with a new directory.
func writeTables(tables map[string][]byte) []byte {
	tags := slices.Sorted(maps.Keys(tables))
	n := len(tags)
	search, selector := 16, 0
	for search*2 <= 16*n {
		search, selector = search*2, selector+1
	}
	var head, body bytes.Buffer
	_ = binary.Write(&head, binary.BigEndian, uint32(0x00010000))
	_ = binary.Write(&head, binary.BigEndian, []uint16{uint16(n), uint16(search), uint16(selector),
		uint16(16*n - search)})
	for _, tag := range tags {
		data := tables[tag]
		padded := append(slices.Clone(data), make([]byte, (4-len(data)%4)%4)...)
		var sum uint32
		for i := 0; i < len(padded); i += 4 {
			sum += binary.BigEndian.Uint32(padded[i:])
		}
		head.WriteString(tag)
		_ = binary.Write(&head, binary.BigEndian, []uint32{sum, uint32(12 + 16*n + body.Len()), uint32(len(data))})
		body.Write(padded)
	}
	return append(head.Bytes(), body.Bytes()...)
}
