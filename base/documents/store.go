package documents

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"

	"lieux/base/store"
)

//go:embed schema/*.sql
var schema embed.FS

// Phrases are the words of the refusals.
//
//go:embed lang/*.json
var Phrases embed.FS

// Room is the schema of the documents; it stands right above the store's own, below all rooms.
var Room = store.Room{
	Name: "documents", Schema: schema,
	Pieces: []store.Pieces{{Table: "document_piece", Hash: "hash", Position: "position", Bytes: "bytes"}},
	Checks: []func(store.Reader, func(store.Finding)) error{checkContents},
}

var (
	qInsertContent = store.Q(`INSERT INTO document_content (hash, size, media) VALUES ($1, $2, $3)
		ON CONFLICT (hash) DO NOTHING`)
	qInsertPiece = store.Q(`INSERT INTO document_piece (hash, position, bytes) VALUES ($1, $2, $3)`)
	qInsert      = store.Q(`INSERT INTO document (id, hash, name, added, author) VALUES ($1, $2, $3, $4, $5)`)
	qDocument    = store.Q(`SELECT d.id, d.hash, d.name, d.added, d.author, c.size, c.media
		FROM document d JOIN document_content c ON c.hash = d.hash WHERE d.id = $1`)
	qPiece         = store.Q(`SELECT bytes FROM document_piece WHERE hash = $1 AND position = $2`)
	qDelete        = store.Q(`DELETE FROM document WHERE id = $1`)
	qOthers        = store.Q(`SELECT COUNT(*) FROM document WHERE hash = $1`)
	qDeletePieces  = store.Q(`DELETE FROM document_piece WHERE hash = $1`)
	qDeleteContent = store.Q(`DELETE FROM document_content WHERE hash = $1`)
	qContents      = store.Q(`SELECT hash, size FROM document_content ORDER BY hash`)
	qPieces        = store.Q(`SELECT hash, position, bytes FROM document_piece ORDER BY hash, position`)
)

func scanDocument(r store.Row) (d Document, err error) {
	return d, r.Scan(&d.ID, &d.Hash, &d.Name, &d.Added, &d.Author, &d.Size, &d.Media)
}

// checkContents reads every piece and compares hash and size.
func checkContents(r store.Reader, found func(store.Finding)) error {
	type content struct {
		hash string
		size int64
	}
	contents, err := store.List(r, qContents, func(row store.Row) (c content, err error) {
		return c, row.Scan(&c.hash, &c.size)
	})
	if err != nil {
		return err
	}
	sum, current, size, next := sha256.New(), "", int64(0), int64(0)
	whole := map[string]int64{}
	compare := func() {
		if current != "" && hex.EncodeToString(sum.Sum(nil)) == current {
			whole[current] = size
		}
	}
	err = store.Each(r, qPieces, func(row store.Row) error {
		var hash string
		var position int64
		var bytes []byte
		if err := row.Scan(&hash, &position, &bytes); err != nil {
			return err
		}
		if hash != current {
			compare()
			current, size, next = hash, 0, 0
			sum.Reset()
		}
		if position == next { // a gap leaves the sum wrong
			size += int64(len(bytes))
			next++
			_, err := sum.Write(bytes)
			return err
		}
		return nil
	})
	compare()
	for _, c := range contents {
		if size, ok := whole[c.hash]; !ok || size != c.size {
			detail := fmt.Sprintf("its pieces do not add up to its %d bytes and SHA-256", c.size)
			found(store.Finding{Code: "document-damaged", Kind: "document", ID: c.hash, Detail: detail})
		}
	}
	return err
}
