package config

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// Schedule says at which instants a source is due. It is immutable.
type Schedule struct {
	spec  cron.Schedule
	zone  *time.Location
	every time.Duration // of "@every", else 0
}

// maxSpec bounds what is given to the parser.
const maxSpec = 128

// ParseSchedule reads a cron spec of five fields, a descriptor (@hourly,
// @daily, @weekly, @monthly, @yearly) or "@every DURATION" of at least one
// second, in an IANA time zone (UTC if empty). The parser is robfig/cron/v3,
// of which nothing else is used: its runner neither catches up nor survives a
// panic of a job, and its parser panics on some specs that begin with "TZ=",
// so these are refused before it sees them.
func ParseSchedule(spec, zone string) (s Schedule, err error) {
	defer func() {
		if r := recover(); r != nil {
			s, err = Schedule{}, fmt.Errorf("a schedule that cannot be read: %q", spec)
		}
	}()
	spec = strings.TrimSpace(spec)
	switch {
	case len(spec) > maxSpec:
		return s, fmt.Errorf("a schedule of %d characters; at most %d", len(spec), maxSpec)
	case strings.Contains(spec, "TZ="):
		return s, errors.New("a time zone in the schedule; write it in time_zone")
	}
	if s.zone, err = loadZone(zone); err != nil {
		return Schedule{}, err
	}
	if rest, ok := strings.CutPrefix(spec, "@every "); ok {
		s.every, err = ParseDuration(strings.TrimSpace(rest))
		if err != nil || s.every < time.Second {
			return Schedule{}, fmt.Errorf("%q; @every needs a duration of at least 1s", spec)
		}
		return s, nil
	}
	if s.spec, err = cron.ParseStandard(sundayIsZero(spec)); err != nil {
		return Schedule{}, fmt.Errorf("%q: %w", spec, err)
	}
	if s.Next(time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
		return Schedule{}, fmt.Errorf("%q, which never comes", spec)
	}
	return s, nil
}

func loadZone(name string) (*time.Location, error) {
	if name == "Local" || strings.HasPrefix(name, "/") {
		return nil, fmt.Errorf("the time zone %q", name)
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("the time zone %q, which is not known", name)
	}
	return zone, nil
}

// sundayIsZero lets 7 mean Sunday, as in every other cron; the parser knows
// 0 to 6 only.
func sundayIsZero(spec string) string {
	fields := strings.Fields(spec)
	if len(fields) == 5 {
		parts := strings.Split(fields[4], ",")
		for i, p := range parts {
			switch {
			case p == "7":
				parts[i] = "0"
			case strings.HasSuffix(p, "-7") && len(p) == 3:
				parts[i] = p[:1] + "-6,0"
			}
		}
		fields[4] = strings.Join(parts, ",")
		return strings.Join(fields, " ")
	}
	return spec
}

// Next returns the first instant after t at which the source is due, or the
// zero time if there is none within five years.
//
// On the day on which clocks go forward, a time that does not exist is due at
// the first instant that does. On the day on which they go back, a time that
// comes twice is due at its first coming only; schedules that fall due every
// hour or more often keep their rhythm through both.
func (s Schedule) Next(t time.Time) time.Time {
	if s.every > 0 {
		// Aligned to the epoch, so that a restart keeps the rhythm.
		return t.Truncate(s.every).Add(s.every).UTC()
	}
	if s.spec == nil {
		return time.Time{}
	}
	// The parser walks a clock that never jumps: wall time read as UTC. Its
	// answers are mapped to instants here, where the zone's jumps are known.
	wall := wallClock(t.In(s.zone))
	if s.repeatsHour(wall) {
		return s.spec.Next(t.In(s.zone)).UTC()
	}
	for range 4 {
		wall = s.spec.Next(wall)
		if wall.IsZero() {
			return time.Time{}
		}
		if at := firstInstant(wall, s.zone); at.After(t) {
			return at.UTC()
		}
	}
	return time.Time{}
}

// repeatsHour reports whether the schedule is due at least once in each of
// the next 24 hours: then a jump of the clock must not stop its rhythm.
func (s Schedule) repeatsHour(wall time.Time) bool {
	for h := range 24 {
		from := wall.Truncate(time.Hour).Add(time.Duration(h) * time.Hour)
		next := s.spec.Next(from.Add(-time.Second))
		if next.IsZero() || next.Sub(from) >= time.Hour {
			return false
		}
	}
	return true
}

func wallClock(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
}

// firstInstant returns the first instant at which a clock in the zone shows
// wall, or, if wall is skipped, the instant of the jump over it.
func firstInstant(wall time.Time, zone *time.Location) time.Time {
	// An instant surely before, then the offsets in force around it.
	guess := time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), wall.Second(), wall.Nanosecond(), zone)
	var best time.Time
	for _, probe := range []time.Time{guess.Add(-26 * time.Hour), guess, guess.Add(26 * time.Hour)} {
		_, offset := probe.Zone()
		at := wall.Add(-time.Duration(offset) * time.Second)
		if wallClock(at.In(zone)).Equal(wall) && (best.IsZero() || at.Before(best)) {
			best = at
		}
	}
	if !best.IsZero() {
		return best
	}
	// Skipped: the zone transition between the two readings of wall.
	start, end := guess.Add(-26*time.Hour), guess.Add(26*time.Hour)
	for end.Sub(start) > time.Second {
		mid := start.Add(end.Sub(start) / 2).Truncate(time.Second)
		if mid.Equal(start) {
			break
		}
		if wallClock(mid.In(zone)).Before(wall) {
			start = mid
		} else {
			end = mid
		}
	}
	return end
}
