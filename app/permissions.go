package app

import (
	"fmt"

	"lieux/base/store"
	"lieux/base/web"
)

type permissionsCommand struct{}

// Run prints the table of every route and every role, as docs/permissions.md holds it.
func (permissionsCommand) Run(rt *runtime) error {
	_, err := fmt.Fprint(rt.Out, PermissionsPage())
	return err
}

// PermissionsPage is docs/permissions.md: made from the routes themselves, so that it cannot lag behind.
func PermissionsPage() string {
	a := &App{db: &store.DB{}, post: &Outbox{}, feed: &web.Feed{}}
	return `# Permissions

Every route of the program and who may use it. ` + "`lieux permissions`" + ` makes this page from the lists of routes;
a test compares it with them, and another asks every route with every role. A member is whoever is signed in,
but for who enters only because they run a place: a manager, of that place and no other. No role holds
another. A route that is open to members may still show each member only what concerns them. The outbox is open to
everybody in the demonstration; elsewhere it answers to the administrator alone.

` + web.PermissionsMarkdown(a.Routes())
}
