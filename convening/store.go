package convening

import (
	"embed"
	"encoding/json"
	"fmt"
	"strings"

	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/meeting"
	"lieux/people"
)

//go:embed schema/*.sql
var schema embed.FS

// Phrases is this room's catalogue.
//
//go:embed lang/*.json
var Phrases embed.FS

// Room is what the store needs to know.
var Room = store.Room{Name: "convening", Schema: schema, Witnesses: []store.Witness{
	{Kind: "dispatch", Each: eachDispatch}, {Kind: "dispatch-text", Each: eachText}, {Kind: "letter", Each: eachLetter},
	{Kind: "question", Each: eachQuestion}, {Kind: "reply", Each: eachAnswer}},
	Checks: []func(store.Reader, func(store.Finding)) error{checkHashes}}

// What is read together.
const (
	dispatchColumns = `d.id, d.meeting, d.second, d.kind, d.at, d.by_person, d.day, d.heads, d.shares, d.last_day,
		d.article, d.late, d.annexed, d.links, d.staged_at FROM convening_dispatch d`
	invitedColumns = `i.holder, i.person, i.legal, i.shares FROM convening_invited i`
	letterColumns  = `l.id, l.dispatch, l.holder, l.person, l.language, l.channel, l.shape, l.hash, l.kept, l.sort, l.at,
		l.again, l.again_why, l.piece, l.batch, l.place, l.sent_at, l.answer, l.tries, l.trouble, l.failed_at, l.back_on,
		l.back_why, b.posted_on, n.id FROM convening_letter l LEFT JOIN convening_batch b ON b.id = l.batch
		LEFT JOIN convening_letter n ON n.again = l.id`
	batchColumns = `id, dispatch, number, at, by_person, letters, hash, posted_on, posted_by, posted_at
		FROM convening_batch`
	questionColumns = `id, meeting, person, asker, channel, received_on, words, at, answer FROM convening_question`
	answerColumns   = `id, meeting, refused, words, at, by_person, published_at FROM convening_answer`
	convenes        = `JOIN convening_dispatch d ON d.id = i.dispatch WHERE (d.kind = 'convening' OR d.kind = 'joined')
		AND (d.meeting = $1 OR d.second = $1)`
)

