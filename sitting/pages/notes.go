package pages

import (
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/meeting"
	"lieux/people"
	"lieux/sitting"
)

// notesPage is what GET /meetings/{name}/notes shows: one matter, a field for a new note, and the notes taken so far,
// which arrive while one writes.
type notesPage struct {
	at
	Form   *web.Form
	Here   noteItem // where one writes
	Any    bool     // there is something to write about
	Live   *liveNotes
	Screen *web.Screen // nil where nothing is live
}

// liveNotes is the part that keeps itself up to date, the same for everybody who may do the same.
type liveNotes struct {
	Path   string // of the meeting
	Lang   string // of its notes
	May    bool   // change them
	Here   noteItem
	Agenda []noteItem
	Moved  *web.Link // where the meeting is now, when that is elsewhere; nil otherwise
}

// noteItem is a matter with its notes.
type noteItem struct {
	Item, Matter  string
	Number, Title string
	Href          string
	Again         bool // another subject of the item above
	Now           bool // the meeting is there
	Shown         bool
	Blocks        []noteBlock
	Points        []pointLine
	Count         int
}

// noteBlock is one block in ready words.
type noteBlock struct {
	ID, Href string
	Texts    []noteText
	Torn     bool
}

// noteText is one standing text.
type noteText struct {
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
		item, matter := page.Form.Raw("item"), page.Form.Raw("matter")
		if item == "" {
			item, matter = q.Query("item"), q.Query("matter")
		}
		may := a.Write && a.Sitting.Writable()
		l, err := readLiveNotes(r, q.P, a.Meeting, item, matter, may)
		if err != nil {
			return err
		}
		page.Live, page.Here, page.Any = l, l.Here, len(l.Agenda) > 0
		if p.Feed != nil && may {
			page.Screen = &web.Screen{ID: "notes", Page: q.R.URL.RequestURI(),
				Stream: a.Path("stream/notes") + "?item=" + l.Here.Item + "&matter=" + l.Here.Matter}
		}
		return nil
	})
}

// notesPath is the address of the notes of a matter.
func notesPath(m meeting.Meeting, item, matter string) string {
	return "/meetings/" + m.Name + "/notes?item=" + item + "&matter=" + matter
}

// readLiveNotes reads the notes of one matter, and how many each of the others has.
func readLiveNotes(r store.Reader, p *lang.Printer, m meeting.Meeting, item, matter string, may bool) (*liveNotes,
	error) {
	g, err := readStage(r, p, m)
	if err != nil {
		return nil, err
	}
	blocks, err := sitting.Blocks(r, m.ID)
	if err != nil {
		return nil, err
	}
	points, err := sitting.RetainedIn(r, m.ID)
	if err != nil {
		return nil, err
	}
	owners, err := ownersOf(r, p)
	if err != nil {
		return nil, err
	}
	say, err := newSpeaker(r, p, authors(blocks))
	if err != nil {
		return nil, err
	}
	l := &liveNotes{Path: "/meetings/" + m.Name, Lang: string(m.Language), May: may}
	now, _ := g.current()
	shown := g.shown(item, matter)
	if shown.item.ID == "" && len(g.stops()) > 0 {
		shown = g.stops()[0]
	}
	seen := map[meeting.ItemID]bool{}
	for _, x := range g.stops() {
		line := noteItem{Item: string(x.item.ID), Matter: string(x.matter.ID), Number: x.item.Number, Title: x.title(),
			Href: notesPath(m, string(x.item.ID), string(x.matter.ID)),
			Now:  g.state == sitting.Running && now.Item == x.item.ID && now.Matter == x.matter.ID}
		first := !seen[x.item.ID] // what belongs to the item as a whole stands with its first matter
		line.Again = !first
		seen[x.item.ID] = true
		for _, b := range blocks {
			own := b.Item == x.item.ID && (b.Matter == x.matter.ID || b.Matter == "" && first)
			if own && len(b.Standing()) > 0 {
				line.Blocks = append(line.Blocks, g.noteBlock(b, say))
			}
		}
		for _, k := range points {
			if k.Item == x.item.ID && first && k.DroppedAt == 0 {
				line.Points = append(line.Points, pointLine{string(k.ID), k.Title, k.Words, owners(k)})
			}
		}
		line.Count = len(line.Blocks) + len(line.Points)
		if line.Shown = x.item.ID == shown.item.ID && x.matter.ID == shown.matter.ID; line.Shown {
			l.Here = line
		} else if line.Now {
			l.Moved = &web.Link{Text: p.T("sitting.page.item-title", "number", line.Number, "title", line.Title),
				Href: line.Href}
		}
		l.Agenda = append(l.Agenda, line)
	}
	return l, nil
}

// notesScene is the live part of the notes.
func (p Pages) notesScene(q *web.Request) (web.Scene, error) {
	var a at
	err := p.read(q, mayRead, func(_ store.Reader, found at) error { a = found; return nil })
	item, matter := q.Query("item"), q.Query("matter")
	may := a.Write && a.Sitting.Writable()
	return web.Scene{Key: "notes/" + string(a.Meeting.ID) + "/" + item + "/" + matter + "/" + strconv.FormatBool(may),
		About: []store.Ref{a.Meeting.ID.Ref()},
		Draw: func(r store.Reader, printer *lang.Printer) (templ.Component, error) {
			l, err := readLiveNotes(r, printer, a.Meeting, item, matter, may)
			if err != nil {
				return nil, err
			}
			return liveNotesView(l), nil
		}}, err
}

