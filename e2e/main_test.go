package e2e

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"

	"github.com/chromedp/chromedp"
)

// abreast is how many journeys go on at a time for each processor.
const abreast = 2

var takePictures = flag.Bool("pictures", false, "take the pictures of docs/guide/pictures")

// What the whole package shares: the program, the browser, and why there is none.
var (
	program string
	scratch string
	browser context.Context
	noTabs  error
)

func TestMain(m *testing.M) { os.Exit(around(m)) }

// around builds the program and starts the browser before the tests, and leaves nothing running after them.
func around(m *testing.M) int {
	flag.Parse()
	if n := flag.Lookup("test.parallel"); n.Value.String() == n.DefValue { // a journey waits for the browser half of its time
		if err := flag.Set(n.Name, strconv.Itoa(abreast*runtime.GOMAXPROCS(0))); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	dir, err := os.MkdirTemp("", "lieux-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	scratch = dir
	if err := build(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	allocated, stop := chromedp.NewExecAllocator(context.Background(), browserOptions()...)
	defer stop()
	browser, _ = chromedp.NewContext(allocated)
	if noTabs = chromedp.Do(browser); noTabs == nil { // never with a deadline: the browser would end with it
		defer func() { _ = chromedp.Cancel(browser) }()
	}
	return m.Run()
}

func build() error {
	if program = os.Getenv("LIEUX_BINARY"); program != "" {
		if !filepath.IsAbs(program) {
			program = filepath.Join("..", program) // as seen from the root of the house
		}
		return nil
	}
	program = filepath.Join(scratch, "lieux")
	out, err := exec.Command("go", "build", "-o", program, "lieux/cmd/lieux").CombinedOutput()
	if err != nil {
		return fmt.Errorf("the program does not build: %w\n%s", err, out)
	}
	return nil
}

// browserOptions keep the browser at home: no name is resolved but this machine's own.
func browserOptions() []chromedp.ExecAllocatorOption {
	return append(chromedp.DefaultExecAllocatorOptions[:], chromedp.DisableGPU,
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-features", "Translate,AutofillServerCommunication,OptimizationHints,MediaRouter"),
		chromedp.Env("LANGUAGE=fr", "LANG=fr_BE.UTF-8", "LC_ALL=C.UTF-8"), chromedp.Flag("lang", "fr"),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"))
}

// needBrowser leaves a test out where there is no browser, and fails it where there must be one.
func needBrowser(t *testing.T) {
	t.Helper()
	if noTabs == nil {
		return
	}
	if os.Getenv("CI") != "" || !errors.Is(noTabs, exec.ErrNotFound) {
		t.Fatalf("the browser does not start: %v", noTabs)
	}
	t.Skipf("no chromium on this machine: %v", noTabs)
}