var (
	qInsertDispatch = store.Q(`INSERT INTO convening_dispatch (id, meeting, second, kind, at, by_person, day, heads,
		shares, last_day, article, late, annexed, links, staged_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0)`)
	qInsertInvited = store.Q(`INSERT INTO convening_invited (dispatch, holder, person, legal, shares, made)
		VALUES ($1, $2, $3, $4, $5, 0)`)
	qInsertText  = store.Q(`INSERT INTO convening_text (dispatch, language, content, frame) VALUES ($1, $2, $3, $4)`)
	qInsertNamed = store.Q(`INSERT INTO convening_named (dispatch, language, person, name, salt)
		VALUES ($1, $2, $3, $4, $5)`)
	qMade   = store.Q(`UPDATE convening_invited SET made = 1 WHERE dispatch = $1 AND holder = $2`)
	qStaged = store.Q(`UPDATE convening_dispatch SET staged_at = $2 WHERE id = $1`)

	qDispatch   = store.Q(`SELECT ` + dispatchColumns + ` WHERE d.id = $1`)
	qDispatches = store.Q(`SELECT ` + dispatchColumns + ` WHERE d.meeting = $1 ORDER BY d.at DESC, d.id DESC`)
	qAll        = store.Q(`SELECT ` + dispatchColumns + ` ORDER BY d.id`)
	qAbout      = store.Q(`SELECT ` + dispatchColumns + ` WHERE d.meeting = $1 OR d.second = $1 ORDER BY d.at, d.id`)
	qConvenedBy = store.Q(`SELECT ` + dispatchColumns + ` WHERE d.kind = 'convening'
		AND (d.meeting = $1 OR d.second = $1)`)

	qInvited        = store.Q(`SELECT ` + invitedColumns + ` WHERE i.dispatch = $1 ORDER BY i.holder`)
	qInvitedWaiting = store.Q(`SELECT ` + invitedColumns + ` WHERE i.dispatch = $1 AND i.made = 0
		ORDER BY i.holder LIMIT $2`)
	qInvitedOf        = store.Q(`SELECT ` + invitedColumns + ` ` + convenes + ` ORDER BY i.holder, i.dispatch`)
	qInvitedPerson    = store.Q(`SELECT ` + invitedColumns + ` ` + convenes + ` AND i.person = $2`)
	qMeetingsOfPerson = store.Q(`SELECT d.meeting FROM convening_invited i JOIN convening_dispatch d ON d.id = i.dispatch
		WHERE i.person = $1 UNION SELECT d.second FROM convening_invited i JOIN convening_dispatch d ON d.id = i.dispatch
		WHERE i.person = $1 AND d.second IS NOT NULL`)

	qText  = store.Q(`SELECT content, frame FROM convening_text WHERE dispatch = $1 AND language = $2`)
	qTexts = store.Q(`SELECT dispatch, language, content, frame FROM convening_text ORDER BY dispatch, language`)
	qNamed = store.Q(`SELECT person, name FROM convening_named WHERE dispatch = $1 AND language = $2`)

	qInsertLetter = store.Q(`INSERT INTO convening_letter (id, dispatch, holder, person, language, channel, shape, hash,
		kept, sort, at, again, again_why, piece, batch, place, sent_at, answer, tries, trouble, failed_at, back_on, back_why)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, NULL, 0, $15, '', 0, '', 0, '', '')`)
	qLetter       = store.Q(`SELECT ` + letterColumns + ` WHERE l.id = $1`)
	qLetters      = store.Q(`SELECT ` + letterColumns + ` WHERE l.dispatch = $1 ORDER BY l.holder, l.id`)
	qAllLetters   = store.Q(`SELECT ` + letterColumns + ` ORDER BY l.id`)
	qLettersOf    = store.Q(`SELECT ` + letterColumns + ` WHERE l.person = $1 ORDER BY l.at DESC, l.id`)
	qPieceWaiting = store.Q(`SELECT ` + letterColumns + ` WHERE l.dispatch = $1 AND l.piece = $2 AND l.channel = 'email'
		AND l.sent_at = 0 AND l.failed_at = 0 ORDER BY l.id`)
	qUnprinted = store.Q(`SELECT ` + letterColumns + ` WHERE l.dispatch = $1 AND l.channel = 'post' AND l.batch IS NULL
		AND n.id IS NULL AND l.kept <> '' ORDER BY l.sort, l.id LIMIT $2`)
	qBatchLetters = store.Q(`SELECT ` + letterColumns + ` WHERE l.batch = $1 ORDER BY l.place`)
	qLastPiece    = store.Q(`SELECT CAST(COALESCE(MAX(piece), 0) AS BIGINT) FROM convening_letter WHERE dispatch = $1`)

	qSent  = store.Q(`UPDATE convening_letter SET sent_at = $2, answer = $3 WHERE id = $1 AND sent_at = 0`)
	qFail  = store.Q(`UPDATE convening_letter SET failed_at = $2, trouble = $3, tries = tries + 1 WHERE id = $1`)
	qTried = store.Q(`UPDATE convening_letter SET tries = tries + 1, trouble = $3 WHERE id = $1 AND at <= $2`)
	qBack  = store.Q(`UPDATE convening_letter SET back_on = $2, back_why = $3 WHERE id = $1`)

	qInsertBatch = store.Q(`INSERT INTO convening_batch (id, dispatch, number, at, by_person, letters, hash, posted_on,
		posted_by, posted_at) VALUES ($1, $2, $3, $4, $5, $6, $7, '', '', 0)`)
	qPutInBatch = store.Q(`UPDATE convening_letter SET batch = $2, place = $3 WHERE id = $1`)
	qNextBatch  = store.Q(`SELECT CAST(COALESCE(MAX(number), 0) + 1 AS BIGINT) FROM convening_batch WHERE dispatch = $1`)
	qBatch      = store.Q(`SELECT ` + batchColumns + ` WHERE id = $1`)
	qBatches    = store.Q(`SELECT ` + batchColumns + ` WHERE dispatch = $1 ORDER BY number`)
	qPosted     = store.Q(`UPDATE convening_batch SET posted_on = $2, posted_by = $3, posted_at = $4 WHERE id = $1`)

	qInsertQuestion = store.Q(`INSERT INTO convening_question (id, meeting, person, asker, channel, received_on, words, at,
		answer) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL)`)
	qInsertAnswer = store.Q(`INSERT INTO convening_answer (id, meeting, refused, words, at, by_person, published_at)
		VALUES ($1, $2, $3, $4, $5, $6, 0)`)
	qAnswered     = store.Q(`UPDATE convening_question SET answer = $2 WHERE id = $1`)
	qPublish      = store.Q(`UPDATE convening_answer SET published_at = $2 WHERE meeting = $1 AND published_at = 0`)
	qQuestions    = store.Q(`SELECT ` + questionColumns + ` WHERE meeting = $1 ORDER BY received_on, at, id`)
	qQuestionsOf  = store.Q(`SELECT ` + questionColumns + ` WHERE person = $1 OR asker = $1 ORDER BY at DESC, id`)
	qAllQuestions = store.Q(`SELECT ` + questionColumns + ` ORDER BY id`)
	qAnswers      = store.Q(`SELECT ` + answerColumns + ` WHERE meeting = $1 ORDER BY at, id`)
	qAllAnswers   = store.Q(`SELECT ` + answerColumns + ` ORDER BY id`)
	qAnsweredBy   = store.Q(`SELECT id FROM convening_question WHERE answer = $1 ORDER BY id`)

	qForgetLetters = store.Q(`UPDATE convening_letter SET kept = '', sort = '', answer = '', trouble = '', back_why = ''
		WHERE person = $1`)
	qForgetNamed = store.Q(`DELETE FROM convening_named WHERE person = $1`)
)

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func asNumber(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}

