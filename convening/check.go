package convening

import (
	"lieux/base/civil"
	"lieux/base/papers"
	"lieux/base/store"
)

func dayOf(text string) (civil.Date, error) { return civil.Parse(text) }

// eachDispatch makes the sealed bytes of every dispatch again.
func eachDispatch(r store.Reader, yield func(id string, content []byte) error) error {
	all, err := store.List(r, qAll, scanDispatch)
	if err != nil {
		return err
	}
	for _, d := range all {
		list, err := AddresseesOf(r, d.ID)
		if err != nil {
			return err
		}
		if err := yield(string(d.ID), d.canonical(list)); err != nil {
			return err
		}
	}
	return nil
}

// eachText does the same for the texts.
func eachText(r store.Reader, yield func(id string, content []byte) error) error {
	return store.Each(r, qTexts, func(row store.Row) error {
		var id, tag, content, around string
		if err := row.Scan(&id, &tag, &content, &around); err != nil {
			return err
		}
		return yield(id+"."+tag, sealedText(content, around))
	})
}

// eachLetter does the same for the letters: what happened to them since is not sealed.
func eachLetter(r store.Reader, yield func(id string, content []byte) error) error {
	return store.Each(r, qAllLetters, func(row store.Row) error {
		l, err := scanLetter(row)
		if err != nil {
			return err
		}
		return yield(string(l.ID), l.canonical())
	})
}

// eachQuestion does the same for the written questions.
func eachQuestion(r store.Reader, yield func(id string, content []byte) error) error {
	return store.Each(r, qAllQuestions, func(row store.Row) error {
		q, err := scanQuestion(row)
		if err != nil {
			return err
		}
		return yield(string(q.ID), q.canonical())
	})
}

// eachAnswer does the same for the answers, with the questions that each answers.
func eachAnswer(r store.Reader, yield func(id string, content []byte) error) error {
	all, err := store.List(r, qAllAnswers, scanAnswer)
	if err != nil {
		return err
	}
	for _, a := range all {
		ids, err := store.List(r, qAnsweredBy, store.Text, string(a.ID))
		if err != nil {
			return err
		}
		to := make([]QuestionID, len(ids))
		for i, id := range ids {
			to[i] = QuestionID(id)
		}
		if err := yield(string(a.ID), a.canonical(to)); err != nil {
			return err
		}
	}
	return nil
}

// checkHashes makes every letter again from its text and its commitments, and compares its hash: also of those whose
// addressee was erased. Names and addresses that were not erased must be those that were committed to.
func checkHashes(r store.Reader, found func(store.Finding)) error {
	all, err := store.List(r, qAll, scanDispatch)
	if err != nil {
		return err
	}
	for _, d := range all {
		s, err := sheafOf(r, d.ID)
		if err != nil {
			return err
		}
		letters, err := Letters(r, d.ID)
		if err != nil {
			return err
		}
		for _, l := range letters {
			detail, err := s.doubt(l)
			if err != nil {
				return err
			}
			if detail != "" {
				found(store.Finding{Code: "letter-differs", Kind: "letter", ID: string(l.ID), Detail: detail})
			}
		}
	}
	return nil
}

// doubt says what is wrong with a letter; empty when nothing is.
func (s sheaf) doubt(l Letter) (string, error) {
	if l.Channel == NoChannel {
		return "", nil
	}
	tree, _ := s.tree(l)
	hash, err := papers.Hash(tree)
	if err != nil {
		return "", err
	}
	if hash.String() != l.Hash {
		return "its text gives the hash " + hash.String(), nil
	}
	if altered := papers.CheckNames(tree, l.kept); len(altered) > 0 {
		return "what was used is not what was committed to: " + altered[0], nil
	}
	return "", nil
}
