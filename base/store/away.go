package store

import (
	"context"
	"errors"
	"io"
	"regexp"
	"slices"
	"time"

	"lieux/base/chain"
	"lieux/base/civil"
	"lieux/base/fault"
)

// Limits of taking a database away.
const (
	packing      = 10 * time.Minute // how long the work under way may take to come to rest before it leaves
	maxCompanion = 120              // signs of the name of who takes it along
)

// The sides of a database that is away.
const (
	sideLeaves  = "leaves"
	sideStays   = "stays"
	sideTravels = "travels"
)

// The acts of a journey.
const (
	VerbAway    = "store.away"    // it leaves: the last act of the one that stays, the first of the one that travels
	VerbHome    = "store.home"    // what was done away has come home
	VerbAbandon = "store.abandon" // it is opened again without what was done away
)

// Refusals of journeys.
const (
	RefusedAway      = "store.refusal.away"         // an act where the database has left: day, time, who
	RefusedLeft      = "store.refusal.left"         // it has left already: day, time, who
	RefusedNotAway   = "store.refusal.not-away"     // nothing is away that could come home
	RefusedTravels   = "store.refusal.travels"      // this is the one that travels: it comes home elsewhere
	RefusedHomeless  = "store.refusal.home-foreign" // the archive does not continue what stayed here: number
	RefusedHomePlain = "store.refusal.home-plain"   // the archive is not of a database that is away
	RefusedCompanion = "store.refusal.companion"    // nobody is named who takes it along
	RefusedNothing   = "store.refusal.nothing-away" // an empty database goes nowhere
)

// Away says that the database is away: it was taken along as an archive, to write elsewhere, and stays here to be
// read. There is one truth at any time, and it is where acts are taken.
type Away struct {
	Number int64 // the entry of the journal by which it left
	At     civil.Instant
	With   string // who took it along
	Stays  bool   // true where it stayed and takes no act; false where it is the one that travels
}

var (
	qAway = Q(`SELECT a.side, a.number, a.companion, a.rests_until, COALESCE(j.at, 0) FROM away a
		LEFT JOIN journal j ON j.number = a.number`)
	qSetAway = Q(`INSERT INTO away (one, side, number, rests_until, companion) VALUES (1, $1, $2, $3, $4)
		ON CONFLICT (one) DO UPDATE SET side = $1, number = $2, rests_until = $3, companion = $4`)
	qPack     = Q(`UPDATE away SET rests_until = $1`)
	qUnpack   = Q(`UPDATE away SET rests_until = 0 WHERE side <> 'leaves'`)
	qNotAway  = Q(`DELETE FROM away`)
	qNotGone  = Q(`DELETE FROM away WHERE side = 'leaves'`)
	qHashAt   = Q(`SELECT hash FROM journal WHERE number = $1`)
	qHeadHere = Q(`SELECT number, at, commitment, hash,
		(SELECT COALESCE(MAX(number), 0) FROM away WHERE side = 'stays') FROM journal ORDER BY number DESC LIMIT 1`)
)

// awayRow is the row as it stands.
type awayRow struct {
	Away
	side       string
	restsUntil civil.Instant
}

func readAway(r Reader) (a awayRow, found bool, err error) {
	return Find(r, qAway, scanAway)
}

func scanAway(row Row) (a awayRow, err error) {
	err = row.Scan(&a.side, &a.Number, &a.With, &a.restsUntil, &a.At)
	a.Stays = a.side == sideStays
	return a, err
}

// readLeft reads how the database has left: once for each batch, so that a refusal needs no statement of its own.
func (w *writer) readLeft() error {
	rows, err := w.query(context.Background(), qAway, nil)
	if err != nil {
		return err
	}
	w.left = Away{}
	if rows.Next() {
		var a awayRow
		a, err = scanAway(rows)
		w.left = a.Away
	}
	return errors.Join(err, rows.Err(), rows.Close())
}

// IsAway tells of the journey on which the database is, on whichever side of it this one stands.
func IsAway(r Reader) (Away, bool, error) {
	a, found, err := readAway(r)
	return a.Away, found && a.side != sideLeaves, err
}

// Rests says that no work of the program may be begun here (a letter sent): the database is about to leave, or has
// left and takes its waiting work along.
func Rests(r Reader) (bool, error) {
	a, found, err := readAway(r)
	return found && (a.Stays || a.restsUntil > r.Now()), err
}

