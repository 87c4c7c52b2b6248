package papers

import (
	"iter"

	"lieux/base/lang"
)

// Kind is what a paper is; it decides nothing of the drawing, but a reader of the archive must know.
type Kind string

// The kinds of paper.
const (
	Minutes     Kind = "minutes"
	Register    Kind = "register"
	Certificate Kind = "certificate"
	Evidence    Kind = "proof" // of a draw by lot
	Letter      Kind = "letter"
	Notice      Kind = "notice" // a convening, an agenda
	Form        Kind = "form"
	Report      Kind = "report"
)

// Paper is one document in one language.
type Paper struct {
	Kind   Kind     `json:"kind"`
	Lang   lang.Tag `json:"lang"`
	House  string   `json:"house,omitempty"` // who issues it, above the title: "Dynamo Coop, société coopérative, Liège"
	Title  string   `json:"title"`
	Foot   string   `json:"foot,omitempty"` // running foot of the printed pages; the title when empty
	Blocks Blocks   `json:"blocks,omitempty"`
}

// Block is one piece of a paper. The set is closed: only the types of this file are blocks.
type Block interface {
	name() string                          // in the canonical JSON
	check(c *checker)                      // its own rules
	mapLines(change func(Line) Line) Block // a copy with its lines changed
}

// Blocks are pieces in their order.
type Blocks []Block

// Heading opens an item or a part of one. Level 2 stands under the title, 3 under 2, 4 under 3. Number is text, as
// the chair wants it ("5", "6 bis"), or empty. Anchor, when given, is the fragment id in HTML: small letters,
// figures, hyphens.
type Heading struct {
	Level  int    `json:"level"`
	Number string `json:"number,omitempty"`
	Anchor string `json:"anchor,omitempty"`
	Words  Line   `json:"words"`
}

// Paragraph is running text.
type Paragraph struct {
	Words Line `json:"words"`
}

// List is a list of lines, numbered when Ordered.
type List struct {
	Ordered bool   `json:"ordered,omitempty"`
	Items   []Line `json:"items"`
}

// Align is the side on which a column's cells stand.
type Align string

// The sides: words begin on the left, figures end on the right.
const (
	Left  Align = ""
	Right Align = "right" // figures: tabular, never wrapped
)

// Column is the head of a table's column.
type Column struct {
	Head   Line  `json:"head,omitempty"`
	Align  Align `json:"align,omitempty"`
	Row    bool  `json:"row,omitempty"`    // its cells name their row (th scope=row)
	Weight int   `json:"weight,omitempty"` // share of the width against other weights; 0: as its content asks
}

// Row is one row of cells, as many as there are columns.
type Row []Line

// Table is a table of figures or facts; its head is repeated on each printed page. The last totals row closes with a
// double rule.
//
// Stream, when set, gives further rows while drawing (a register of ten thousand holders is never in memory as a
// tree). A paper with a stream can be drawn, but not encoded or hashed.
type Table struct {
	Caption Line                  `json:"caption,omitempty"`
	Columns []Column              `json:"columns"`
	Rows    []Row                 `json:"rows,omitempty"`
	Totals  []Row                 `json:"totals,omitempty"`
	Stream  iter.Seq2[Row, error] `json:"-"`
}

// Facts are terms with what is known of each.
type Facts struct {
	Items []Fact `json:"items"`
}

// Fact is one term and what is known of it.
type Fact struct {
	Term  string `json:"term"`
	Words Line   `json:"words"`
}

// Reckoning is a computation set like an account.
type Reckoning struct {
	Lines []ReckoningLine `json:"lines"`
}

// ReckoningLine is one step: a sentence, the article it rests on, and the figure it yields.
type ReckoningLine struct {
	Words   Line   `json:"words"`
	Article string `json:"article,omitempty"`
	Figure  string `json:"figure,omitempty"`
}

// Standing says how an outcome is known.
type Standing string

// The standings of an outcome.
const (
	Unmarked   Standing = ""
	Recomputed Standing = "recomputed" // the program counted it again and found the same
	AsStated   Standing = "as-stated"  // the source says so; Note says what is missing to count it again
	Differs    Standing = "differs"    // the program counted otherwise; Note says how
)

// Decision is what a body decided. Note completes the standing: what is missing, or how the count differs.
type Decision struct {
	Words    Line     `json:"words"`
	Standing Standing `json:"standing,omitempty"`
	Note     Line     `json:"note,omitempty"`
	Article  string   `json:"article,omitempty"`
}

