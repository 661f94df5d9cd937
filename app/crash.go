package app

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"

	"github.com/leakwatch/leakwatch/alerts"
)

// CrashFromEnvironment returns a hook that kills this process, as a power cut
// would, when it passes a named point for the nth time: LEAKWATCH_CRASH_AT is
// "point:n". It is for the tests that count what a kill loses; unset, as in
// every other run, it returns nil.
func CrashFromEnvironment() (func(string), error) {
	v := os.Getenv("LEAKWATCH_CRASH_AT")
	if v == "" {
		return nil, nil
	}
	name, count, _ := strings.Cut(v, ":")
	n, err := strconv.ParseInt(count, 10, 32)
	if err != nil || n < 1 || !slices.Contains(alerts.CrashPoints(), name) {
		return nil, fmt.Errorf("LEAKWATCH_CRASH_AT=%q; want POINT:N with a point of %v", v, alerts.CrashPoints())
	}
	var left atomic.Int64
	left.Store(n)
	return func(point string) {
		if point == name && left.Add(-1) == 0 {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {} // until the signal arrives
		}
	}, nil
}
