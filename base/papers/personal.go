package papers

// Personal is a part that the legal version of a paper has and its public version has not: who left before a vote,
// whose shares were corrected at the door. Instead is what the public version says in its place; nothing when empty.
type Personal struct {
	Instead Line   `json:"instead,omitempty"`
	Blocks  Blocks `json:"blocks"`
}

func (Personal) name() string { return "personal" }

// A personal part opens no item: the public version has the same items under the same numbers.
func (b Personal) check(c *checker) {
	c.must(len(b.Blocks) > 0, "empty")
	c.limit(len(b.Blocks), MaxItems)
	c.maybe(b.Instead)
	for i, inner := range b.Blocks {
		c.where.Inner = i + 1
		switch inner := inner.(type) {
		case Paragraph, List, Facts, Hint:
			inner.check(c)
		case Table:
			c.must(inner.Stream == nil, "boxed", "name", "stream")
			inner.check(c)
		case nil:
			c.must(false, "empty")
		default:
			c.must(false, "boxed", "name", inner.name())
		}
	}
}

func (b Personal) mapLines(change func(Line) Line) Block {
	b.Instead, b.Blocks = change(b.Instead), mapLines(b.Blocks, change)
	return b
}

// Public is the paper without its personal parts. The persons whom its other parts name (who presides, who is elected)
// stay named.
func Public(p Paper) Paper {
	var blocks Blocks
	for _, b := range p.Blocks {
		personal, ok := b.(Personal)
		switch {
		case !ok:
			blocks = append(blocks, b)
		case len(personal.Instead) > 0:
			blocks = append(blocks, Hint{Words: personal.Instead})
		}
	}
	p.Blocks = blocks
	return p
}

// HasPersonal says whether the public version of a paper differs from the legal one.
func HasPersonal(p Paper) bool {
	for _, b := range p.Blocks {
		if _, ok := b.(Personal); ok {
			return true
		}
	}
	return false
}
