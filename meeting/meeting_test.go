package meeting

import (
	"testing"

	"lieux/assembly"
	"lieux/base/documents"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/bylaws"
	"lieux/people"
	"lieux/register"
)

var rooms = []store.Room{documents.Room, people.Room, bylaws.Room, register.Room, assembly.Room, Room}

func TestMain(m *testing.M) { storetest.Main(m) }

func TestStatementsAreUnderstood(t *testing.T) { storetest.PrepareAll(t, rooms) }