// blockScene is what others did to a note since somebody began to change it.
func (p Pages) blockScene(q *web.Request) (web.Scene, error) {
	var a at
	err := p.read(q, writes, func(_ store.Reader, found at) error { a = found; return nil })
	block, from := q.Query("block"), q.Query("from")
	return web.Scene{Key: "note/" + block + "/" + from, About: []store.Ref{a.Meeting.ID.Ref()},
		Draw: func(r store.Reader, printer *lang.Printer) (templ.Component, error) {
			others, err := changedSince(r, printer, a.Meeting, block, from)
			if err != nil {
				return nil, err
			}
			return othersView(string(a.Meeting.Language), others), nil
		}}, err
}

// changedSince are the standing texts of a note that are newer than those from which somebody changes it.
func changedSince(r store.Reader, p *lang.Printer, m meeting.Meeting, block, from string) ([]noteText, error) {
	blocks, err := sitting.Blocks(r, m.ID)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(blocks, func(b sitting.Block) bool { return b.ID == block })
	if i < 0 {
		return nil, web.NotFound
	}
	say, err := newSpeaker(r, p, authors(blocks[i:i+1]))
	if err != nil {
		return nil, err
	}
	known := numbersIn(from)
	var list []noteText
	for _, t := range blocks[i].Texts {
		if t.Replaced == 0 && !slices.Contains(known, t.Number) {
			list = append(list, say.text(t, clockIn(r.Zone())))
		}
	}
	return list, nil
}

// numbersIn reads the numbers of texts as a form carries them.
func numbersIn(from string) (list []int64) {
	for _, part := range strings.Split(from, ",") {
		if number, err := strconv.ParseInt(part, 10, 64); err == nil {
			list = append(list, number)
		}
	}
	return list
}

// ownersOf names who owes the answer of a retained point.
func ownersOf(r store.Reader, p *lang.Printer) (func(sitting.Retained) string, error) {
	bodies, err := people.Bodies(r)
	names := map[people.BodyID]string{}
	for _, b := range bodies {
		names[b.ID] = b.Words(p)
	}
	return func(k sitting.Retained) string {
		switch {
		case k.Owner != "":
			return names[k.Owner]
		case k.OwnerWords != "":
			return k.OwnerWords
		}
		return p.T("sitting.page.no-owner")
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

func (g stage) noteBlock(b sitting.Block, say speaker) noteBlock {
	line := noteBlock{ID: b.ID, Href: "/meetings/" + g.m.Name + "/notes/" + b.ID, Torn: b.Torn()}
	for _, t := range b.Standing() {
		line.Texts = append(line.Texts, say.text(t, g.zone))
	}
	return line
}

// text puts one text of a note into words.
func (s speaker) text(t sitting.Text, zone func(instant) string) noteText {
	who := s.p.T("sitting.page.program")
	if t.Author != "" {
		who = s.person(t.Author)
	}
	return noteText{Paragraphs: paragraphs(t.Words), By: s.p.T("sitting.page.note-by", "who", who, "at", zone(t.At))}
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
	return q.SeeOther(notesPath(page.Meeting, string(n.Item), string(n.Matter)))
}

// blockPage is the form of one block: its text, or the texts that compete.
type blockPage struct {
	at
	Form  *web.Form
	Block noteBlock
	Title string
	Back  string
	Past  []noteText // texts that were replaced, the newest first
	// texts of others that came while this one was changed
	Others []noteText
	Screen *web.Screen
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
		page.Block = g.noteBlock(b, say)
		page.Back = notesPath(a.Meeting, string(b.Item), string(b.Matter)) + "#b-" + b.ID
		if x, found := g.at(b.Item, b.Matter); found {
			page.Title = q.T("sitting.page.item-title", "number", x.item.Number, "title", x.title())
		}
		for _, t := range slices.Backward(b.Texts) {
			if t.Replaced != 0 && t.Words != "" {
				page.Past = append(page.Past, say.text(t, g.zone))
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
		if p.Feed != nil {
			page.Screen = &web.Screen{ID: "others", Page: q.R.URL.RequestURI(),
				Stream: a.Path("stream/note") + "?block=" + b.ID + "&from=" + page.Form.Raw("from")}
		}
		page.Others, err = changedSince(r, q.P, a.Meeting, b.ID, page.Form.Raw("from"))
		return err
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
	n := sitting.Note{Block: page.Block.ID, From: numbersIn(form.Raw("from")),
		Words: form.Lines("words", sitting.MaxBlock)}
	if form.Raw("remove") != "" {
		n.Words = ""
	}
	torn := false
	done, err := p.act(q, form, "note", func(tx *store.Tx) error {
		if _, err := sitting.Write(tx, page.Meeting.ID, n); err != nil {
			return err
		}
		blocks, err := sitting.Blocks(tx, page.Meeting.ID)
		torn = slices.ContainsFunc(blocks, func(b sitting.Block) bool { return b.ID == n.Block && b.Torn() })
		return err
	})
	if err != nil {
		return err
	}
	if !done {
		return q.Again(blockView(page))
	}
	if torn { // somebody else was faster: this text is kept beside theirs, and who wrote it joins them
		q.Flash(web.Wait, q.T("sitting.notes.torn.told"))
		return q.SeeOther(page.Block.Href)
	}
	return q.SeeOther(page.Back)
}
