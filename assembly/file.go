package assembly

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
	"golang.org/x/text/unicode/norm"

	"lieux/base/fault"
)

// Format is the first line of the file of an assembly: format: lieux-assembly/1.
const Format = "lieux-assembly/1"

// Limits of the file, before anything is read of it.
const (
	MaxFile  = 1 << 20
	maxDepth = 24
	maxLine  = 40_000
)

// File is the record of a past assembly as docs/assembly-file.md describes it. Every field that the record does not
// give stays empty.
type File struct {
	Format     string                `yaml:"format"`
	Name       string                `yaml:"name"`
	Title      string                `yaml:"title"`
	Held       string                `yaml:"held"`
	Place      string                `yaml:"place"`
	Language   string                `yaml:"language"`
	Convening  string                `yaml:"convening"`
	Notes      []string              `yaml:"notes"`
	Persons    map[string]FilePerson `yaml:"persons"`
	Bodies     map[string]FileBody   `yaml:"bodies"`
	Attendance FileAttendance        `yaml:"attendance"`
	Items      []FileItem            `yaml:"items"`

	hash string
	root *ast.File
}

// Whole is a whole number as the file writes it, in figures: a parser of YAML would take 1.5 for 1 without a word.
type Whole int64

// UnmarshalYAML implements yaml.NodeUnmarshaler.
func (w *Whole) UnmarshalYAML(node ast.Node) error {
	text := strings.TrimSpace(node.GetToken().Value)
	n, err := strconv.ParseInt(text, 10, 64)
	if _, plain := node.(*ast.IntegerNode); err != nil || !plain {
		return fault.Refuse("assembly.refusal.whole", "text", brief(text)).OnLine(lineOf(node))
	}
	*w = Whole(n)
	return nil
}

// Told is what a record tells of something: that it was there, that it was not, or that nobody knows.
type Told string

// What is told of a report.
const (
	ReportThere   Told = "true"
	ReportAbsent  Told = "false"
	ReportUnknown Told = "unknown"
)

// UnmarshalYAML implements yaml.NodeUnmarshaler.
func (t *Told) UnmarshalYAML(node ast.Node) error {
	*t = Told(node.GetToken().Value)
	if !slices.Contains([]Told{ReportThere, ReportAbsent, ReportUnknown}, *t) {
		return fault.Refuse("assembly.refusal.report", "text", brief(string(*t))).OnLine(lineOf(node))
	}
	return nil
}

// FilePerson names a person once; the rest of the file uses the key. By cooperator number, or by name.
type FilePerson struct {
	Number Whole  `yaml:"number"`
	Given  string `yaml:"given"`
	Family string `yaml:"family"`
	New    bool   `yaml:"new"` // enroll when nobody of that name is known
}

// FileBody names an organ; a committee or working group that is not known yet is set up.
type FileBody struct {
	Kind string `yaml:"kind"`
	Name string `yaml:"name"`
}

// FileCount is a count of cooperators and of shares.
type FileCount struct {
	Heads  *Whole `yaml:"heads"`
	Shares *Whole `yaml:"shares"`
}

// FileAttendance is who was there. List names cooperators by number; then heads and shares are computed from the
// register of that day.
type FileAttendance struct {
	Total       FileCount      `yaml:"total"`
	Present     FileCount      `yaml:"present"`
	Represented FileCount      `yaml:"represented"`
	Issued      FileCount      `yaml:"issued"`
	List        []FileAttendee `yaml:"list"`
}

// FileAttendee is one cooperator who was there; Proxy is the key of who represented them.
type FileAttendee struct {
	Number Whole  `yaml:"number"`
	Proxy  string `yaml:"proxy"`
}

// FileItem is one point of the agenda.
type FileItem struct {
	Number   string         `yaml:"number"`
	Title    string         `yaml:"title"`
	Matters  []FileMatter   `yaml:"matters"`
	Retained []FileRetained `yaml:"retained"`
}

