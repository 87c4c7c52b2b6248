package sitting

import (
	"slices"
	"strings"
	"unicode/utf8"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/store"
	"lieux/meeting"
	"lieux/people"
)

// Text is one version of a block: who wrote it, when.
type Text struct {
	Number int64 // in its block, from 1
	Author people.PersonID
	At     civil.Instant
	Words  string // empty: the author takes the block out
	// the version that replaced it; 0 while it stands
	Replaced int64
}

// Block is a paragraph of the notes of an item. It has one standing text; two or more when several people changed it
// from the same text at once: then all stand until somebody joins them.
type Block struct {
	ID     string
	Item   meeting.ItemID
	Matter meeting.MatterID // empty: of the whole item
	Texts  []Text           // all versions, in their order
}

// Standing are the texts that hold: one, or several that compete. None when the block was taken out.
func (b Block) Standing() (list []Text) {
	for _, t := range b.Texts {
		if t.Replaced == 0 && t.Words != "" {
			list = append(list, t)
		}
	}
	return list
}

// Heads are the numbers of the texts that nothing replaced, empty ones too: what a change is made from.
func (b Block) Heads() (list []int64) {
	for _, t := range b.Texts {
		if t.Replaced == 0 {
			list = append(list, t.Number)
		}
	}
	return list
}

// Torn says that several texts compete.
func (b Block) Torn() bool { return len(b.Standing()) > 1 }

// Note is what a note-taker writes: a new block, or a change of one that names the texts it was made from.
type Note struct {
	Block  string // empty: a new one
	Item   meeting.ItemID
	Matter meeting.MatterID
	From   []int64 // numbers of the texts that this one replaces
	Words  string  // empty: the block goes
}

// Write keeps a note. Texts that somebody else replaced meanwhile are left as they are: then both new texts stand side
// by side, and nobody's is lost. It gives the block.
func Write(tx *store.Tx, id meeting.ID, n Note) (string, error) {
	m, _, err := writable(tx, id)
	if err != nil {
		return "", err
	}
	if err := mayWrite(tx, m); err != nil {
		return "", err
	}
	n.Words = strings.TrimSpace(strings.ReplaceAll(n.Words, "\r\n", "\n"))
	if len(n.Words) > MaxBlock || !utf8.ValidString(n.Words) {
		return "", fault.Refuse("sitting.refusal.words", "limit", MaxBlock).At("words")
	}
	blocks, err := Blocks(tx, id)
	if err != nil {
		return "", err
	}
	b := Block{ID: n.Block, Item: n.Item, Matter: n.Matter}
	if n.Block == "" {
		if b, err = begin(tx, m, blocks, n); err != nil {
			return "", err
		}
	} else {
		i := slices.IndexFunc(blocks, func(b Block) bool { return b.ID == n.Block })
		if i < 0 {
			return "", fault.Refuse("sitting.refusal.block")
		}
		b = blocks[i]
	}
	tx.Record(store.Line{About: []store.Ref{id.Ref(), b.Item.Ref()}})
	if same(b, n) {
		return b.ID, nil
	}
	if len(b.Texts) >= MaxTexts {
		return "", fault.Refuse("sitting.refusal.texts", "limit", MaxTexts)
	}
	t := Text{Number: int64(len(b.Texts) + 1), Author: people.PersonID(tx.Actor()), At: tx.Now(), Words: n.Words}
	if err := insertText(tx, b.ID, t); err != nil {
		return "", err
	}
	for _, from := range n.From {
		if err := replaceText(tx, b.ID, from, t.Number); err != nil {
			return "", err
		}
	}
	return b.ID, nil
}

// same says that a change changes nothing: the block stands as it says, and nothing competes.
func same(b Block, n Note) bool {
	standing := b.Standing()
	return len(b.Texts) > 0 && len(standing) == 1 && standing[0].Words == n.Words
}

// begin makes a new block at the end of its item.
func begin(tx *store.Tx, m meeting.Meeting, blocks []Block, n Note) (Block, error) {
	if _, err := place(m, n.Item, n.Matter); err != nil {
		return Block{}, err
	}
	if n.Words == "" {
		return Block{}, fault.Refuse("sitting.refusal.words", "limit", MaxBlock).At("words")
	}
	count := 0
	for _, b := range blocks {
		if b.Item == n.Item {
			count++
		}
	}
	if count >= MaxBlocks {
		return Block{}, fault.Refuse("sitting.refusal.blocks", "limit", MaxBlocks)
	}
	b := Block{ID: tx.ID(), Item: n.Item, Matter: n.Matter}
	return b, insertBlock(tx, m.ID, b)
}
