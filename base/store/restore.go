package store

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	driversqlite "modernc.org/sqlite"

	"lieux/base/fault"
)

// Limits of an archive: what is above them is refused before it is unpacked.
const (
	maxArchiveFiles = 1 << 20  // tables and documents
	maxManifest     = 4 << 20  // bytes
	maxArchiveLine  = 32 << 20 // bytes of one row
	maxContentFile  = 1 << 28  // bytes of one document
	maxGrowth       = 500      // bytes unpacked for one packed: deflate reaches 1032, rows some ten
	freeGrowth      = 1 << 20  // bytes that may be unpacked whatever they were packed to
	rowsAtOnce      = 50       // in one statement
)

// Refusals of archives; every one leaves the target as it was.
const (
	RefusedUnreadable = "store.refusal.archive-unreadable" // no zip, or cut off
	RefusedForeign    = "store.refusal.archive-foreign"    // a zip that is no archive of ours
	RefusedNewer      = "store.refusal.archive-newer"      // made by a newer program: what
	RefusedFile       = "store.refusal.archive-file"       // a file that has no place in it: file
	RefusedSchema     = "store.refusal.archive-schema"     // a table or column that is unknown, or missing: table
	RefusedDamaged    = "store.refusal.archive-damaged"    // file, and the line where it can be told
	RefusedUnsound    = "store.refusal.archive-unsound"    // whole, but it contradicts itself: what
	RefusedTarget     = "store.refusal.archive-target"     // the database to restore into is not empty
)

// archive is an opened file whose names and manifest are in order.
type archive struct {
	source   *noting
	manifest Manifest
	files    map[string]*zip.File
}

// noting remembers an error of the file itself, which is no fault of the archive.
type noting struct {
	io.ReaderAt
	err error
}

func (n *noting) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 { // a directory that lies about its places
		return 0, io.ErrUnexpectedEOF
	}
	read, err := n.ReaderAt.ReadAt(p, off)
	if err != nil && !errors.Is(err, io.EOF) && n.err == nil {
		n.err = err
	}
	return read, err
}

// blame is the error of the file when there was one, and the refusal otherwise.
func (a *archive) blame(r fault.Refusal) error {
	if a.source.err != nil {
		return fmt.Errorf("store: read of the archive: %w", a.source.err)
	}
	return r
}

func openArchive(r io.ReaderAt, size int64) (*archive, error) {
	a := &archive{source: &noting{ReaderAt: r}, files: map[string]*zip.File{}}
	z, err := zip.NewReader(a.source, size)
	if err != nil {
		return nil, a.blame(fault.Refuse(RefusedUnreadable))
	}
	if len(z.File) > maxArchiveFiles {
		return nil, fault.Refuse(RefusedFile, "file", fmt.Sprintf("%d", len(z.File)))
	}
	for _, f := range z.File {
		if _, twice := a.files[f.Name]; twice || !acceptable(f) {
			return nil, fault.Refuse(RefusedFile, "file", printable(f.Name))
		}
		a.files[f.Name] = f
	}
	return a, a.readManifest()
}

// acceptable looks at a file's name and sizes. Names are compared with those that an archive has; none is ever a
// path on a disk.
func acceptable(f *zip.File) bool {
	limit := f.CompressedSize64*maxGrowth + freeGrowth
	switch {
	case f.Flags&1 != 0, f.Method != zip.Store && f.Method != zip.Deflate, !f.Mode().IsRegular():
		return false // encrypted, packed otherwise, or no file
	case f.UncompressedSize64 > limit:
		return false
	case f.Name == manifestFile:
		return f.UncompressedSize64 <= maxManifest
	case strings.HasPrefix(f.Name, contentsFolder):
		return isHash(f.Name[len(contentsFolder):]) && f.UncompressedSize64 <= maxContentFile
	}
	name, found := strings.CutPrefix(f.Name, tablesFolder)
	name, ends := strings.CutSuffix(name, tableExtension)
	return found && ends && name != "" && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == ""
}

func isHash(s string) bool {
	return len(s) == 64 && strings.Trim(s, hexFigures) == ""
}

func printable(name string) string {
	return fmt.Sprintf("%.100q", name)
}

