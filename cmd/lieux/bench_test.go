package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Bounds of the walk: so many pages and files in all, so many of one shape of address.
const (
	maxPages  = 400
	maxAlike  = 8
	patience  = 30 * time.Second
	maxAnswer = 32 << 20
)

var (
	addressLine = regexp.MustCompile(`http://localhost:\d+`)
	hrefs       = regexp.MustCompile(`<a\b[^>]*?\shref="([^"]*)"`)
	names       = regexp.MustCompile(`[0-9A-HJKMNP-TV-Z]{26}|[0-9a-f]{16,}|\d+`)
)

// BenchmarkServe starts the program on the demonstration's data, waits for the first page, then signs in as the administrator and as a
// cooperator and asks for what the pages link to, papers and exports too. It tells the time until that first page, and the memory: what is
// resident after the start, at the end, and the most there ever was. docs/performance.md says which bounds they should keep.
func BenchmarkServe(b *testing.B) {
	if _, err := os.Stat("/proc/self/status"); err != nil {
		b.Skip("not run: the memory of a process is read from Linux's /proc")
	}
	const pause = 25 * time.Second // after which the program has given back what it does not need
	dir := b.TempDir()
	lieux := filepath.Join(dir, "lieux")
	build := exec.Command("go", "build", "-o", lieux, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	ran(b, build)
	data := filepath.Join(dir, "demo")
	ran(b, exec.Command(lieux, "demo", "--prepare", "--data", data))
	var started, pages, begin, end, most, rest float64
	for b.Loop() {
		begun := time.Now()
		process, base := served(b, lieux, data)
		v := visitor{b, base, nil}
		v.get("/sign-in")
		started += float64(time.Since(begun).Milliseconds())
		begin += resident(b, process.Process.Pid, "VmRSS")
		for _, who := range []string{"Pascale Renkin", "Jeanne Delvigne"} {
			lines := strings.Fields(ran(b, exec.Command(lieux, "login", "--data", data, "--public", base, who)))
			pages += float64(v.walks(lines[len(lines)-1]))
		}
		end += resident(b, process.Process.Pid, "VmRSS")
		most += resident(b, process.Process.Pid, "VmHWM")
		time.Sleep(pause)
		rest += resident(b, process.Process.Pid, "VmRSS")
		if err := process.Process.Signal(syscall.SIGTERM); err != nil {
			b.Fatal(err)
		}
		if err := process.Wait(); err != nil {
			b.Fatal(err)
		}
	}
	n := float64(b.N)
	b.ReportMetric(started/n, "ms-to-first-page")
	b.ReportMetric(begin/n, "MB-at-first")
	b.ReportMetric(end/n, "MB-after-walk")
	b.ReportMetric(most/n, "MB-at-most")
	b.ReportMetric(rest/n, "MB-at-rest")
	b.ReportMetric(pages/n, "pages")
}

// ran runs a command to its end and gives what it printed.
func ran(b *testing.B, c *exec.Cmd) string {
	b.Helper()
	out, err := c.CombinedOutput()
	if err != nil {
		b.Fatalf("%v: %v\n%s", c, err, out)
	}
	return string(out)
}

// served starts the program and reads where it listens.
func served(b *testing.B, lieux, data string) (*exec.Cmd, string) {
	b.Helper()
	c := exec.CommandContext(b.Context(), lieux, "serve", "--data", data, "--address", "127.0.0.1:0")
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	var complaints bytes.Buffer
	c.Stderr = &complaints
	out, err := c.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := c.Start(); err != nil {
		b.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if base := addressLine.FindString(lines.Text()); base != "" {
			return c, base
		}
	}
	b.Fatalf("lieux serve does not say where it listens: %v\n%s", errors.Join(lines.Err(), c.Wait()), &complaints)
	return nil, ""
}

// resident is a line of the process's status in millions of bytes.
func resident(b *testing.B, pid int, line string) float64 {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Fatal(err)
	}
	for text := range strings.Lines(string(status)) {
		if rest, is := strings.CutPrefix(text, line+":"); is {
			kib, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			if err != nil {
				b.Fatal(err)
			}
			return kib * 1024 / 1e6
		}
	}
	b.Fatalf("no %s in %s", line, status)
	return 0
}

// visitor asks for pages with the cookies of whoever is signed in.
type visitor struct {
	b    *testing.B
	base string
	jar  http.CookieJar
}

// walks signs in by a link and asks for everything that is linked from the start page on; it gives how many answers there were.
func (v visitor) walks(link string) (count int) {
	v.b.Helper()
	v.jar, _ = cookiejar.New(nil) // never fails without options
	u, err := url.Parse(link)
	if err != nil {
		v.b.Fatal(err)
	}
	v.ask(http.MethodPost, "/sign-in/link", url.Values{"token": {u.Query().Get("token")}}.Encode())
	seen, alike := map[string]bool{}, map[string]int{}
	for queue := []string{"/"}; len(queue) > 0 && count < maxPages; queue = queue[1:] {
		body := v.get(queue[0])
		count++
		for _, m := range hrefs.FindAllStringSubmatch(body, -1) {
			to := html.UnescapeString(m[1])
			shape := names.ReplaceAllString(to, "N")
			if strings.HasPrefix(to, "/") && !strings.HasPrefix(to, "//") && !seen[to] && alike[shape] < maxAlike {
				seen[to] = true
				alike[shape]++
				queue = append(queue, to)
			}
		}
	}
	if count < 40 {
		v.b.Fatalf("only %d pages are linked to: was %s let in?", count, link)
	}
	return count
}

func (v visitor) get(path string) string { return v.ask(http.MethodGet, path, "") }

func (v visitor) ask(method, path, form string) string {
	v.b.Helper()
	ctx, cancel := context.WithTimeout(v.b.Context(), patience)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, v.base+path, strings.NewReader(form))
	if err != nil {
		v.b.Fatal(err)
	}
	if form != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := (&http.Client{Jar: v.jar}).Do(r)
	if err != nil {
		v.b.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		v.b.Fatal(err)
	}
	if res.StatusCode != http.StatusOK {
		v.b.Fatalf("%s %s answers %d: %.300s", method, path, res.StatusCode, body)
	}
	return string(body)
}
