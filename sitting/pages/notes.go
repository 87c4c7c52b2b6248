package pages

import (
	"slices"
	"strconv"
	"strings"

	"lieux/base/store"
	"lieux/base/web"
	"lieux/meeting"
	"lieux/people"
	"lieux/sitting"
)

// notesPage is what GET /meetings/{name}/notes shows: the notes of each item, and a field for more.
type notesPage struct {
	at
	Form    *web.Form
	Items   []noteItem
	Current string // id of the matter at which the meeting stands
}

// noteItem is a matter with its notes.
type noteItem struct {
	ID            string // of the item and the matter, as an anchor
	Item, Matter  string
	Number, Title string
	Now           bool
	Blocks        []noteBlock
	Points        []pointLine
}

// noteBlock is one block in ready words.
type noteBlock struct {
	ID, Href string
	Texts    []noteText
	Torn     bool
}

// noteText is one standing text.
type noteText struct {
	Number     string
	Paragraphs []string
	By         string // who wrote it, and when
}

// pointLine is a retained point.
type pointLine struct{ ID, Title, Words, Owner string }

func (p Pages) notes(q *web.Request) error {
	page := notesPage{Form: q.Blank()}
	if err := p.readNotes(q, &page); err != nil {
		return err
	}
	return q.Page(notesView(page))
}

// mayRead says who reads the notes: who writes them, and the staff.
func mayRead(a at) bool { return a.Write || a.Bureau || a.Staff }

func (p Pages) readNotes(q *web.Request, page *notesPage) error {
	return p.read(q, mayRead, func(r store.Reader, a at) error {
		page.at = a
		g, err := readStage(r, q.P, a.Meeting)
		if err != nil {
			return err
		}
		blocks, err := sitting.Blocks(r, a.Meeting.ID)
		if err != nil {
			return err
		}
		points, err := sitting.RetainedIn(r, a.Meeting.ID)
		if err != nil {
			return err
		}
		owners, err := ownersOf(r, q)
		if err != nil {
			return err
		}
		say, err := newSpeaker(r, q.P, authors(blocks))
		if err != nil {
			return err
		}
		now, _ := g.current()
		seen := map[meeting.ItemID]bool{}
		for _, x := range g.stops() {
			line := noteItem{ID: "n-" + string(x.item.ID) + string(x.matter.ID), Item: string(x.item.ID),
				Matter: string(x.matter.ID),
				Number: x.item.Number, Title: x.title(), Now: a.Now == sitting.Running && now.Item == x.item.ID &&
					now.Matter == x.matter.ID}
			for _, b := range blocks {
				own := b.Item == x.item.ID && (b.Matter == x.matter.ID || b.Matter == "" && !seen[x.item.ID])
				if own && len(b.Standing()) > 0 {
					line.Blocks = append(line.Blocks, g.noteBlock(b, say, a))
				}
			}
			for _, k := range points {
				if k.Item == x.item.ID && !seen[x.item.ID] && k.DroppedAt == 0 {
					line.Points = append(line.Points, pointLine{string(k.ID), k.Title, k.Words, owners(k)})
				}
			}
			seen[x.item.ID] = true
			page.Items = append(page.Items, line)
		}
		return nil
	})
}

// ownersOf names who owes the answer of a retained point.
func ownersOf(r store.Reader, q *web.Request) (func(sitting.Retained) string, error) {
	bodies, err := people.Bodies(r)
	names := map[people.BodyID]string{}
	for _, b := range bodies {
		names[b.ID] = b.Words(q.P)
	}
	return func(k sitting.Retained) string {
		switch {
		case k.Owner != "":
			return names[k.Owner]
		case k.OwnerWords != "":
			return k.OwnerWords
		}
		return q.T("sitting.page.no-owner")
	}, err
}

