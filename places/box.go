package places

import "strings"

// box is where a shape lies; the drawing of a path is followed by the ends of its strokes.
func (n *Node) box() Box {
	get := func(name string) int64 { v, _ := milli(n.Get(name)); return v }
	switch n.Name {
	case "rect":
		return Box{get("x"), get("y"), get("width"), get("height")}
	case "circle":
		return Box{get("cx") - get("r"), get("cy") - get("r"), 2 * get("r"), 2 * get("r")}
	case "ellipse":
		return Box{get("cx") - get("rx"), get("cy") - get("ry"), 2 * get("rx"), 2 * get("ry")}
	case "polygon", "polyline":
		return follow("L" + n.Get("points"))
	case "path":
		return follow(n.Get("d"))
	}
	return Box{}
}

// strokes is how many numbers a command of a path takes; its end stands last.
var strokes = map[byte]int{'M': 2, 'L': 2, 'T': 2, 'H': 1, 'V': 1, 'C': 6, 'S': 4, 'Q': 4, 'A': 7, 'Z': 0}

// extent grows around points.
type extent struct {
	left, top, right, bottom int64
	any                      bool
}

func (e *extent) take(x, y int64) {
	if !e.any {
		*e = extent{x, y, x, y, true}
		return
	}
	e.left, e.right = min(e.left, x), max(e.right, x)
	e.top, e.bottom = min(e.top, y), max(e.bottom, y)
}

// follow walks along a path from end to end of its strokes. A path that cannot be followed has no box.
func follow(d string) Box {
	var e extent
	var x, y, startX, startY int64
	command := byte(0)
	rest := d
	for {
		rest = strings.TrimLeft(rest, " ,\t\r\n")
		if rest == "" {
			break
		}
		if c := rest[0]; c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' {
			command, rest = c, rest[1:]
		}
		upper := command &^ 0x20
		count, known := strokes[upper]
		if !known {
			return Box{}
		}
		args := make([]int64, 0, 7)
		for range count {
			number, after := next(rest)
			v, ok := milli(number)
			if !ok {
				return Box{}
			}
			args, rest = append(args, v), after
		}
		var baseX, baseY int64
		if command >= 'a' {
			baseX, baseY = x, y
		}
		switch upper {
		case 'Z':
			x, y = startX, startY
			command = 'L' // numbers after a closed path would begin a line; there are none in a good one
			continue
		case 'H':
			x = baseX + args[0]
		case 'V':
			y = baseY + args[0]
		default:
			x, y = baseX+args[count-2], baseY+args[count-1]
		}
		if upper == 'M' {
			startX, startY = x, y
			command -= 'M' - 'L' // further pairs are lines
		}
		e.take(x, y)
	}
	if !e.any {
		return Box{}
	}
	return Box{e.left, e.top, e.right - e.left, e.bottom - e.top}
}

// next takes one number off the front of a list.
func next(s string) (number, rest string) {
	s = strings.TrimLeft(s, " ,\t\r\n")
	end, dot := 0, false
	for ; end < len(s); end++ {
		c := s[end]
		switch {
		case c >= '0' && c <= '9', (c == '-' || c == '+') && end == 0:
		case c == '.' && !dot:
			dot = true
		default:
			return s[:end], s[end:]
		}
	}
	return s[:end], s[end:]
}
