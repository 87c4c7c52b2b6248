package storetest

import (
	"embed"
	"encoding/json"

	"lieux/base/store"
)

//go:embed schema/*.sql
var schema embed.FS

// Shelf is a small room for tests of the store: shelves, which are sealed, their books, and visits, which no
// archive keeps.
var Shelf = store.Room{
	Name: "shelf", Schema: schema, Ephemeral: []string{"shelf_visit"},
	Witnesses: []store.Witness{{Kind: "shelf", Each: eachShelf}},
}

var (
	qInsertShelf = store.Unlisted(`INSERT INTO shelf (id, name, weight, picture) VALUES ($1, $2, $3, $4)`)
	qInsertBook  = store.Unlisted(`INSERT INTO shelf_book (shelf, number, title) VALUES ($1, $2, $3)`)
	qInsertVisit = store.Unlisted(`INSERT INTO shelf_visit (id) VALUES ($1)`)
	qShelves     = store.Unlisted(`SELECT id, name, weight, picture FROM shelf ORDER BY id`)
	qCount       = store.Unlisted(`SELECT COUNT(*) FROM shelf`)
	qRename      = store.Unlisted(`UPDATE shelf SET name = $2 WHERE id = $1`)
)

func eachShelf(r store.Reader, yield func(string, []byte) error) error {
	return store.Each(r, qShelves, func(row store.Row) error {
		var id, name string
		var weight *int64
		var picture []byte
		if err := row.Scan(&id, &name, &weight, &picture); err != nil {
			return err
		}
		content, err := shelfContent(name, weight, picture)
		if err != nil {
			return err
		}
		return yield(id, content)
	})
}

// shelfContent takes no picture and an empty one for the same: a witness cannot tell them apart on SQLite.
func shelfContent(name string, weight *int64, picture []byte) ([]byte, error) {
	return json.Marshal(struct {
		Name    string
		Weight  *int64
		Picture []byte
	}{name, weight, append([]byte{}, picture...)})
}

// AddShelf makes a sealed shelf.
func AddShelf(tx *store.Tx, id, name string, weight int64, picture []byte) error {
	if _, err := tx.Exec(qInsertShelf, id, name, weight, picture); err != nil {
		return err
	}
	content, err := shelfContent(name, &weight, picture)
	if err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{{Kind: "shelf", ID: id}}, Args: map[string]any{"weight": weight}})
	return tx.Seal("shelf", id, content)
}

// AddBook puts a book on a shelf.
func AddBook(tx *store.Tx, shelf string, number int64, title string) error {
	_, err := tx.Exec(qInsertBook, shelf, number, title)
	return err
}

// RenameShelf alters a shelf without its seal, as a hand in the database would.
func RenameShelf(tx *store.Tx, shelf, name string) error {
	_, err := tx.Exec(qRename, shelf, name)
	return err
}

// CountShelves counts the shelves.
func CountShelves(r store.Reader) (int64, error) { return store.One(r, qCount, store.Number) }