func insertDispatch(tx *store.Tx, d Dispatch, list []Invited) error {
	if _, err := tx.Exec(qInsertDispatch, string(d.ID), string(d.Meeting), orNull(string(d.Second)), string(d.Kind),
		int64(d.At), string(d.By), d.Day, d.Heads, d.Shares, d.Last, d.Article, d.Late, asNumber(d.Annexed),
		d.Links); err != nil {
		return err
	}
	for _, e := range list {
		if _, err := tx.Exec(qInsertInvited, string(d.ID), e.Holder, string(e.Person), asNumber(e.Kind == people.Legal),
			e.Shares); err != nil {
			return err
		}
	}
	return nil
}

// keepTexts seals the letter of a look in each language with what stands around it; names lie beside it.
func keepTexts(tx *store.Tx, id DispatchID, l Look, links string) error {
	page := ""
	if links != "" {
		page = strings.TrimSuffix(links, "/") + "/my/meetings/" + l.Meeting.Name
	}
	for _, tag := range lang.Tags {
		sealed, kept, err := papers.Seal(l.Texts[tag], l.Names, tx.Dice())
		if err != nil {
			return err
		}
		content, err := papers.Encode(sealed)
		if err != nil {
			return err
		}
		around, err := json.Marshal(frameOf(tag, page))
		fault.Must(err == nil, "the frame of %s: %v", id, err)
		if _, err := tx.Exec(qInsertText, string(id), string(tag), string(content), string(around)); err != nil {
			return err
		}
		for _, k := range kept {
			if _, err := tx.Exec(qInsertNamed, string(id), string(tag), k.ID, k.Name, k.Salt[:]); err != nil {
				return err
			}
		}
		whole := sealedText(string(content), string(around))
		if err := tx.Seal("dispatch-text", string(id)+"."+string(tag), whole); err != nil {
			return err
		}
	}
	return nil
}