// Leave closes the database to acts, by an act of its own: from here on everything is written where its archive
// ([DB.Export]) goes. ready is called before, when no work is begun any more, and waits until what is under way has
// come to rest: a letter that leaves now must not leave a second time from there.
func (db *DB) Leave(ctx context.Context, by Author, companion string, ready func(context.Context) error) (Away, error) {
	fault.Must(by.Verb == VerbAway, "leaving by %s", by.Verb)
	if companion == "" || len(companion) > maxCompanion {
		return Away{}, fault.Refuse(RefusedCompanion).At("by")
	}
	if err := db.Touch(ctx, db.pack); err != nil {
		return Away{}, err
	}
	unpack := func(err error) error {
		return errors.Join(err, db.Touch(context.WithoutCancel(ctx), func(tx *Tx) error {
			if _, err := tx.Exec(qNotGone); err != nil {
				return err
			}
			_, err := tx.Exec(qUnpack)
			return err
		}))
	}
	if err := ready(ctx); err != nil {
		return Away{}, unpack(err)
	}
	var left Away
	err := db.soloAct(ctx, by, func(tx *Tx) error {
		if w := tx.w; w.closed != 0 {
			return tx.refusedAway(RefusedLeft)
		}
		left = Away{tx.number, tx.at, companion, true}
		_, err := tx.Exec(qSetAway, sideStays, tx.number, int64(0), companion)
		return err
	})
	if err != nil {
		return Away{}, unpack(err)
	}
	return left, nil
}

// pack lets the program's work come to rest for a while.
func (db *DB) pack(tx *Tx) error {
	head, err := Head(tx)
	if err != nil {
		return err
	}
	if head.Number == 0 {
		return fault.Refuse(RefusedNothing)
	}
	if tx.w.closed != 0 {
		return tx.refusedAway(RefusedLeft)
	}
	until := int64(civil.At(tx.at.Time().Add(packing)))
	if n, err := tx.Exec(qPack, until); n > 0 || err != nil {
		return err
	}
	_, err = tx.Exec(qSetAway, sideLeaves, int64(0), until, "")
	return err
}

// refusedAway is the refusal of an act in a database that has left.
func (tx *Tx) refusedAway(code string) error {
	zone := tx.Zone()
	at := tx.w.left.At
	return fault.Refuse(code, "day", at.On(zone), "time", at.Time().In(zone).Format("15:04"), "who", tx.w.left.With)
}

// Abandon opens the database again without what was done away, which can never come home after it: its chain goes
// another way from here. It gives the journey that was given up.
func (db *DB) Abandon(ctx context.Context, by Author) (gone Away, err error) {
	fault.Must(by.Verb == VerbAbandon, "abandoning by %s", by.Verb)
	err = db.soloAct(ctx, by, func(tx *Tx) error {
		if gone, err = stayed(tx); err != nil {
			return err
		}
		tx.Record(Line{Args: map[string]any{"left": gone.Number}})
		_, err := tx.Exec(qNotAway)
		return err
	})
	return gone, err
}

// stayed gives the journey of a database that stayed, and refuses any other.
func stayed(r Reader) (Away, error) {
	a, found, err := readAway(r)
	switch {
	case err != nil:
		return Away{}, err
	case !found || a.side == sideLeaves:
		return Away{}, fault.Refuse(RefusedNotAway)
	case a.side == sideTravels:
		return Away{}, fault.Refuse(RefusedTravels)
	}
	return a.Away, nil
}

// Return tells what came home.
type Return struct {
	Away
	Entries int64 // that were written away
	Head    chain.Link
}

// Home takes the archive of the database that was away into the one that stayed: all tables at once, in one
// transaction, when the archive is whole and its journal continues the one here, hash for hash. Otherwise it is
// refused and nothing here changes. Tables of the moment stay as they are, but for the work that waits, which comes
// home too.
func (db *DB) Home(ctx context.Context, by Author, r io.ReaderAt, size int64) (back Return, err error) {
	fault.Must(by.Verb == VerbHome, "coming home by %s", by.Verb)
	if err := db.View(ctx, func(v *View) error { _, err := stayed(v); return err }); err != nil {
		return Return{}, err
	}
	a, err := openArchive(r, size)
	if err != nil {
		return Return{}, err
	}
	if a.manifest.Away == nil {
		return Return{}, fault.Refuse(RefusedHomePlain)
	}
	older, err := db.compareRooms(a.manifest)
	if err != nil {
		return Return{}, err
	}
	if older {
		err = db.modernized(ctx, r, size, a.manifest, func(r io.ReaderAt, size int64) error {
			back, err = db.Home(ctx, by, r, size)
			return err
		})
		return back, err
	}
	err = db.soloAct(ctx, by, func(tx *Tx) error {
		back, err = tx.takeHome(a)
		return err
	})
	if err != nil {
		return Return{}, err
	}
	if err := db.Forget(context.WithoutCancel(ctx)); err != nil {
		db.log.Warn("store: home, and what was erased away is still readable in the files for a while", "error", err)
	}
	return back, nil
}

