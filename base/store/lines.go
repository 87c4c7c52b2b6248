package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"lieux/base/chain"
)

// linesAtOnce is how many lines wait at most to be written together.
const linesAtOnce = 64

// line is a line of the journal, sealed, on its way to the database.
type line struct {
	chain.Link
	salt    chain.Salt
	content string
	about   []Ref
}

// lines are those of a batch that wait. They are written together: one by one, under the savepoint of its act each,
// they would cost as much as the acts do.
type lines struct {
	list    []line
	settled int // so many are of acts that are done
	written int // so many were written in the savepoint of the act that runs
}

func (l *lines) clear() {
	clear(l.list)
	*l = lines{list: l.list[:0]}
}

// settle ends an act. What it wrote stands with it; when it is taken back, the lines of others that it wrote wait
// again.
func (l *lines) settle(kept bool) {
	if kept {
		l.list = slices.Delete(l.list, 0, l.written)
	} else {
		l.list = slices.Delete(l.list, l.settled, len(l.list))
	}
	l.settled, l.written = len(l.list), 0
}

// writeWaiting writes what waits, because an act is about to look at it.
func (w *writer) writeWaiting() error {
	if err := w.writeLines(); err != nil {
		return err
	}
	return w.writeNumbers()
}

// writeLines writes the lines that wait: an act is about to look at the journal, or the batch to be committed.
func (w *writer) writeLines() error {
	waiting := w.lines.list[w.lines.written:]
	w.lines.written = len(w.lines.list)
	values := w.values[:0]
	for i := range waiting {
		l := &waiting[i]
		values = append(values, l.Number, l.At, l.Commitment[:], l.Hash[:], l.salt[:], l.content)
	}
	if err := w.insert(intoJournal, values); err != nil {
		return err
	}
	values = values[:0]
	for i := range waiting {
		for _, ref := range waiting[i].about {
			values = append(values, ref.Kind, ref.ID, waiting[i].Number)
		}
	}
	w.values = values
	return w.insert(intoAbout, values)
}

var (
	intoJournal = intoTable("journal (number, at, commitment, hash, salt, content)", 6, "")
	intoAbout   = intoTable("journal_about (kind, id, number)", 3, " ON CONFLICT (kind, id, number) DO NOTHING")
)

// into is the statements that put rows of so many values into a table: many, some, or one at a time.
type into struct {
	width int
	rows  [3]int
	texts [3]Query
}

func intoTable(table string, width int, tail string) into {
	t := into{width: width, rows: [...]int{linesAtOnce, 8, 1}}
	for i, rows := range t.rows {
		var b strings.Builder
		b.WriteString("INSERT INTO " + table + " VALUES ")
		for v := range rows * width {
			b.WriteString([]string{", ", "(", "), ("}[separator(v/width, v%width)])
			fmt.Fprintf(&b, "$%d", v+1)
		}
		t.texts[i] = Q(b.String() + ")" + tail)
	}
	return t
}

// insert puts in rows, laid end to end. On PostgreSQL each statement is a journey to the server, so that many rows
// go with it. On SQLite, where it is none, a statement of several rows would copy each page that it changes.
func (w *writer) insert(t into, values []any) error {
	if w.db.engine == sqlite {
		return w.stmts.insert(w.conn, t.texts[len(t.texts)-1], t.width, values)
	}
	for i := range t.rows {
		for n := t.rows[i] * t.width; len(values) >= n; values = values[n:] {
			if _, err := w.stmts.exec(context.Background(), w.conn, t.texts[i], values[:n]); err != nil {
				return err
			}
		}
	}
	return nil
}
