package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
)

// ErrNoBackup answers a backup of PostgreSQL.
var ErrNoBackup = errors.New("store: a PostgreSQL database is copied with pg_dump, " +
	"or into a portable archive with lieux export FILE")

// Backup writes a copy of the database file, whole and compact, while acts go on. It works on a connection of its
// own, and never overwrites a file. The copy is there under its name only when it is complete and on the disk.
func (db *DB) Backup(ctx context.Context, file string) (err error) {
	if db.engine == postgres {
		return ErrNoBackup
	}
	if _, err := os.Lstat(file); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("store: backup: %s is there already", file)
	}
	part, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".part-") // readable by its owner alone
	if err != nil {
		return fmt.Errorf("store: backup: %w", err)
	}
	defer func() {
		if e := os.Remove(part.Name()); e != nil && !errors.Is(e, fs.ErrNotExist) {
			err = errors.Join(err, e)
		}
	}()
	err = errors.Join(db.copyInto(ctx, part.Name()), part.Sync(), part.Close())
	if err == nil {
		err = os.Rename(part.Name(), file)
	}
	if err == nil {
		err = syncFolder(filepath.Dir(file))
	}
	if err != nil {
		return fmt.Errorf("store: backup: %w", err)
	}
	return nil
}

func (db *DB) copyInto(ctx context.Context, file string) error {
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: filepath.Join(db.folder, FileName)}).EscapedPath()}
	u.RawQuery = url.Values{"_pragma": {"busy_timeout(10000)"}}.Encode()
	source, err := sql.Open("sqlite", u.String())
	if err != nil {
		return err
	}
	_, err = source.ExecContext(ctx, "VACUUM INTO $1", file)
	return errors.Join(err, source.Close())
}

// syncFolder makes a new name in a folder durable.
func syncFolder(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
