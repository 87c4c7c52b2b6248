package store

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
)

// Abreast reads something in parts, numbered from 0: as many at once as there are processors and idle readers. Each
// part is lent a reader that sees the same acts as r; what [DB.Touch] wrote besides may differ. Inside an act, and when
// the journal has moved on since r began, r reads one part after the other. The parts must not use r itself.
func Abreast(r Reader, parts int, read func(r Reader, part int) error) error {
	var next atomic.Int64
	work := func(r Reader) error {
		for part := int(next.Add(1)) - 1; part < parts; part = int(next.Add(1)) - 1 {
			if err := read(r, part); err != nil {
				next.Store(int64(parts)) // nobody begins another
				return err
			}
		}
		return nil
	}
	view, _ := r.(*View)
	if view == nil {
		return work(r)
	}
	twins, err := view.twins(min(parts, runtime.GOMAXPROCS(0)) - 1)
	if err != nil {
		return err
	}
	errs, panics := make([]error, len(twins)+1), make([]any, len(twins)+1)
	guarded := func(i int, r Reader) {
		defer func() { panics[i] = recover() }()
		errs[i] = work(r)
	}
	var others sync.WaitGroup
	for i, twin := range twins {
		others.Go(func() {
			defer twin.end()
			guarded(i+1, twin)
		})
	}
	guarded(0, view)
	others.Wait()
	for i := range errs {
		if panics[i] != nil {
			panic(panics[i]) // on the caller's side, where it is answered
		}
	}
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// twins opens up to n views beside one, on readers that nobody waits for: fewer when fewer are idle, and none when the
// journal has moved on.
func (v *View) twins(n int) (list []*View, err error) {
	if n < 1 {
		return nil, nil
	}
	defer func() {
		if err != nil {
			for _, twin := range list {
				twin.end()
			}
		}
	}()
	head, err := Head(v)
	if err != nil {
		return nil, err
	}
	for range n {
		select {
		case <-v.db.idle.free:
		default:
			return list, nil
		}
		r := v.db.idle.take()
		if err := r.begin(v.ctx); err != nil {
			v.db.idle.put(r)
			return list, fmt.Errorf("store: view: %w", err)
		}
		twin := &View{db: v.db, reader: r, ctx: v.ctx, at: v.at}
		same, err := Head(twin)
		if err != nil || same != head {
			twin.end()
			return list, err
		}
		list = append(list, twin)
	}
	return list, nil
}

// end gives the reader of a twin back.
func (v *View) end() {
	v.ended = true
	v.reader.end()
	v.db.idle.put(v.reader)
}
