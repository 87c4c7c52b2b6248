package app

import (
	"context"
	"log/slog"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// How the server keeps small: it runs on small machines, beside other things. GOGC in the environment switches all of
// it off.
const (
	gcPercent     = 30              // garbage that may gather, in percent of what lives, while that is little
	gcPercentWide = 100             // of a register of many thousands: there, time is dearer
	smallHeap     = 32 << 20        // bytes that live, up to which the program is small
	memoryLook    = 2 * time.Second // between two looks
	quietBytes    = 128 << 10       // allocated between two looks: nobody asks for anything
	quietLooks    = 5               // one after the other: work is over
)

// memory is what the runtime says of itself.
type memory struct {
	live      uint64 // bytes that outlived the last collection
	allocated uint64 // bytes since the beginning
}

func readMemory() memory {
	s := []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(s)
	return memory{s[0].Value.Uint64(), s[1].Value.Uint64()}
}

// frugal decides how the program keeps small: from look to look.
type frugal struct {
	last  memory
	quiet int  // looks since something was done
	owing bool // something was done since memory was given back
}

// look says how much garbage may gather from now on, in percent, and whether it is time to give memory back to the
// machine: once after each stretch of work, when it is over. A large heap keeps what it has: to collect it for nothing
// would cost more than it gives.
func (f *frugal) look(now memory) (percent int, giveBack bool) {
	f.quiet++
	if now.allocated-f.last.allocated >= quietBytes {
		f.quiet, f.owing = 0, true
	}
	f.last = now
	percent = gcPercent
	if now.live > smallHeap {
		percent = gcPercentWide
	}
	giveBack = f.quiet >= quietLooks && f.owing && percent == gcPercent
	f.owing = f.owing && !giveBack
	return percent, giveBack
}

// keepSmall looks after the program's memory until ctx ends. rest lets go of what is quickly had again.
func keepSmall(ctx context.Context, log *slog.Logger, rest func()) {
	debug.SetGCPercent(gcPercent)
	debug.FreeOSMemory() // what reading the catalogues left over
	lend(log)
	f := frugal{last: readMemory()}
	tick := time.NewTicker(memoryLook)
	defer tick.Stop()
	for set := gcPercent; ; {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		percent, giveBack := f.look(readMemory())
		if percent != set {
			debug.SetGCPercent(percent)
			set = percent
		}
		if giveBack {
			rest()
			debug.FreeOSMemory()
		}
		if giveBack || f.quiet == 0 && percent == gcPercent {
			lend(log)
		}
	}
}

func lend(log *slog.Logger) {
	if err := lendProgram(); err != nil {
		log.Warn("memory", "error", err)
	}
}