// sealedText is what is sealed of a text: the tree, and what stands around it.
func sealedText(content, around string) []byte { return []byte(content + "\n" + around) }

func scanDispatch(r store.Row) (d Dispatch, err error) {
	var second *meeting.ID
	var annexed int64
	err = r.Scan(&d.ID, &d.Meeting, &second, &d.Kind, &d.At, &d.By, &d.Day, &d.Heads, &d.Shares, &d.Last, &d.Article,
		&d.Late, &annexed, &d.Links, &d.StagedAt)
	if second != nil {
		d.Second = *second
	}
	d.Annexed = annexed == 1
	return d, err
}

func scanInvited(r store.Row) (e Invited, err error) {
	var legal int64
	err = r.Scan(&e.Holder, &e.Person, &legal, &e.Shares)
	if e.Kind = people.Natural; legal == 1 {
		e.Kind = people.Legal
	}
	return e, err
}

// ByID reads a dispatch.
func ByID(r store.Reader, id DispatchID) (Dispatch, bool, error) {
	return store.Find(r, qDispatch, scanDispatch, string(id))
}

// Dispatches are those of a meeting, the latest first.
func Dispatches(r store.Reader, id meeting.ID) ([]Dispatch, error) {
	return store.List(r, qDispatches, scanDispatch, string(id))
}

// Told are the dispatches that speak of a meeting, those of the first assembly that convened it along included; the
// oldest first.
func Told(r store.Reader, id meeting.ID) ([]Dispatch, error) {
	return store.List(r, qAbout, scanDispatch, string(id))
}

// AddresseesOf is the frozen list of one dispatch, by holder.
func AddresseesOf(r store.Reader, id DispatchID) ([]Invited, error) {
	return store.List(r, qInvited, scanInvited, string(id))
}

// TextOf is the letter of a dispatch in a language, without address and greeting, and the names that are not erased.
func TextOf(r store.Reader, id DispatchID, tag lang.Tag) (papers.Paper, papers.NameMap, error) {
	text, _, names, err := textOf(r, id, tag)
	return text, names, err
}

func textOf(r store.Reader, id DispatchID, tag lang.Tag) (text papers.Paper, f frame, names papers.NameMap, err error) {
	pair, err := store.One(r, qText, func(row store.Row) (p [2]string, err error) {
		return p, row.Scan(&p[0], &p[1])
	}, string(id), string(tag))
	if err == nil {
		text, err = papers.Decode([]byte(pair[0]))
	}
	if err == nil {
		err = json.Unmarshal([]byte(pair[1]), &f)
	}
	if err != nil {
		return text, f, nil, fmt.Errorf("convening: the text of %s in %s: %w", id, tag, err)
	}
	names = papers.NameMap{}
	err = store.Each(r, qNamed, func(row store.Row) error {
		var person, name string
		err := row.Scan(&person, &name)
		names[person] = name
		return err
	}, string(id), string(tag))
	return text, f, names, err
}

// Letters are those of a dispatch, by holder; of one holder the first before those that took its place.
func Letters(r store.Reader, id DispatchID) ([]Letter, error) {
	return store.List(r, qLetters, scanLetter, string(id))
}

// Batches are those of a dispatch, by number.
func Batches(r store.Reader, id DispatchID) ([]Batch, error) {
	return store.List(r, qBatches, scanBatch, string(id))
}

