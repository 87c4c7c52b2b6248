package jobs

import (
	"embed"

	"lieux/base/store"
)

//go:embed schema/*.sql
var schema embed.FS

// Room is the schema of the jobs.
var Room = store.Room{Name: "jobs", Schema: schema, Ephemeral: []string{"job"}, Travels: []string{"job"}}

const columns = `id, kind, payload, made, due, attempts, trouble, failed_at`

var (
	qInsert = store.Q(`INSERT INTO job (id, kind, payload, made, due, claimed_until, attempts, trouble, failed_at)
		VALUES ($1, $2, $3, $4, $5, 0, 0, '', NULL)`)
	qReady = store.Q(`SELECT id FROM job
		WHERE failed_at IS NULL AND due <= $1 AND claimed_until <= $1 ORDER BY due, id LIMIT 1`)
	qClaim = store.Q(`UPDATE job SET claimed_until = $2, attempts = attempts + 1
		WHERE id = (SELECT id FROM job WHERE failed_at IS NULL AND due <= $1 AND claimed_until <= $1
			ORDER BY due, id LIMIT 1)
		RETURNING ` + columns)
	qBusy  = store.Q(`SELECT COUNT(*) FROM job WHERE claimed_until > $1`)
	qDone  = store.Q(`DELETE FROM job WHERE id = $1 AND claimed_until = $2`)
	qAgain = store.Q(`UPDATE job SET due = $3, claimed_until = 0, trouble = $4 WHERE id = $1 AND claimed_until = $2`)
	qFail  = store.Q(`UPDATE job SET failed_at = $3, claimed_until = 0, trouble = $4
		WHERE id = $1 AND claimed_until = $2`)
	qNext = store.Q(`SELECT COALESCE(MIN(CASE WHEN claimed_until > due THEN claimed_until ELSE due END), 0)
		FROM job WHERE failed_at IS NULL`)

	qFailed = store.Q(`SELECT ` + columns + ` FROM job
		WHERE failed_at IS NOT NULL ORDER BY failed_at DESC, id DESC LIMIT $1`)
	qWaiting = store.Q(`SELECT ` + columns + ` FROM job WHERE failed_at IS NULL ORDER BY due, id LIMIT $1`)
	qRetry   = store.Q(`UPDATE job SET failed_at = NULL, due = $2, attempts = 0
		WHERE id = $1 AND failed_at IS NOT NULL`)
	qDrop = store.Q(`DELETE FROM job WHERE id = $1 AND claimed_until <= $2`)
)

func scanJob(r store.Row) (j Job, err error) {
	var payload string
	var failed *int64
	err = r.Scan(&j.ID, &j.Kind, &payload, &j.Made, &j.Due, &j.Attempts, &j.Trouble, &failed)
	j.payload, j.Failed = []byte(payload), failed != nil
	return j, err
}
