package app

import (
	"bufio"
	"errors"
	"io"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// mapped is a part of a file that lies in the process's memory.
type mapped struct {
	from, to uint64
	file     bool // of a file, to be read or run, never written
	own      bool // some of its pages are no longer the file's
}

// lent says that the part can be given back: what was changed when it was loaded is nowhere else.
func (m mapped) lent() bool { return m.file && !m.own }

// mappings reads what Linux says of the process's memory, in the words of /proc/self/smaps.
func mappings(r io.Reader) ([]mapped, error) {
	var list []mapped
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		if len(words) < 2 {
			continue
		}
		if key, isKey := strings.CutSuffix(words[0], ":"); isKey {
			if key == "Anonymous" && words[1] != "0" && len(list) > 0 {
				list[len(list)-1].own = true
			}
			continue
		}
		first, last, isRange := strings.Cut(words[0], "-")
		from, err1 := strconv.ParseUint(first, 16, 64)
		to, err2 := strconv.ParseUint(last, 16, 64)
		if !isRange || err1 != nil || err2 != nil || len(words) < 5 {
			continue
		}
		list = append(list, mapped{from: from, to: to, file: words[1][:2] == "r-" && words[4] != "0"})
	}
	return list, lines.Err()
}

// lendProgram gives back the pages of the program's own file that were read into the process: Linux keeps each page
// that was ever run, with fifteen neighbours, until somebody lacks memory. Those that are run again come back from the
// file's cache: two to three thousand small faults, some thousandths of a second.
func lendProgram() error {
	f, err := os.Open("/proc/self/smaps")
	if err != nil {
		return err
	}
	list, err := mappings(f)
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	for _, m := range list {
		if !m.lent() {
			continue
		}
		from, size := uintptr(m.from), uintptr(m.to-m.from)
		if _, _, no := syscall.Syscall(syscall.SYS_MADVISE, from, size, syscall.MADV_DONTNEED); no != 0 {
			return no
		}
	}
	return nil
}
