package ballot

import (
	"lieux/base/store"
	"lieux/meeting"
)

type Draw struct{}

func DrawOf(r store.Reader, x meeting.MatterID) (Draw, bool, error) { return Draw{}, false, nil }
