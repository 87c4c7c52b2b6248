package allocation

import (
	"lieux/base/lang"
	"lieux/base/store"
)

// Task is something of this room that waits for the office.
type Task struct {
	Say  lang.Phrase
	Why  lang.Phrase
	Path string
	N    int64
}

// Tasks are what waits for the office: doubles to judge, crafts to settle, letters to print, plans to decide.
func Tasks(r store.Reader) (list []Task, err error) {
	add := func(code, path string, n int) {
		if n > 0 {
			list = append(list, Task{Say: lang.Say("allocation.task."+code, "n", n), Why: lang.Say("allocation.task." + code +
				".why"), Path: path, N: int64(n)})
		}
	}
	doubles, err := Doubles(r)
	if err != nil {
		return nil, err
	}
	add("doubles", "/applications/doubles", len(doubles))
	apps, err := All(r)
	if err != nil {
		return nil, err
	}
	unsettled := 0
	for _, a := range apps {
		if a.State == Listed && len(a.Wish.Practices) == 0 {
			unsettled++
		}
	}
	add("crafts", "/applications", unsettled)
	letters, err := LettersToPost(r)
	if err != nil {
		return nil, err
	}
	add("letters", "/applications/letters", len(letters))
	rounds, err := Rounds(r)
	if err != nil {
		return nil, err
	}
	for _, n := range rounds {
		if choices, err := Choices(r, n.ID); err != nil || len(choices) > 0 {
			if err != nil {
				return nil, err
			}
			silent, err := silentIn(r, n.ID)
			if err != nil {
				return nil, err
			}
			add("answers", "/allocations/"+numberWords(n.Number)+"#answers", silent)
			continue
		}
		if run, found, err := LatestRun(r, n.ID); err != nil || !found || run.Ended != Done {
			if err != nil {
				return nil, err
			}
			continue
		}
		add("decide", "/allocations/"+numberWords(n.Number), 1)
	}
	return list, nil
}

// silentIn counts those whom the choice of a round placed and who have not answered in time.
func silentIn(r store.Reader, id RoundID) (n int, err error) {
	c, applied, err := Applied(r, id)
	if err != nil || !applied || c.Terms.Answer.IsZero() || !c.Terms.Answer.Before(r.Today()) {
		return 0, err
	}
	list, err := Responses(r, c)
	for _, one := range list {
		if one.Reply == Overdue {
			n++
		}
	}
	return n, err
}
