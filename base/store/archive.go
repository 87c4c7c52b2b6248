package store

import (
	"archive/zip"
	"compress/flate"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"runtime/debug"
	"slices"
	"strings"

	"lieux/base/chain"
)

// The archive's own marks; docs/archive.md describes the format so that another program can read it.
const (
	archiveFormat  = "lieux-archive"
	archiveVersion = 1

	manifestFile   = "manifest.json"
	tablesFolder   = "tables/"
	tableExtension = ".jsonl"
	contentsFolder = "documents/"
)

// Manifest says what an archive holds. The same cooperative gives the same manifest whichever engine kept it.
type Manifest struct {
	Format   string            `json:"format"`  // "lieux-archive"
	Version  int               `json:"version"` // of the format
	Program  string            `json:"program"`
	Rooms    []ManifestRoom    `json:"rooms"`    // in the order of the stairs
	Tables   []ManifestTable   `json:"tables"`   // a table stands after those that it points to
	Contents []ManifestContent `json:"contents"` // the files under documents/
	Head     ManifestHead      `json:"head"`
	Away     *ManifestAway     `json:"away,omitempty"` // the database was away when this was made
}

// ManifestRoom is a room and the number of its last schema file.
type ManifestRoom struct {
	Name   string `json:"name"`
	Schema int64  `json:"schema"`
}

// ManifestTable describes the file tables/NAME.jsonl: one line for each row, in the order of the key.
type ManifestTable struct {
	Name    string   `json:"name"`
	Columns []Column `json:"columns"`
	Key     []string `json:"key"`
	Rows    int64    `json:"rows"`
	SHA256  string   `json:"sha256"` // of the file, 64 hexadecimal figures
}

// ManifestContent counts the contents that a table of pieces held.
type ManifestContent struct {
	Table string `json:"table"`
	Files int64  `json:"files"`
	Bytes int64  `json:"bytes"`
}

// ManifestHead is the last entry of the journal; zero when there is none.
type ManifestHead struct {
	Number int64  `json:"number"`
	At     int64  `json:"at"` // microseconds since 1970 in UTC
	Hash   string `json:"hash"`
}

func manifestHead(l chain.Link) ManifestHead {
	return ManifestHead{l.Number, l.At, hex.EncodeToString(l.Hash[:])}
}

// table is a table of the schema as it stands.
type table struct {
	name    string
	columns []Column
	key     []string
	pieces  *Pieces // the table holds contents
}

// archived lists the tables that go into an archive.
func (db *DB) archived(r Reader, away bool) (list []table, err error) {
	names, err := db.tables(away)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		t := table{name: name}
		if err := db.describe(r, &t); err != nil {
			return nil, fmt.Errorf("store: table %s: %w", name, err)
		}
		for _, room := range db.rooms {
			for _, p := range room.Pieces {
				if p.Table == name {
					t.pieces = &p
				}
			}
		}
		list = append(list, t)
	}
	return list, nil
}

// The engines describe a table each in its own way; columns that compute themselves are not of the table. Not
// registered: each statement is for one engine.
var (
	qDescribeSQLite = Unlisted(`SELECT name, type, pk FROM pragma_table_xinfo($1) WHERE hidden = 0 ORDER BY cid`)
	qDescribePG     = Unlisted(`SELECT a.attname, upper(format_type(a.atttypid, NULL)), COALESCE(k.place, 0)
		FROM pg_attribute a
		LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary
		LEFT JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k (attnum, place) ON k.attnum = a.attnum
		WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
		ORDER BY a.attnum`)
)

func (db *DB) describe(r Reader, t *table) error {
	q := qDescribeSQLite
	if db.engine == postgres {
		q = qDescribePG
	}
	places := map[int64]string{}
	err := Each(r, q, func(row Row) error {
		var c Column
		var place int64
		if err := row.Scan(&c.Name, &c.Type, &place); err != nil {
			return err
		}
		switch c.Type {
		case "INTEGER":
			c.Type = typeInt
		case "BLOB":
			c.Type = typeBytes
		}
		if c.Type != typeInt && c.Type != typeBytes && c.Type != typeText {
			return fmt.Errorf("column %s is a %s: an archive knows TEXT, BIGINT and BYTEA", c.Name, c.Type)
		}
		if place > 0 {
			places[place] = c.Name
		}
		t.columns = append(t.columns, c)
		return nil
	}, t.name)
	for i := range int64(len(places)) {
		t.key = append(t.key, places[i+1])
	}
	if err == nil && (len(t.columns) == 0 || len(t.key) == 0) {
		err = fmt.Errorf("%d columns, %d of them in its primary key", len(t.columns), len(t.key))
	}
	return err
}

