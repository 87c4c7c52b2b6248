package people

import (
	"slices"
	"strings"
	"unicode/utf8"

	"lieux/base/fault"
	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/store"
)

// Limits of a search.
const (
	MaxHits     = 50 // persons that one search shows
	maxQuery    = 120
	maxWords    = 3 // words that are looked for one by one; further ones are ignored
	perQuestion = 4 * MaxHits
	leastPart   = 3 // signs of a part of an e-mail address or telephone number
)

// Query is what a person looks for.
type Query struct {
	Text     string
	Limit    int  // at most MaxHits; 0 means MaxHits
	Contacts bool // look into e-mail addresses and telephone numbers too: the office only
}

// Hit is one person found, and why.
type Hit struct {
	Person PersonID
	Why    lang.Phrase // the zero Phrase when the name itself says it
}

// Kinds of search keys.
const (
	keyName       = "name"
	keyFormer     = "former"
	keyTown       = "town"
	keyEnterprise = "enterprise"
)

// Search finds persons: by a number that another room knows, by the beginning of a name however written
// ("Gregoire", "berg", "Jan van den"), a former name, a town, an enterprise number, and for the office by a part
// of an e-mail address or telephone number. Merged records are told under the one that stands. The best come
// first; more says that there were others.
func Search(r store.Reader, q Query) (hits []Hit, more bool, err error) {
	if q.Limit <= 0 || q.Limit > MaxHits {
		q.Limit = MaxHits
	}
	if utf8.RuneCountInString(q.Text) > maxQuery {
		return nil, false, fault.Refuse("people.refusal.too-long", "signs", utf8.RuneCountInString(q.Text), "limit",
			maxQuery).At("q")
	}
	var found []Hit
	questions := []func() ([]Hit, error){
		func() ([]Hit, error) { return finders(r, q.Text) },
		func() ([]Hit, error) { return byPrefix(r, fold.Text(q.Text)) },
		func() ([]Hit, error) { return byWords(r, strings.Fields(fold.Text(q.Text))) },
		func() ([]Hit, error) { return byEnterprise(r, q.Text) },
		func() ([]Hit, error) {
			if !q.Contacts {
				return nil, nil
			}
			return byContact(r, strings.TrimSpace(q.Text))
		},
	}
	for _, ask := range questions {
		hits, err := ask()
		if err != nil {
			return nil, false, err
		}
		found = append(found, hits...)
	}
	if found, err = standing(r, found); err != nil {
		return nil, false, err
	}
	return found[:min(len(found), q.Limit)], len(found) > q.Limit, nil
}

func finders(r store.Reader, text string) (hits []Hit, err error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	for _, find := range Hooks.Find {
		more, err := find(r, text, MaxHits)
		if err != nil {
			return nil, err
		}
		hits = append(hits, more...)
	}
	return hits, nil
}

// byPrefix asks for keys that begin with what was typed.
func byPrefix(r store.Reader, prefix string) ([]Hit, error) {
	if prefix == "" {
		return nil, nil
	}
	return store.List(r, qSearchPrefix, scanHit, prefix, pastPrefix(prefix), int64(perQuestion))
}

// pastPrefix is greater than every key with the prefix, byte by byte.
func pastPrefix(prefix string) string { return prefix + "\U0010ffff" }

// byWords asks for persons of whom every word begins some key, in whatever order: "liege dupont". The longest word
// leads: it is the rarest.
func byWords(r store.Reader, words []string) ([]Hit, error) {
	if len(words) < 2 {
		return nil, nil
	}
	slices.SortStableFunc(words, func(a, b string) int { return len(b) - len(a) })
	words = words[:min(len(words), maxWords)]
	args := []any{}
	for i := range maxWords {
		w := words[min(i, len(words)-1)]
		args = append(args, w, pastPrefix(w))
	}
	return store.List(r, qSearchWords, scanHit, append(args, int64(perQuestion))...)
}

// byEnterprise asks for an enterprise number however its points are written.
func byEnterprise(r store.Reader, text string) ([]Hit, error) {
	figures := strings.Map(func(c rune) rune {
		switch {
		case c >= '0' && c <= '9':
			return c
		case strings.ContainsRune(" .-\u00a0BEbe", c):
			return -1
		}
		return 'x'
	}, text)
	if len(figures) < leastPart || strings.Contains(figures, "x") || figures == fold.Text(text) {
		return nil, nil // with nothing to take away, the search by prefix has been there
	}
	return byPrefix(r, figures)
}

// byContact asks for a part of an e-mail address or of a telephone number.
func byContact(r store.Reader, text string) ([]Hit, error) {
	if utf8.RuneCountInString(text) < leastPart {
		return nil, nil
	}
	parts := []string{like(emailKey(text))}
	if phone := phoneKey(text); len(phone) >= leastPart && strings.Trim(text, "+0123456789 ./()-") == "" {
		parts = append(parts, like(phone))
	}
	var hits []Hit
	for _, part := range parts {
		found, err := store.List(r, qSearchContact, scanContact, part, int64(perQuestion))
		if err != nil {
			return nil, err
		}
		for _, c := range found {
			hits = append(hits, Hit{c.Person, lang.Say("people.found.contact", "text", c.Value)})
		}
	}
	return hits, nil
}

// like is a pattern of LIKE that holds the text itself, whatever signs are in it. The escape sign is "!".
func like(text string) string {
	return "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(text) + "%"
}

// standing tells merged records under the one that stands, each person once, the first reason kept.
func standing(r store.Reader, hits []Hit) ([]Hit, error) {
	ids := make([]PersonID, len(hits))
	for i, h := range hits {
		ids[i] = h.Person
	}
	named, err := readAll(r, ids)
	if err != nil {
		return nil, err
	}
	seen := map[PersonID]bool{}
	var out []Hit
	for _, h := range hits {
		p, known := named[h.Person]
		if !known {
			continue
		}
		h.Person = follow(named, p).ID
		if !seen[h.Person] {
			seen[h.Person] = true
			out = append(out, h)
		}
	}
	return out, nil
}

// searchKeys are the folded keys of a person.
func searchKeys(p Person, former []string, home Address, housed bool) []key {
	var keys []key
	add := func(kind string, texts ...string) {
		for _, t := range texts {
			k := key{cut(t), kind}
			if t != "" && !slices.Contains(keys, k) {
				keys = append(keys, k)
			}
		}
	}
	given := fold.Text(p.Given)
	for _, f := range append(fold.NameKeys(p.Family), fold.NameKeys(p.Name)...) {
		add(keyName, strings.TrimSpace(f+" "+given))
		if given != "" {
			add(keyName, given+" "+f)
		}
	}
	if p.Family == "" {
		add(keyName, given)
	}
	for i, word := range strings.Fields(given) {
		if i > 0 {
			add(keyName, word) // the second half of Jean-Marc
		}
	}
	add(keyName, fold.Text(p.Form+" "+p.Name))
	for _, name := range former {
		add(keyFormer, fold.NameKeys(name)...)
	}
	if housed {
		add(keyTown, fold.Text(home.Town), fold.Text(home.Postcode+" "+home.Town))
	}
	add(keyEnterprise, p.Enterprise, strings.TrimLeft(p.Enterprise, "0"))
	return keys
}

// maxKey keeps a key under what an index of PostgreSQL holds.
const maxKey = 200

func cut(s string) string {
	if len(s) <= maxKey {
		return s
	}
	return strings.TrimSpace(strings.ToValidUTF8(s[:maxKey], ""))
}