// FileMatter is one thing that was dealt with.
type FileMatter struct {
	Kind       string     `yaml:"kind"`
	Title      string     `yaml:"title"`
	Text       string     `yaml:"text"`
	Place      string     `yaml:"place"`
	Of         string     `yaml:"of"`
	Presenters []string   `yaml:"presenters"`
	Annexes    []string   `yaml:"annexes"` // titles of papers that the record names
	Stated     string     `yaml:"stated"`
	Ballot     FileBallot `yaml:"ballot"`

	Article string `yaml:"article"`
	Before  string `yaml:"before"`
	After   string `yaml:"after"`
	Deed    string `yaml:"deed"` // what is known or not known of the deed, in words

	Report Told `yaml:"report"` // of a change of purpose: the board's justification was annexed

	Body        string   `yaml:"body"`
	Elected     []string `yaml:"elected"`
	Effective   []string `yaml:"effective"`
	Substitutes []string `yaml:"substitutes"`
	Until       string   `yaml:"until"`

	Seats      *Whole          `yaml:"seats"`      // of an election
	Candidates []FileCandidate `yaml:"candidates"` // who stood, with their votes
	Cast       *Whole          `yaml:"cast"`       // votes of all ballots that were handed in
	Proof      string          `yaml:"proof"`      // of a draw: the text of its proof, docs/draw-proof.md
}

// FileCandidate is one candidate with what is told of the votes: for and against, or the votes obtained.
type FileCandidate struct {
	Person      string `yaml:"person"`
	For         *Whole `yaml:"for"`
	Against     *Whole `yaml:"against"`
	Abstentions *Whole `yaml:"abstentions"`
	Votes       *Whole `yaml:"votes"`
}

// FileBallot is what is told of a vote.
type FileBallot struct {
	Kind        string `yaml:"kind"` // unanimous, acclamation, counts
	For         *Whole `yaml:"for"`
	Against     *Whole `yaml:"against"`
	Abstentions *Whole `yaml:"abstentions"`

	Classes []FileClass `yaml:"classes"` // of a change of the rights of classes: the votes of each
}

// FileClass is what is told of the votes of one share class.
type FileClass struct {
	Class       string `yaml:"class"`
	For         *Whole `yaml:"for"`
	Against     *Whole `yaml:"against"`
	Abstentions *Whole `yaml:"abstentions"`
}

// FileRetained is what the debate retained.
type FileRetained struct {
	Title   string   `yaml:"title"`
	Text    string   `yaml:"text"`
	Owner   string   `yaml:"owner"`   // key of a body
	Named   string   `yaml:"named"`   // how the record names the owner, when it is no body
	Due     string   `yaml:"due"`     // when the record states a day
	Members []string `yaml:"members"` // who joins the owner, a working group
}

// Parse reads the file of an assembly. A refusal names the line and what is wrong; unknown fields, anchors and deep
// nesting are refused.
func Parse(r io.Reader) (*File, error) {
	raw, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	if err != nil {
		return nil, fmt.Errorf("assembly: file: %w", err)
	}
	if err := plain(raw); err != nil {
		return nil, err
	}
	raw = bytes.ReplaceAll(bytes.TrimPrefix(raw, []byte("\ufeff")), []byte("\r\n"), []byte("\n"))
	raw = norm.NFC.Bytes(raw) // the same file from Windows, or from a form, has the same hash
	if err := shallow(raw); err != nil {
		return nil, err
	}
	f := &File{hash: hashOf(raw)}
	if f.root, err = parser.ParseBytes(raw, 0); err != nil {
		return nil, syntaxRefusal(err)
	}
	if err := asWritten(f.root); err != nil {
		return nil, err
	}
	if err := yaml.UnmarshalWithOptions(raw, f, yaml.DisallowUnknownField()); err != nil {
		return nil, syntaxRefusal(err)
	}
	if f.Format != Format {
		return nil, fault.Refuse("assembly.refusal.format", "format", brief(f.Format), "wanted", Format).
			At("format").OnLine(f.line("$.format"))
	}
	return f, nil
}