func (tx *Tx) takeHome(a *archive) (back Return, err error) {
	if back.Away, err = stayed(tx); err != nil {
		return back, err
	}
	here, err := One(tx, qHashAt, Bytes, back.Number)
	if err != nil {
		return back, err
	}
	err = (&restoring{archive: a, tx: tx, instead: true, verify: func() error {
		there, found, err := Find(tx, qHashAt, Bytes, back.Number)
		if err == nil && (!found || !slices.Equal(here, there)) {
			err = fault.Refuse(RefusedHomeless, "number", back.Number)
		}
		return err
	}}).run()
	if err != nil {
		return back, err
	}
	if err := tx.w.readHead(); err != nil {
		return back, err
	}
	back.Head, back.Entries = tx.w.head, tx.w.head.Number-back.Number
	tx.number, tx.at = tx.w.head.Number+1, max(tx.at, civil.Instant(tx.w.head.At))
	tx.Record(Line{Args: map[string]any{"left": back.Number, "n": back.Entries}})
	_, err = tx.Exec(qNotAway)
	return back, err
}

// travels marks a database that was filled from the archive of one that is away.
func (tx *Tx) travels(m ManifestAway) error {
	if len(m.Companion) > maxCompanion {
		return fault.Refuse(RefusedDamaged, "file", manifestFile)
	}
	e, found, err := EntryNumbered(tx, m.Number)
	if err != nil {
		return err
	}
	if !found || e.Verb != VerbAway {
		return fault.Refuse(RefusedUnsound, "what", "away")
	}
	_, err = tx.Exec(qSetAway, sideTravels, m.Number, int64(0), m.Companion)
	return err
}

// ManifestAway says in an archive that the database is away.
type ManifestAway struct {
	Number    int64  `json:"number"`    // the entry of the journal by which it left
	Companion string `json:"companion"` // who took it along
}

func manifestAway(r Reader) (*ManifestAway, error) {
	a, is, err := IsAway(r)
	if err != nil || !is {
		return nil, err
	}
	return &ManifestAway{a.Number, a.With}, nil
}

// soloAct is an act that no other shares a commit with, and that may be taken where the database has left.
func (db *DB) soloAct(ctx context.Context, by Author, fn func(*Tx) error) error {
	return db.alone(ctx, func(w *writer) error {
		if err := w.tryBegin(); err != nil {
			return err
		}
		tx := &Tx{db: db, w: w, ctx: context.WithValue(ctx, actKey{}, true), caller: ctx, by: by,
			number: w.head.Number + 1, at: max(civil.At(db.clock()), civil.Instant(w.head.At)), journal: true}
		defer func() { tx.ended = true }()
		err := fn(tx)
		if err == nil {
			err = tx.failed
		}
		if err == nil {
			tx.link, err = tx.writeLine()
		}
		if err != nil {
			return err // the connection is given up, and with it the transaction
		}
		if err := w.exec("COMMIT"); isConstraint(err) {
			return tx.danglingKey()
		} else if err != nil {
			return err
		}
		db.announce(tx.link.Number)
		return nil
	})
}

var writing = regexp.MustCompile(`(?i)^\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+([a-z0-9_]+)`)

// mayWrite refuses what is no act and would change, where the database has left, a table that comes home with the
// archive: it would be lost in silence. Sessions and codes may be written.
func (tx *Tx) mayWrite(q Query) error {
	if tx.journal || tx.w.closed == 0 {
		return nil
	}
	m := writing.FindStringSubmatch(q.String())
	if m == nil || slices.Contains(tx.db.momentary, m[1]) {
		return nil
	}
	return tx.broke(tx.refusedAway(RefusedAway))
}
