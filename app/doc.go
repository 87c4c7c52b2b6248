// Package app is the only one that knows every room: it wires their hooks, mounts their routes behind the door, draws
// the menu and the dashboard, and holds the commands of the program.
package app
