package store

var qAboutSince = Q(`SELECT kind, id FROM journal_about WHERE number > $1 LIMIT $2`)

// AboutSince lists what the acts after a number were about, at most limit objects, in no order and as often as acts
// named them: what is kept in memory follows the journal by it.
func AboutSince(r Reader, number int64, limit int) ([]Ref, error) {
	return List(r, qAboutSince, func(r Row) (ref Ref, err error) { return ref, r.Scan(&ref.Kind, &ref.ID) },
		number, int64(limit))
}