func insertLetter(tx *store.Tx, l Letter) error {
	shape, err := json.Marshal(l.shape)
	fault.Must(err == nil, "letter %s: %v", l.ID, err)
	kept, err := json.Marshal(l.kept)
	fault.Must(err == nil, "letter %s: %v", l.ID, err)
	_, err = tx.Exec(qInsertLetter, string(l.ID), string(l.Dispatch), l.Holder, string(l.Person), string(l.Language),
		string(l.Channel), string(shape), l.Hash, string(kept), l.sort, int64(l.At), orNull(string(l.Again)), l.AgainWhy,
		l.piece, int64(l.SentAt))
	return err
}

func scanLetter(r store.Row) (l Letter, err error) {
	var shape, kept string
	var again, next *LetterID
	var batch *BatchID
	var posted *string
	if err = r.Scan(&l.ID, &l.Dispatch, &l.Holder, &l.Person, &l.Language, &l.Channel, &shape, &l.Hash, &kept, &l.sort,
		&l.At, &again, &l.AgainWhy, &l.piece, &batch, &l.Place, &l.SentAt, &l.Answer, &l.Tries, &l.Trouble, &l.FailedAt,
		&l.BackOn, &l.BackWhy, &posted, &next); err != nil {
		return l, err
	}
	if again != nil {
		l.Again = *again
	}
	if batch != nil {
		l.Batch = *batch
	}
	if posted != nil && *posted != "" {
		if l.PostedOn, err = dayOf(*posted); err != nil {
			return l, err
		}
	}
	l.Resent = next != nil
	if err = json.Unmarshal([]byte(shape), &l.shape); err == nil && kept != "" {
		err = json.Unmarshal([]byte(kept), &l.kept)
	}
	if err != nil {
		err = fmt.Errorf("convening: letter %s: %w", l.ID, err)
	}
	return l, err
}

func insertBatch(tx *store.Tx, b Batch, letters []Letter) error {
	if _, err := tx.Exec(qInsertBatch, string(b.ID), string(b.Dispatch), b.Number, int64(b.At), string(b.By), b.Letters,
		b.Hash); err != nil {
		return err
	}
	for i, l := range letters {
		if _, err := tx.Exec(qPutInBatch, string(l.ID), string(b.ID), int64(i+1)); err != nil {
			return err
		}
	}
	return nil
}

func scanBatch(r store.Row) (b Batch, err error) {
	return b, r.Scan(&b.ID, &b.Dispatch, &b.Number, &b.At, &b.By, &b.Letters, &b.Hash, &b.PostedOn, &b.PostedBy,
		&b.PostedAt)
}

func insertQuestion(tx *store.Tx, q Question) error {
	_, err := tx.Exec(qInsertQuestion, string(q.ID), string(q.Meeting), string(q.Person), string(q.Asker),
		string(q.Channel), q.Received, q.Words, int64(q.At))
	return err
}

func insertAnswer(tx *store.Tx, a Answer, to []QuestionID) error {
	if _, err := tx.Exec(qInsertAnswer, string(a.ID), string(a.Meeting), asNumber(a.Refused), a.Words, int64(a.At),
		string(a.By)); err != nil {
		return err
	}
	for _, id := range to {
		if _, err := tx.Exec(qAnswered, string(id), string(a.ID)); err != nil {
			return err
		}
	}
	return nil
}

// scanQuestion leaves in Answer the id alone; [Questions] fills the rest.
func scanQuestion(r store.Row) (q Question, err error) {
	var answer *AnswerID
	err = r.Scan(&q.ID, &q.Meeting, &q.Person, &q.Asker, &q.Channel, &q.Received, &q.Words, &q.At, &answer)
	if answer != nil {
		q.Answer = &Answer{ID: *answer}
	}
	return q, err
}

func scanAnswer(r store.Row) (a Answer, err error) {
	var refused int64
	err = r.Scan(&a.ID, &a.Meeting, &refused, &a.Words, &a.At, &a.By, &a.PublishedAt)
	a.Refused = refused == 1
	return a, err
}