func authors(blocks []sitting.Block) (ids []people.PersonID) {
	for _, b := range blocks {
		for _, t := range b.Texts {
			ids = append(ids, t.Author)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

func (g stage) noteBlock(b sitting.Block, say speaker, a at) noteBlock {
	line := noteBlock{ID: b.ID, Href: a.Path("notes/" + b.ID), Torn: b.Torn()}
	for _, t := range b.Standing() {
		who := g.p.T("sitting.page.program")
		if t.Author != "" {
			who = say.person(t.Author)
		}
		line.Texts = append(line.Texts, noteText{Number: strconv.FormatInt(t.Number, 10), Paragraphs: paragraphs(t.Words),
			By: g.p.T("sitting.page.note-by", "who", who, "at", g.zone(t.At))})
	}
	return line
}

// note keeps a new block.
func (p Pages) note(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page := notesPage{Form: form}
	n := sitting.Note{Item: meeting.ItemID(form.Raw("item")), Matter: meeting.MatterID(form.Raw("matter")),
		Words: form.Lines("words", sitting.MaxBlock)}
	if err := p.read(q, writes, func(_ store.Reader, a at) error { page.at = a; return nil }); err != nil {
		return err
	}
	done, err := p.act(q, form, "note", func(tx *store.Tx) error {
		_, err := sitting.Write(tx, page.Meeting.ID, n)
		return err
	})
	if err != nil {
		return err
	}
	if !done {
		if err := p.readNotes(q, &page); err != nil {
			return err
		}
		return q.Again(notesView(page))
	}
	return q.SeeOther(page.Path("notes") + "#n-" + string(n.Item) + string(n.Matter))
}

// blockPage is the form of one block: its text, or the texts that compete.
type blockPage struct {
	at
	Form  *web.Form
	Block noteBlock
	Title string
	Past  []noteText // texts that were replaced, the newest first
}

func (p Pages) block(q *web.Request) error {
	page := blockPage{Form: q.Blank()}
	err := p.readBlock(q, &page, true)
	if err != nil {
		return err
	}
	return q.Page(blockView(page))
}

// readBlock reads a block; fill puts its text into the form, with the texts that a change is made from.
func (p Pages) readBlock(q *web.Request, page *blockPage, fill bool) error {
	return p.read(q, writes, func(r store.Reader, a at) error {
		page.at = a
		blocks, err := sitting.Blocks(r, a.Meeting.ID)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(blocks, func(b sitting.Block) bool { return b.ID == q.Path("block") })
		if i < 0 {
			return web.NotFound
		}
		b := blocks[i]
		say, err := newSpeaker(r, q.P, authors(blocks[i:i+1]))
		if err != nil {
			return err
		}
		g, err := readStage(r, q.P, a.Meeting)
		if err != nil {
			return err
		}
		page.Block = g.noteBlock(b, say, a)
		if x, found := g.at(b.Item, b.Matter); found {
			page.Title = q.T("sitting.page.item-title", "number", x.item.Number, "title", x.title())
		}
		for _, t := range slices.Backward(b.Texts) {
			if t.Replaced != 0 && t.Words != "" {
				page.Past = append(page.Past, noteText{Paragraphs: paragraphs(t.Words),
					By: q.T("sitting.page.note-by", "who", say.person(t.Author), "at", g.zone(t.At))})
			}
		}
		if fill {
			var texts, heads []string
			for _, t := range b.Standing() {
				texts = append(texts, t.Words)
			}
			for _, n := range b.Heads() {
				heads = append(heads, strconv.FormatInt(n, 10))
			}
			page.Form.Set("words", strings.Join(texts, "\n\n")).Set("from", strings.Join(heads, ","))
		}
		return nil
	})
}

// changeBlock keeps a change of a block, made from the texts that the page showed.
func (p Pages) changeBlock(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page := blockPage{Form: form}
	if err := p.readBlock(q, &page, false); err != nil {
		return err
	}
	n := sitting.Note{Block: page.Block.ID, Words: form.Lines("words", sitting.MaxBlock)}
	if form.Raw("remove") != "" {
		n.Words = ""
	}
	for _, from := range strings.Split(form.Raw("from"), ",") {
		if number, err := strconv.ParseInt(from, 10, 64); err == nil {
			n.From = append(n.From, number)
		}
	}
	done, err := p.act(q, form, "note", func(tx *store.Tx) error {
		_, err := sitting.Write(tx, page.Meeting.ID, n)
		return err
	})
	if err != nil {
		return err
	}
	if !done {
		return q.Again(blockView(page))
	}
	return q.SeeOther(page.Path("notes") + "#b-" + page.Block.ID)
}
