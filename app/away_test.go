package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/sim"
)

// The assembly is held without internet: the secretary takes the database away, the server stays readable, and what
// was written in the hall comes home, from either engine.
func TestADatabaseTakenToTheHallAndBack(t *testing.T) {
	demo, work := demoFolder(t), t.TempDir()
	whole := filepath.Join(work, "whole.zip")
	must(t, "export", whole, "--data", demo)
	storetest.BothPlaces(t, func(t *testing.T, place store.Options) {
		work := t.TempDir()
		out, back, laptop := filepath.Join(work, "out.zip"), filepath.Join(work, "back.zip"), filepath.Join(work, "laptop")
		server := []string{"--database", place.URL}
		if place.URL == "" {
			server = []string{"--data", place.Folder}
		}
		at := func(where []string, args ...string) []string { return append(args, where...) }
		refused := func(words string, args ...string) {
			t.Helper()
			if _, errs, ok := run(t, args...); ok || !strings.Contains(errs, words) {
				t.Errorf("lieux %s says %q, want %q", strings.Join(args, " "), errs, words)
			}
		}
		must(t, at(server, "restore", whole)...)

		refused("n’est pas partie", at(server, "home", whole)...)
		refused("Personne ne répond", at(server, "away", out, "--by", "Personne Du Tout")...)
		said := must(t, at(server, "away", out, "--by", sim.Admin)...)
		if !strings.Contains(said, "lieux restore "+out) {
			t.Errorf("leaving says %s", said)
		}
		refused("déjà partie", at(server, "away", filepath.Join(work, "twice.zip"), "--by", sim.Admin)...)
		refused("Rien ne s’inscrit ici", at(server, "login", sim.Admin)...)
		if said := must(t, at(server, "check")...); !strings.Contains(said, "Tout est en ordre") ||
			!strings.Contains(said, "rien ne s’inscrit avant son retour") {
			t.Errorf("checking what stayed says %s", said)
		}
		must(t, at(server, "roll", "--on", "2025-12-31")...)

		here := []string{"--data", laptop}
		if said := must(t, at(here, "restore", out)...); !strings.Contains(said, "c’est ici que tout s’inscrit") {
			t.Errorf("restoring on the laptop says %s", said)
		}
		must(t, at(here, "login", sim.Admin)...) // an act, as those of an evening
		refused("celle qui a été emportée", at(here, "home", "--abandon")...)
		refused("existe déjà", at(here, "away", out, "--by", sim.Admin)...)
		if said := must(t, at(here, "away", back, "--by", sim.Admin)...); !strings.Contains(said, "lieux home "+back) {
			t.Errorf("going home says %s", said)
		}

		refused("n’est pas celle d’une base emportée", at(server, "home", whole)...)
		refused("Indiquez l’archive", at(server, "home")...)
		said = must(t, at(server, "home", back, "--by", sim.Admin)...)
		if !strings.Contains(said, "avec 2 actes écrits en déplacement") { // the link, and the departure from the hall
			t.Errorf("coming home says %s", said)
		}
		must(t, at(server, "login", sim.Admin)...)
		if !strings.Contains(must(t, at(server, "check")...), "Tout est en ordre") {
			t.Error("after coming home the database is not in order")
		}

		must(t, at(server, "away", filepath.Join(work, "lost.zip"), "--by", sim.Admin)...)
		if said := must(t, at(server, "home", "--abandon")...); !strings.Contains(said, "est perdu pour elle") {
			t.Errorf("abandoning says %s", said)
		}
		refused("n’est pas partie", at(server, "home", filepath.Join(work, "lost.zip"))...)
	})
}

func TestADepartureThatCannotBeWrittenDoesNotHappen(t *testing.T) {
	folder := demoFolder(t)
	nowhere := filepath.Join(t.TempDir(), "no", "such", "folder.zip")
	if _, errs, ok := run(t, "away", nowhere, "--by", sim.Admin, "--data", folder); ok || !strings.Contains(errs, "rouverte") {
		t.Errorf("it says %q", errs)
	}
	must(t, "login", sim.Admin, "--data", folder)
	if _, err := os.Stat(nowhere); err == nil {
		t.Error("there is an archive")
	}
}
