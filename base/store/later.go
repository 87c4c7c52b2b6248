package store

import (
	"cmp"
	"slices"
	"strings"
)

// laterAtOnce is how many rows of an act wait at most.
const laterAtOnce = 50_000

// sortedBeside is from how many rows on it is worth a goroutine to sort them.
const sortedBeside = 500

// Rows is an INSERT whose rows may wait for the end of their act ([Tx.Later]).
type Rows struct {
	table string
	into  into
}

// InsertRows registers the INSERT into a table of rows of columns ("key, person"), with what follows the values (ON
// CONFLICT …). Call it in a package variable, as [Q].
func InsertRows(table, columns, tail string) *Rows {
	return &Rows{table, intoTable(table+" ("+columns+")", strings.Count(columns, ",")+1, tail)}
}

// waiting are rows of one table.
type waiting struct {
	of     *Rows
	rows   [][]any
	sorted chan struct{} // closed when they are in order
}

// Later puts a row into its table before the act ends, or before the act does anything with that table: many rows that
// nobody looks at in between are written together, in the order of their first columns, each close to its neighbours
// in the index. On PostgreSQL they travel together too. What cannot be kept is refused where it is put in.
func (tx *Tx) Later(into *Rows, row ...any) error {
	one := into.into.texts[len(into.into.texts)-1]
	if err := tx.ready(Query{}); err != nil {
		return err
	}
	if err := checkArgs(one, row); err != nil {
		return tx.broke(err)
	}
	if err := tx.mayWrite(one); err != nil {
		return err
	}
	i := slices.IndexFunc(tx.later, func(w waiting) bool { return w.of == into })
	if i < 0 {
		i = len(tx.later)
		tx.later = append(tx.later, waiting{of: into})
	}
	tx.later[i].rows = append(tx.later[i].rows, row)
	if len(tx.later[i].rows) < laterAtOnce {
		return nil
	}
	return tx.writeLater("")
}

// writeLater writes the rows that wait for the tables which a statement names; all of them for no statement.
func (tx *Tx) writeLater(statement string) error {
	var due []waiting
	tx.later = slices.DeleteFunc(tx.later, func(w waiting) bool {
		named := statement == "" || strings.Contains(statement, w.of.table)
		if named {
			due = append(due, w.sorting())
		}
		return named
	})
	for _, w := range due {
		<-w.sorted
		if err := tx.w.insert(w.of.into, slices.Concat(w.rows...)); err != nil {
			return tx.broke(err)
		}
	}
	return nil
}

// sorting begins to put the rows in order, many of them beside the writing of other tables.
func (w waiting) sorting() waiting {
	sorted := make(chan struct{})
	w.sorted = sorted
	sort := func() {
		sortRows(w.rows)
		close(sorted)
	}
	if len(w.rows) < sortedBeside {
		sort()
	} else {
		go sort()
	}
	return w
}

// sortRows puts rows in the order of their index; most are told apart by the text in which they begin.
func sortRows(rows [][]any) {
	type keyed struct {
		key string
		at  int
		row []any
	}
	list := make([]keyed, len(rows))
	for i, row := range rows {
		list[i].key, _ = row[0].(string)
		list[i].at, list[i].row = i, row
	}
	slices.SortFunc(list, func(a, b keyed) int { // the index makes it stable, for less than a sort that is
		if order := strings.Compare(a.key, b.key); order != 0 {
			return order
		}
		return cmp.Or(compareRows(a.row, b.row), a.at-b.at)
	})
	for i := range list {
		rows[i] = list[i].row
	}
}

// compareRows orders rows as an index does, by the texts and numbers in which they begin.
func compareRows(a, b []any) int {
	for i := range a {
		order := 0
		switch v := a[i].(type) {
		case string:
			if other, same := b[i].(string); same {
				order = strings.Compare(v, other)
			}
		case int64:
			if other, same := b[i].(int64); same {
				order = cmp.Compare(v, other)
			}
		}
		if order != 0 {
			return order
		}
	}
	return 0
}
