// Package e2e goes through the front door: the program is built as its users build it, started as they start it, and
// used with a real browser and with plain HTTP. Nothing here imports a room: what a person cannot see or type is not
// known to these tests.
//
// # What is here
//
//   - Journeys: a newcomer sets a house up, people sign in, the secretary reads the minutes of June 2017, keeps the
//     register, joins duplicates, records a deed, and so on; the main ones again without JavaScript and by keyboard.
//   - A share's life: from the form, online and on paper, to the certificate in three languages, codes and papers read
//     back; a campaign scaled back; the guard of the public offer; a bank's file; departures, deaths and the queue.
//   - The walk: every page that a role can reach by links, judged as a page: no dead link, no error, no complaint in
//     the console, nothing wider than a phone, no violation found by axe-core, light and dark, in three languages.
//   - The rights: every route asked with every role, against the table that the program prints (docs/permissions.md).
//
// # Running it
//
//	go test ./e2e                 needs chromium; without it the tests are left out, unless CI is set
//	go test ./e2e -pictures       also takes the pictures of docs/guide
//	LIEUX_BINARY=.tools/lieux     uses a program that is built already
//
// Each test has its own copy of the demonstration's folder and its own program on a port of 127.0.0.1; the browser is
// one for the package, with cookies of its own for each tab.
package e2e