// readManifest reads who made the archive before it asks for more.
func (a *archive) readManifest() error {
	f := a.files[manifestFile]
	if f == nil {
		return fault.Refuse(RefusedForeign)
	}
	text, err := a.readAll(f, maxManifest)
	if err != nil {
		return err
	}
	var mark struct {
		Format  string `json:"format"`
		Version int    `json:"version"`
	}
	if json.Unmarshal(text, &mark) != nil || mark.Format != archiveFormat || mark.Version < 1 {
		return fault.Refuse(RefusedForeign)
	}
	if mark.Version > archiveVersion {
		return fault.Refuse(RefusedNewer, "what", fmt.Sprintf("format %d", mark.Version))
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if d.Decode(&a.manifest) != nil || d.More() {
		return fault.Refuse(RefusedDamaged, "file", manifestFile)
	}
	return nil
}

func (a *archive) readAll(f *zip.File, limit int64) ([]byte, error) {
	damaged := fault.Refuse(RefusedDamaged, "file", f.Name)
	r, err := f.Open()
	if err != nil {
		return nil, a.blame(damaged)
	}
	text, err := io.ReadAll(io.LimitReader(r, limit+1))
	if closing := r.Close(); err != nil || closing != nil || int64(len(text)) > limit {
		return nil, a.blame(damaged)
	}
	return text, nil
}

// Restore fills an empty database from an archive, in one transaction with all constraints. It verifies every
// count, hash and seal and the whole journal before it commits; an archive that does not pass is refused and the
// database left as it was. An archive of an older program is first restored into a scratch database of its own
// time, brought up to date there, and moved on.
func (db *DB) Restore(ctx context.Context, r io.ReaderAt, size int64) (Manifest, error) {
	a, err := openArchive(r, size)
	if err != nil {
		return Manifest{}, err
	}
	older, err := db.compareRooms(a.manifest)
	if err != nil {
		return Manifest{}, err
	}
	if older {
		err := db.modernized(ctx, r, size, a.manifest, func(r io.ReaderAt, size int64) error {
			_, err := db.Restore(ctx, r, size)
			return err
		})
		return a.manifest, err
	}
	err = db.alone(ctx, func(w *writer) error {
		if err := w.tryBegin(); err != nil {
			return err
		}
		tx := &Tx{db: db, w: w, ctx: context.WithValue(ctx, actKey{}, true), caller: ctx, by: By("", "store.restore")}
		if err := (&restoring{archive: a, tx: tx}).run(); err != nil {
			return err // the connection is given up, and with it the transaction
		}
		if err := w.exec("COMMIT"); isConstraint(err) {
			return tx.danglingKey()
		} else if err != nil {
			return err
		}
		db.announce(a.manifest.Head.Number)
		return nil
	})
	return a.manifest, err
}

// compareRooms refuses rooms and schemas that this program does not know yet, and says whether some are older than
// its own.
func (db *DB) compareRooms(m Manifest) (older bool, err error) {
	theirs := map[string]int64{}
	for _, room := range m.Rooms {
		if _, twice := theirs[room.Name]; twice || room.Schema < 1 {
			return false, fault.Refuse(RefusedDamaged, "file", manifestFile)
		}
		theirs[room.Name] = room.Schema
	}
	for _, room := range db.rooms {
		ours, err := db.version(room)
		if err != nil {
			return false, err
		}
		if theirs[room.Name] > ours {
			return false, fault.Refuse(RefusedNewer, "what", fmt.Sprintf("%s %d", room.Name, theirs[room.Name]))
		}
		older = older || theirs[room.Name] < ours
		delete(theirs, room.Name)
	}
	for name := range theirs {
		return false, fault.Refuse(RefusedNewer, "what", printable(name))
	}
	if older && !slices.ContainsFunc(m.Rooms, func(r ManifestRoom) bool { return r.Name == baseRoom.Name }) {
		return false, fault.Refuse(RefusedDamaged, "file", manifestFile)
	}
	return older, nil
}

// modernized gives fn the archive as this program would have made it: an archive of an older program is restored into
// a scratch database of its own time, brought up to date there, and exported again.
func (db *DB) modernized(ctx context.Context, r io.ReaderAt, size int64, m Manifest,
	fn func(io.ReaderAt, int64) error) (err error) {
	dir, err := os.MkdirTemp(db.folder, "restore-")
	if err != nil {
		return fmt.Errorf("store: scratch folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	o := Options{Folder: dir, Clock: db.clock, Zone: db.Zone(), schemas: map[string]int64{}}
	for _, room := range m.Rooms {
		o.schemas[room.Name] = room.Schema
	}
	for _, room := range db.rooms[1:] {
		if o.schemas[room.Name] > 0 {
			o.Rooms = append(o.Rooms, room)
		}
	}
	err = within(ctx, o, func(scratch *DB) error { _, err := scratch.Restore(ctx, r, size); return err })
	if err != nil {
		return err
	}
	o.Rooms, o.schemas = db.rooms[1:], nil
	f, err := os.Create(filepath.Join(dir, "new.zip"))
	if err != nil {
		return fmt.Errorf("store: scratch file: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := within(ctx, o, func(scratch *DB) error { _, err := scratch.Export(ctx, f); return err }); err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("store: scratch file: %w", err)
	}
	return fn(f, info.Size())
}

// within opens a database for fn alone.
func within(ctx context.Context, o Options, fn func(*DB) error) error {
	db, err := Open(ctx, o)
	if err != nil {
		return err
	}
	return errors.Join(fn(db), db.Close())
}

// restoring is one restore on its way.
type restoring struct {
	*archive
	tx      *Tx
	table   string       // being filled, for refusals
	instead bool         // the rows take the place of those that are there; otherwise nothing may be there
	verify  func() error // what must hold before everything is checked
}

func (s *restoring) run() error {
	tables, err := s.tx.db.archived(s.tx, s.manifest.Away != nil)
	if err != nil {
		return err
	}
	if err := s.compareTables(tables); err != nil {
		return err
	}
	if !s.instead {
		if err := s.nothingThere(tables); err != nil {
			return err
		}
	}
	again, err := s.tx.deferKeys()
	if err != nil {
		return err
	}
	if err := s.fill(tables); err != nil {
		return err
	}
	if err := again(); err != nil {
		return err
	}
	if s.verify != nil {
		if err := s.verify(); err != nil {
			return err
		}
	}
	if err := s.check(); err != nil {
		return err
	}
	if s.manifest.Away != nil && !s.instead {
		return s.tx.travels(*s.manifest.Away)
	}
	return nil
}

// nothingThere refuses to fill a database that holds something.
func (s *restoring) nothingThere(tables []table) error {
	for _, t := range tables {
		_, filled, err := Find(s.tx, Unlisted("SELECT 1 FROM "+t.name+" LIMIT 1"), Number)
		if err != nil {
			return err
		}
		if filled {
			return fault.Refuse(RefusedTarget, "table", t.name)
		}
	}
	return nil
}

// fill empties the tables where they may hold something, the last first, and fills them.
func (s *restoring) fill(tables []table) error {
	for _, t := range slices.Backward(tables) {
		if !s.instead {
			break
		}
		if _, err := s.tx.Exec(Unlisted("DELETE FROM " + t.name)); err != nil {
			return err
		}
	}
	for _, t := range tables {
		s.table = t.name
		fill := s.rows
		if t.pieces != nil {
			fill = s.contents
		}
		if err := fill(t); err != nil {
			return err
		}
	}
	return nil
}

// compareTables holds the manifest and the files against the schema: the same tables with the same columns and
// keys, and nothing else.
func (s *restoring) compareTables(tables []table) error {
	files, contents := 1, 0
	for _, t := range tables {
		if t.pieces != nil {
			contents++
			i := slices.IndexFunc(s.manifest.Contents, func(c ManifestContent) bool { return c.Table == t.name })
			if i < 0 {
				return fault.Refuse(RefusedSchema, "table", t.name)
			}
			files += int(s.manifest.Contents[i].Files)
			continue
		}
		m, found := s.manifest.table(t.name)
		if !found || !slices.Equal(m.Columns, t.columns) || !slices.Equal(m.Key, t.key) {
			return fault.Refuse(RefusedSchema, "table", t.name)
		}
		if s.files[tablesFolder+t.name+tableExtension] == nil {
			return fault.Refuse(RefusedDamaged, "file", tablesFolder+t.name+tableExtension)
		}
		files++
	}
	fault.Must(contents <= 1, "files of contents do not say which of %d tables they are of", contents)
	for _, m := range s.manifest.Tables {
		if !slices.ContainsFunc(tables, func(t table) bool { return t.name == m.Name && t.pieces == nil }) {
			return fault.Refuse(RefusedSchema, "table", printable(m.Name))
		}
	}
	if len(s.manifest.Tables)+contents != len(tables) || len(s.manifest.Contents) != contents {
		return fault.Refuse(RefusedDamaged, "file", manifestFile)
	}
	if files != len(s.files) {
		return fault.Refuse(RefusedDamaged, "file", contentsFolder)
	}
	return nil
}

// open begins to read a file, at most as long as it says it is.
func (s *restoring) open(name string) (io.ReadCloser, error) {
	f := s.files[name]
	r, err := f.Open()
	if err != nil {
		return nil, s.blame(fault.Refuse(RefusedDamaged, "file", name))
	}
	return struct {
		io.Reader
		io.Closer
	}{io.LimitReader(r, int64(min(f.UncompressedSize64, 1<<62))), r}, nil
}

// keepLine splits after line ends and keeps them: a last line without one is damage.
func keepLine(data []byte, atEOF bool) (int, []byte, error) {
	if i := bytes.IndexByte(data, '\n'); i >= 0 {
		return i + 1, data[:i+1], nil
	}
	if atEOF && len(data) > 0 {
		return len(data), data, nil
	}
	return 0, nil, nil
}

// rows fills a table from its file.
func (s *restoring) rows(t table) error {
	m, _ := s.manifest.table(t.name)
	name := tablesFolder + t.name + tableExtension
	damaged := fault.Refuse(RefusedDamaged, "file", name)
	f, err := s.open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	sum, count := sha256.New(), int64(0)
	lines := bufio.NewScanner(io.TeeReader(f, sum))
	lines.Buffer(make([]byte, 64<<10), maxArchiveLine)
	lines.Split(keepLine)
	in := newInserter(s.tx, t)
	for lines.Scan() {
		count++
		row, err := parseRow(lines.Bytes(), t.columns)
		if err != nil || count > m.Rows {
			return damaged.OnLine(int(count))
		}
		if err := in.add(row); err != nil {
			return s.judge(err, int(count))
		}
	}
	if lines.Err() != nil {
		return s.blame(damaged.OnLine(int(count) + 1))
	}
	if count != m.Rows || hex.EncodeToString(sum.Sum(nil)) != m.SHA256 {
		return damaged
	}
	if err := in.flush(); err != nil {
		return s.judge(err, int(count))
	}
	return nil
}

// contents fills a table of pieces from the files named by their hashes.
func (s *restoring) contents(t table) error {
	i := slices.IndexFunc(s.manifest.Contents, func(c ManifestContent) bool { return c.Table == t.name })
	want, p := s.manifest.Contents[i], t.pieces
	var size int64
	t.columns = []Column{{p.Hash, typeText}, {p.Position, typeInt}, {p.Bytes, typeBytes}}
	in := newInserter(s.tx, t)
	in.most = 4 // a megabyte at once
	names := make([]string, 0, want.Files)
	for name := range s.files {
		if strings.HasPrefix(name, contentsFolder) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		n, err := s.content(name, in)
		if err != nil {
			return err
		}
		size += n
	}
	if int64(len(names)) != want.Files || size != want.Bytes {
		return fault.Refuse(RefusedDamaged, "file", contentsFolder)
	}
	if err := in.flush(); err != nil {
		return s.judge(err, 0)
	}
	return nil
}

func (s *restoring) content(name string, in *inserter) (size int64, err error) {
	damaged := fault.Refuse(RefusedDamaged, "file", name)
	f, err := s.open(name)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	sum, id := sha256.New(), name[len(contentsFolder):]
	for position := int64(0); ; position++ {
		piece := make([]byte, PieceSize)
		n, err := io.ReadFull(f, piece)
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return 0, s.blame(damaged)
		}
		// io.ErrUnexpectedEOF is also what a file that was cut off gives: the sum tells.
		if n > 0 {
			sum.Write(piece[:n])
			size += int64(n)
			if err := in.add([]value{id, position, piece[:n]}); err != nil {
				return 0, s.judge(err, 0)
			}
		}
		if err != nil {
			break
		}
	}
	if hex.EncodeToString(sum.Sum(nil)) != id || size == 0 {
		return 0, s.blame(damaged)
	}
	return size, nil
}

// judge turns a constraint that a row breaks into a refusal; other errors are of the world.
func (s *restoring) judge(err error, line int) error {
	if isConstraint(err) {
		return fault.Refuse(RefusedUnsound, "what", s.table).OnLine(line)
	}
	return err
}

const sqliteConstraint = 19 // SQLITE_CONSTRAINT

func isConstraint(err error) bool {
	if e, ok := errors.AsType[*driversqlite.Error](err); ok {
		return e.Code()&0xff == sqliteConstraint
	}
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && strings.HasPrefix(e.Code, "23") // integrity constraint violation
}

// check holds the restored database against the manifest's head and checks all of it.
func (s *restoring) check() error {
	report, err := s.tx.db.CheckIn(s.tx)
	if err != nil {
		return err
	}
	if len(report.Findings) > 0 {
		return fault.Refuse(RefusedUnsound, "what", report.Findings[0].String())
	}
	if manifestHead(report.Head) != s.manifest.Head {
		return fault.Refuse(RefusedUnsound, "what", fmt.Sprintf("journal %d", report.Head.Number))
	}
	return nil
}

// inserter gathers rows of one table into statements of many.
type inserter struct {
	tx    *Tx
	table table
	most  int
	many  Query // for a full gathering
	args  []any
	rows  int
}

func newInserter(tx *Tx, t table) *inserter { return &inserter{tx: tx, table: t, most: rowsAtOnce} }

func (in *inserter) add(row []value) error {
	in.args = append(in.args, row...)
	if in.rows++; in.rows < in.most {
		return nil
	}
	if in.many.text == nil {
		in.many = in.statement(in.most)
		in.many.listed = true // kept prepared as long as the connection
	}
	return in.exec(in.many)
}

func (in *inserter) flush() error {
	if in.rows == 0 {
		return nil
	}
	return in.exec(in.statement(in.rows))
}

func (in *inserter) exec(q Query) error {
	if err := in.tx.caller.Err(); err != nil {
		return err
	}
	_, err := in.tx.w.stmts.exec(in.tx.ctx, in.tx.w.conn, q, in.args)
	clear(in.args)
	in.args, in.rows = in.args[:0], 0
	return err
}

func (in *inserter) statement(rows int) Query {
	var b strings.Builder
	b.WriteString("INSERT INTO " + in.table.name + " (" + columnNames(in.table.columns) + ") VALUES ")
	for i := range rows {
		for j := range in.table.columns {
			b.WriteString([]string{", ", "(", "), ("}[separator(i, j)])
			fmt.Fprintf(&b, "$%d", i*len(in.table.columns)+j+1)
		}
	}
	b.WriteString(")")
	return Unlisted(b.String())
}

// separator chooses what stands before a place: a comma, the first bracket, or the brackets between two rows.
func separator(row, column int) int {
	switch {
	case column > 0:
		return 0
	case row == 0:
		return 1
	}
	return 2
}

var qForeignKeysPG = Unlisted(`SELECT c.conrelid::regclass::text, c.conname FROM pg_constraint c
	WHERE c.contype = 'f' AND c.connamespace = current_schema()::regnamespace ORDER BY 1, 2`)

// deferKeys lets foreign keys wait for the end of the restore, because a row may point to a later one of its own
// table. The returned function checks them all and makes them immediate again.
func (tx *Tx) deferKeys() (again func() error, err error) {
	if tx.db.engine == sqlite {
		if err := tx.w.exec("PRAGMA defer_foreign_keys = ON"); err != nil {
			return nil, err
		}
		return func() error { return nil }, nil // SQLite checks at the commit
	}
	type key struct{ table, name string }
	keys, err := List(tx, qForeignKeysPG, func(r Row) (k key, err error) { return k, r.Scan(&k.table, &k.name) })
	if err != nil {
		return nil, err
	}
	ours, err := tx.db.everyTable()
	if err != nil {
		return nil, err
	}
	keys = slices.DeleteFunc(keys, func(k key) bool { return !slices.Contains(ours, k.table) })
	alter := func(how string) error {
		for _, k := range keys {
			if err := tx.w.exec("ALTER TABLE " + k.table + " ALTER CONSTRAINT " + k.name + " " + how); err != nil {
				return err
			}
		}
		return nil
	}
	return func() error {
		if err := tx.w.exec("SET CONSTRAINTS ALL IMMEDIATE"); isConstraint(err) {
			return fault.Refuse(RefusedUnsound, "what", "foreign key")
		} else if err != nil {
			return err
		}
		return alter("NOT DEFERRABLE")
	}, alter("DEFERRABLE INITIALLY DEFERRED")
}

// danglingKey names the table of the first row that points nowhere, after SQLite refused the commit for it.
func (tx *Tx) danglingKey() error {
	name, _, err := Find(tx, Unlisted(`SELECT "table" FROM pragma_foreign_key_check LIMIT 1`), Text)
	if err != nil {
		return err
	}
	return fault.Refuse(RefusedUnsound, "what", name)
}
