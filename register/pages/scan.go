package pages

import (
	"bytes"
	"io"

	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
	"lieux/register"
)

// A scan of any size that is kept may wait: otherwise this does not compile.
const _ = uint(register.MaxWaiting - documents.MaxSize)

// scan is a paper that was sent with a form. It waits between two steps, for who sent it alone.
type scan struct {
	id, Name string
	paper    *documents.Upload
}

// takeScan reads the scan that was sent, or the one that waits since an earlier step; a file that is none becomes a
// problem of its field.
func (s *screens) takeScan(q *web.Request, form *web.Form) (*scan, error) {
	file := form.File("scan", documents.MaxSize)
	id := form.Raw("scan-id")
	if file == nil && (id == "" || form.Flag("scan-drop")) {
		form.Set("scan-id", "").Set("scan-drop", "")
		return nil, nil
	}
	if file == nil {
		return s.waitingScan(q, form, id)
	}
	content, err := io.ReadAll(io.LimitReader(file.Content, documents.MaxSize))
	if err != nil {
		return nil, err
	}
	sc := &scan{Name: file.Name}
	if sc.paper, err = documents.Take(file.Name, bytes.NewReader(content)); err != nil {
		for _, r := range fault.Of(err) {
			form.Problem(r.At("scan"))
		}
		if form.Has("scan") {
			err = nil
		}
		return nil, err
	}
	err = s.DB.Touch(q.Context(), func(tx *store.Tx) (err error) {
		sc.id, err = register.KeepUpload(tx, people.PersonID(q.Who.Person), file.Name, content)
		return err
	})
	form.Set("scan-id", sc.id)
	return sc, err
}

// waitingScan finds what was sent with an earlier step.
func (s *screens) waitingScan(q *web.Request, form *web.Form, id string) (*scan, error) {
	var upload register.Upload
	var there bool
	err := s.DB.View(q.Context(), func(v *store.View) (err error) {
		upload, there, err = register.UploadOf(v, id, people.PersonID(q.Who.Person))
		return err
	})
	if err != nil {
		return nil, err
	}
	if !there {
		form.Set("scan-id", "")
		form.Problem(fault.Refuse("register.page.refusal.scan-gone").At("scan"))
		return nil, nil
	}
	sc := &scan{id: id, Name: upload.Name}
	sc.paper, err = documents.Take(upload.Name, bytes.NewReader(upload.Content))
	return sc, err
}

// keep makes a scan a document, and gives its id; nothing for none.
func (sc *scan) keep(tx *store.Tx) (string, error) {
	if sc == nil {
		return "", nil
	}
	d, err := documents.Add(tx, sc.paper)
	if err == nil {
		err = register.DropUpload(tx, sc.id)
	}
	return d.ID, err
}