// BeforeAfter is a changed text, old and new; the words that differ are marked when it is drawn. A line feed parts
// paragraphs. The heads are "Avant" and "Après" in the paper's language when empty.
type BeforeAfter struct {
	BeforeHead string `json:"before_head,omitempty"`
	Before     string `json:"before,omitempty"`
	AfterHead  string `json:"after_head,omitempty"`
	After      string `json:"after,omitempty"`
}

// Aside is what the debate retained. Lead is "Retenu du débat" in the paper's language when empty; Label names the
// aside for those who hear the page ("Point retenu après le point 3"), Lead when empty.
type Aside struct {
	Lead  string `json:"lead,omitempty"`
	Label string `json:"label,omitempty"`
	Words Line   `json:"words"`
}

// Proof is a framed box with a head and blocks of its own: paragraphs, lists, tables, facts, reckonings, hints, a QR.
type Proof struct {
	Head   string `json:"head"`
	Blocks Blocks `json:"blocks"`
}

// Signatures are the places where people sign, side by side.
type Signatures struct {
	Items []Signature `json:"items"`
}

// Signature is one place to sign: in what quality, and who.
type Signature struct {
	Role string `json:"role"`
	Who  Line   `json:"who,omitempty"`
}

// Hint is a small remark, or a footnote when it has a mark ("†").
type Hint struct {
	Mark  string `json:"mark,omitempty"`
	Words Line   `json:"words"`
}

// Address is where a letter goes, one line each; as the first block of a paper it stands behind the window of the
// envelope.
type Address struct {
	Lines []Line `json:"lines"`
}

// QR is a code to be read by a telephone, with words beside it that say the same to a person.
type QR struct {
	Text  string `json:"text"`
	Words Line   `json:"words"`
}

// PageBreak begins a new printed page.
type PageBreak struct{}

func (Heading) name() string     { return "heading" }
func (Paragraph) name() string   { return "paragraph" }
func (List) name() string        { return "list" }
func (Table) name() string       { return "table" }
func (Facts) name() string       { return "facts" }
func (Reckoning) name() string   { return "reckoning" }
func (Decision) name() string    { return "decision" }
func (BeforeAfter) name() string { return "before-after" }
func (Aside) name() string       { return "aside" }
func (Proof) name() string       { return "proof-box" }
func (Signatures) name() string  { return "signatures" }
func (Hint) name() string        { return "hint" }
func (Address) name() string     { return "address" }
func (QR) name() string          { return "qr" }
func (PageBreak) name() string   { return "page-break" }

// Line is a run of inlines, as a sentence is.
type Line []Inline

// Style is what an inline is.
type Style string

// The styles of inlines.
const (
	Plain    Style = ""
	Strong   Style = "strong"
	Emphasis Style = "em"
	Code     Style = "code"
	Mark     Style = "mark"   // the mark of a note, as "†"; it hangs and pushes nothing
	Person   Style = "person" // a natural person: ID and Commitment, never the name
)

// Inline is a piece of a line. Make it with [T], [B], [I], [Mono], [Dagger] or [Who].
type Inline struct {
	Style      Style
	Text       string     // empty for a person
	ID         string     // the person's id
	Commitment Commitment // zero until the paper is sealed
}

// T is plain text as a line of its own: papers.Paragraph{papers.T("La séance est ouverte.")}.
func T(text string) Line { return Line{{Text: text}} }

// B is strong text.
func B(text string) Inline { return Inline{Style: Strong, Text: text} }

// I is emphasised text.
func I(text string) Inline { return Inline{Style: Emphasis, Text: text} }

// Mono is text to be compared sign by sign, such as a hash.
func Mono(text string) Inline { return Inline{Style: Code, Text: text} }

// Dagger is the mark of a note.
func Dagger(mark string) Inline { return Inline{Style: Mark, Text: mark} }

// Who is a natural person, by id; [Seal] adds the commitment.
func Who(id string) Inline { return Inline{Style: Person, ID: id} }

// L makes a line from strings (plain text), inlines and lines; anything else is our mistake.
func L(pieces ...any) Line {
	var line Line
	for _, piece := range pieces {
		switch piece := piece.(type) {
		case string:
			line = append(line, Inline{Text: piece})
		case Inline:
			line = append(line, piece)
		case Line:
			line = append(line, piece...)
		default:
			panic("assertion: papers.L takes strings, inlines and lines")
		}
	}
	return line
}