// Export writes everything but the ephemeral tables as a portable archive, from one snapshot. The same database
// gives the same bytes.
func (db *DB) Export(ctx context.Context, w io.Writer) (m Manifest, err error) {
	err = db.LongView(ctx, func(v *View) error {
		m = Manifest{Format: archiveFormat, Version: archiveVersion, Program: program()}
		if db.settled {
			if m.Away, err = manifestAway(v); err != nil {
				return err
			}
		}
		tables, err := db.archived(v, m.Away != nil)
		if err != nil {
			return err
		}
		m.Tables, m.Contents = []ManifestTable{}, []ManifestContent{}
		for _, room := range db.rooms {
			version, err := db.version(room)
			if err != nil {
				return err
			}
			m.Rooms = append(m.Rooms, ManifestRoom{room.Name, version})
		}
		z := zip.NewWriter(w)
		z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
			return flate.NewWriter(w, flate.BestSpeed)
		})
		if err := exportTables(v, z, tables, &m); err != nil {
			return err
		}
		head, err := Head(v)
		if err != nil {
			return err
		}
		m.Head = manifestHead(head)
		text, err := json.MarshalIndent(m, "", " ")
		if err != nil {
			return err
		}
		f, err := z.Create(manifestFile)
		if err != nil {
			return err
		}
		if _, err := f.Write(append(text, '\n')); err != nil {
			return err
		}
		return z.Close()
	})
	if err != nil {
		err = fmt.Errorf("store: export: %w", err)
	}
	return m, err
}

// program names the program and its version, as it was built.
func program() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return "lieux " + info.Main.Version
	}
	return "lieux"
}

func exportTables(r Reader, z *zip.Writer, tables []table, m *Manifest) error {
	for _, t := range tables {
		if t.pieces != nil {
			c, err := exportContents(r, z, t)
			if err != nil {
				return fmt.Errorf("contents of %s: %w", t.name, err)
			}
			m.Contents = append(m.Contents, c)
			continue
		}
		mt, err := exportTable(r, z, t)
		if err != nil {
			return fmt.Errorf("table %s: %w", t.name, err)
		}
		m.Tables = append(m.Tables, mt)
	}
	return nil
}

func exportTable(r Reader, z *zip.Writer, t table) (ManifestTable, error) {
	m := ManifestTable{Name: t.name, Columns: t.columns, Key: t.key}
	f, err := z.Create(tablesFolder + t.name + tableExtension)
	if err != nil {
		return m, err
	}
	sum := sha256.New()
	scanner, row := newRowScanner(t.columns), make([]value, len(t.columns))
	q := Unlisted("SELECT " + scanner.selected() + " FROM " + t.name + " ORDER BY " + strings.Join(t.key, ", "))
	const flush = 64 << 10
	buffer := make([]byte, 0, 2*flush)
	write := func() error {
		sum.Write(buffer)
		_, err := f.Write(buffer)
		buffer = buffer[:0]
		return err
	}
	err = Each(r, q, func(answer Row) error {
		if err := scanner.scan(answer, row); err != nil {
			return err
		}
		m.Rows++
		buffer = appendRow(buffer, t.columns, row)
		if len(buffer) < flush {
			return nil
		}
		return write()
	})
	if err == nil {
		err = write()
	}
	m.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return m, err
}

// exportContents writes each content of a table of pieces as a file named by its hash, and verifies it on the way.
func exportContents(r Reader, z *zip.Writer, t table) (ManifestContent, error) {
	m := ManifestContent{Table: t.name}
	p := t.pieces
	q := Unlisted("SELECT " + p.Hash + ", " + p.Bytes + " FROM " + p.Table + " ORDER BY " + p.Hash + ", " + p.Position)
	var current string
	var f io.Writer
	var sum hash.Hash
	verify := func() error {
		if sum != nil && hex.EncodeToString(sum.Sum(nil)) != current {
			return fmt.Errorf("%s is damaged: its SHA-256 is another", current)
		}
		return nil
	}
	err := Each(r, q, func(row Row) error {
		var name string
		var piece []byte
		if err := row.Scan(&name, &piece); err != nil {
			return err
		}
		if name != current {
			if err := verify(); err != nil {
				return err
			}
			var err error // stored, not deflated: photographs and PDFs do not shrink
			if f, err = z.CreateHeader(&zip.FileHeader{Name: contentsFolder + name, Method: zip.Store}); err != nil {
				return err
			}
			current, sum = name, sha256.New()
			m.Files++
		}
		m.Bytes += int64(len(piece))
		sum.Write(piece)
		_, err := f.Write(piece)
		return err
	})
	if err == nil {
		err = verify()
	}
	return m, err
}

// columnNames joins the names for a statement.
func columnNames(columns []Column) string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.Name
	}
	return strings.Join(names, ", ")
}

func (m Manifest) table(name string) (ManifestTable, bool) {
	i := slices.IndexFunc(m.Tables, func(t ManifestTable) bool { return t.Name == name })
	if i < 0 {
		return ManifestTable{}, false
	}
	return m.Tables[i], true
}
