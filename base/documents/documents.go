package documents

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/store"
)

// Limits of a document.
const (
	MaxSize = 25 << 20 // bytes
	maxName = 160      // signs
)

// Document is a scan, a photograph or a paper.
type Document struct {
	ID     string
	Name   string // as its author called the file, without folders
	Media  string // "application/pdf": found by looking at the content
	Hash   string // SHA-256 of the content, 64 hexadecimal figures
	Size   int64  // bytes
	Added  civil.Instant
	Author string // id of the person; empty for the system
}

// Upload is a content that was read and found good.
type Upload struct {
	Name, Media, Hash string
	content           []byte
}

// Take reads an upload outside of any transaction: its size, its hash, its kind. It refuses what is empty, above
// [MaxSize] or of no known kind; an error is a fault of the reader.
func Take(name string, from io.Reader) (*Upload, error) {
	content, err := io.ReadAll(io.LimitReader(from, MaxSize+1))
	if err != nil {
		return nil, fmt.Errorf("documents: read of the upload: %w", err)
	}
	name = cleanName(name)
	switch {
	case len(content) == 0:
		return nil, fault.Refuse("documents.refusal.empty", "name", name)
	case len(content) > MaxSize:
		return nil, fault.Refuse("documents.refusal.too-large", "name", name, "limit", MaxSize>>20)
	}
	media := sniff(name, content)
	if media == "" {
		return nil, fault.Refuse("documents.refusal.kind", "name", name)
	}
	sum := sha256.Sum256(content)
	return &Upload{Name: name, Media: media, Hash: hex.EncodeToString(sum[:]), content: content}, nil
}

// cleanName keeps the last part of a path, without signs that steer a terminal or a header.
func cleanName(name string) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, ""), `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune(`"<>|*?:`, r) {
			return -1
		}
		return r
	}, norm.NFC.String(name))
	if signs := []rune(name); len(signs) > maxName {
		ext := []rune(path.Ext(name))
		if len(ext) > 8 {
			ext = nil
		}
		name = string(signs[:maxName-len(ext)]) + string(ext)
	}
	if name = strings.TrimSpace(name); strings.Trim(name, "./") == "" {
		return "document"
	}
	return name
}

// Add makes an upload a document, inside an act.
func Add(tx *store.Tx, u *Upload) (Document, error) {
	d := Document{ID: tx.ID(), Name: u.Name, Media: u.Media, Hash: u.Hash, Size: int64(len(u.content)),
		Added: tx.Now(), Author: tx.Actor()}
	fresh, err := tx.Exec(qInsertContent, d.Hash, d.Size, d.Media)
	if err != nil {
		return Document{}, err
	}
	for i := 0; fresh > 0 && i*store.PieceSize < len(u.content); i++ {
		piece := u.content[i*store.PieceSize : min((i+1)*store.PieceSize, len(u.content))]
		if _, err := tx.Exec(qInsertPiece, d.Hash, i, piece); err != nil {
			return Document{}, err
		}
	}
	if _, err := tx.Exec(qInsert, d.ID, d.Hash, d.Name, int64(d.Added), d.Author); err != nil {
		return Document{}, err
	}
	if fresh == 0 { // the kind of a content kept before is the one it was given then
		if d, err = store.One(tx, qDocument, scanDocument, d.ID); err != nil {
			return Document{}, err
		}
	}
	tx.Record(store.Line{About: []store.Ref{{Kind: "document", ID: d.ID}}})
	return d, nil
}

// Find reads what is known of a document, without its content.
func Find(r store.Reader, id string) (Document, bool, error) {
	return store.Find(r, qDocument, scanDocument, id)
}

// Remove takes a document away, and its content when no other document has it. A room that still points to it makes
// it fail.
func Remove(tx *store.Tx, id string) error {
	d, found, err := Find(tx, id)
	if err != nil || !found {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{{Kind: "document", ID: id}}})
	if _, err := tx.Exec(qDelete, id); err != nil {
		return err
	}
	others, err := store.One(tx, qOthers, store.Number, d.Hash)
	if err != nil || others > 0 {
		return err
	}
	if _, err := tx.Exec(qDeletePieces, d.Hash); err != nil {
		return err
	}
	_, err = tx.Exec(qDeleteContent, d.Hash)
	return err
}

// Reader reads a content piece by piece, each in a view of its own: a slow reader at the other end of a line holds
// no snapshot. It seeks, so that a browser may ask for a part.
type Reader struct {
	ctx   context.Context
	db    *store.DB
	doc   Document
	at    int64
	index int64 // of the piece at hand; -1 when there is none
	piece []byte
}

// Open begins to read a document.
func Open(ctx context.Context, db *store.DB, d Document) *Reader {
	return &Reader{ctx: ctx, db: db, doc: d, index: -1}
}

// Read reads from the piece at hand, and fetches the next one when it ends.
func (r *Reader) Read(p []byte) (int, error) {
	if r.at >= r.doc.Size {
		return 0, io.EOF
	}
	if index := r.at / store.PieceSize; index != r.index {
		err := r.db.View(r.ctx, func(v *store.View) (err error) {
			r.piece, err = store.One(v, qPiece, store.Bytes, r.doc.Hash, index)
			return err
		})
		if err != nil {
			r.index = -1
			return 0, fmt.Errorf("documents: %s, piece %d: %w", r.doc.ID, index, err)
		}
		r.index = index
	}
	from := r.at % store.PieceSize
	if from >= int64(len(r.piece)) {
		return 0, fmt.Errorf("documents: %s, piece %d: %w", r.doc.ID, r.index, io.ErrUnexpectedEOF)
	}
	n := copy(p, r.piece[from:])
	r.at += int64(n)
	return n, nil
}

// Seek moves to a place in the content.
func (r *Reader) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += r.at
	case io.SeekEnd:
		offset += r.doc.Size
	}
	if offset < 0 {
		return 0, errors.New("documents: a place before the beginning")
	}
	r.at = offset
	return offset, nil
}

// All reads a whole content; of use where it is drawn or parsed, at most [MaxSize].
func All(r store.Reader, d Document) ([]byte, error) {
	var all bytes.Buffer
	for i := int64(0); i*store.PieceSize < d.Size; i++ {
		piece, err := store.One(r, qPiece, store.Bytes, d.Hash, i)
		if err != nil {
			return nil, fmt.Errorf("documents: %s, piece %d: %w", d.ID, i, err)
		}
		all.Write(piece)
	}
	if sum := sha256.Sum256(all.Bytes()); hex.EncodeToString(sum[:]) != d.Hash {
		return nil, fmt.Errorf("documents: %s is damaged: its SHA-256 is another", d.ID)
	}
	return all.Bytes(), nil
}