// plain refuses bytes that are no text.
func plain(raw []byte) error {
	switch {
	case len(raw) == 0:
		return fault.Refuse("assembly.refusal.empty")
	case len(raw) > MaxFile:
		return fault.Refuse("assembly.refusal.too-long", "limit", MaxFile>>10)
	}
	for i, line := range bytes.Split(raw, []byte("\n")) {
		switch {
		case !utf8.Valid(line):
			return fault.Refuse("assembly.refusal.utf8").OnLine(i + 1)
		case bytes.IndexByte(line, 0) >= 0:
			return fault.Refuse("assembly.refusal.nul").OnLine(i + 1)
		case len(line) > maxLine:
			return fault.Refuse("assembly.refusal.line-long", "limit", maxLine).OnLine(i + 1)
		}
	}
	return nil
}

// shallow refuses what would make a parser climb without end, before it runs: deep nesting, and anchors whose aliases
// multiply.
func shallow(raw []byte) error {
	for i, line := range strings.Split(string(raw), "\n") {
		if len(line)-len(strings.TrimLeft(line, " ")) > 4*maxDepth || strings.Count(line, "- ") > 8*maxDepth ||
			strings.Count(line, "? ") > 8*maxDepth {
			return fault.Refuse("assembly.refusal.deep").OnLine(i + 1)
		}
	}
	depth := 0
	for _, t := range lexer.Tokenize(string(raw)) {
		line := 0
		if t.Position != nil {
			line = t.Position.Line
		}
		switch t.Type {
		case token.MappingStartType, token.SequenceStartType:
			if depth++; depth > maxDepth {
				return fault.Refuse("assembly.refusal.deep").OnLine(line)
			}
		case token.MappingEndType, token.SequenceEndType:
			depth--
		case token.AnchorType, token.AliasType, token.TagType, token.MergeKeyType:
			return fault.Refuse("assembly.refusal.anchor", "sign", brief(t.Value)).OnLine(line)
		}
	}
	return nil
}

// asWritten refuses figures that a parser of YAML reads as something else than they look: article 9.10 would become
// 9.1, and number 0x10 sixteen. Between quotes they are what they are.
func asWritten(root *ast.File) error {
	var other figures
	for _, doc := range root.Docs {
		ast.Walk(&other, doc)
	}
	if other.node == nil {
		return nil
	}
	return fault.Refuse("assembly.refusal.figures", "text", brief(other.node.GetToken().Value)).OnLine(lineOf(other.node))
}

// figures finds the first number that does not print as it is written.
type figures struct{ node ast.Node }

// Visit implements ast.Visitor.
func (f *figures) Visit(node ast.Node) ast.Visitor {
	switch node.(type) {
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		if f.node == nil && fmt.Sprint(node.(ast.ScalarNode).GetValue()) != node.GetToken().Value {
			f.node = node
		}
	}
	return f
}

func lineOf(node ast.Node) int {
	if t := node.GetToken(); t != nil && t.Position != nil {
		return t.Position.Line
	}
	return 0
}

// syntaxRefusal turns the parser's error into a refusal with its line.
func syntaxRefusal(err error) error {
	if rs := fault.Of(err); rs != nil {
		return rs
	}
	line, message := 0, err.Error()
	var y yaml.Error
	if errors.As(err, &y) {
		message = y.GetMessage()
		if t := y.GetToken(); t != nil && t.Position != nil {
			line = t.Position.Line
		}
	}
	first, _, _ := strings.Cut(message, "\n")
	return fault.Refuse("assembly.refusal.syntax", "detail", brief(first)).OnLine(line)
}

// line is where a field stands, or what holds it when the file leaves it out; 0 when that is not known either.
func (f *File) line(path string) int {
	for f.root != nil && path != "$" && path != "" {
		if n := f.at(path); n > 0 {
			return n
		}
		path = path[:max(strings.LastIndexAny(path, ".["), 0)]
	}
	return 0
}

func (f *File) at(path string) int {
	p, err := yaml.PathString(path)
	if err != nil {
		return 0
	}
	node, err := p.FilterFile(f.root)
	if err != nil || node == nil {
		return 0
	}
	return lineOf(node)
}

// brief cuts a text that a refusal repeats.
func brief(s string) string {
	if r := []rune(strings.ToValidUTF8(s, "?")); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}
