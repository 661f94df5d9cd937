package config

import (
	"slices"
	"testing"
	"time"
)

func runs(t *testing.T, spec, zone string, from, to time.Time) []string {
	t.Helper()
	s, err := ParseSchedule(spec, zone)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for at := s.Next(from); !at.IsZero() && at.Before(to); at = s.Next(at) {
		out = append(out, at.Format("01-02T15:04Z"))
		if len(out) > 1000 {
			t.Fatal("the schedule does not move on")
		}
	}
	return out
}

func TestScheduleThroughClockChanges(t *testing.T) {
	day := func(m, d int) time.Time { return time.Date(2025, time.Month(m), d, 4, 0, 0, 0, time.UTC) }
	for _, c := range []struct {
		name, spec string
		from, to   time.Time
		want       []string
	}{
		{"a skipped time runs at the jump", "30 2 * * *", day(3, 8), day(3, 11),
			[]string{"03-08T07:30Z", "03-09T07:00Z", "03-10T06:30Z"}},
		{"a repeated time runs once", "30 1 * * *", day(11, 1), day(11, 4),
			[]string{"11-01T05:30Z", "11-02T05:30Z", "11-03T06:30Z"}},
		{"two skipped times run once", "15,45 2 * * *", day(3, 9), day(3, 10), []string{"03-09T07:00Z"}},
	} {
		if got := runs(t, c.spec, "America/New_York", c.from, c.to); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
	if got := runs(t, "0 * * * *", "America/New_York", day(11, 2), day(11, 3)); len(got) != 23 {
		t.Errorf("hourly over a repeated hour: %d runs in 24 h after the first instant, want 23", len(got))
	}
}

func TestScheduleEveryDayOfEveryZoneRunsOnce(t *testing.T) {
	for _, zone := range []string{"Asia/Shanghai", "Asia/Seoul", "Europe/London", "America/Sao_Paulo", "Australia/Lord_Howe", "Africa/Cairo", "America/Havana", "Pacific/Apia", "Asia/Tehran"} {
		for _, spec := range []string{"0 0 * * *", "30 0 * * *", "15 2 * * *", "59 23 * * *"} {
			s, err := ParseSchedule(spec, zone)
			if err != nil {
				t.Fatal(err)
			}
			loc, _ := time.LoadLocation(zone)
			perDay := map[string]int{}
			end := time.Date(2031, 1, 1, 0, 0, 0, 0, loc)
			for at := s.Next(time.Date(2020, 1, 1, 0, 0, 0, 0, loc).Add(-time.Second)); at.Before(end); at = s.Next(at) {
				perDay[at.In(loc).Format(time.DateOnly)]++
			}
			for d := time.Date(2020, 1, 1, 12, 0, 0, 0, loc); d.Before(end); d = d.AddDate(0, 0, 1) {
				if n := perDay[d.Format(time.DateOnly)]; n != 1 {
					t.Errorf("%s in %s on %s: %d runs", spec, zone, d.Format(time.DateOnly), n)
				}
			}
		}
	}
}

func TestBadSchedulesAreRefused(t *testing.T) {
	for _, spec := range []string{"", "TZ=0", "TZ=UTC", "CRON_TZ=", "CRON_TZ=UTC * * * * *", "0 0 30 2 *", "@every 0s", "@every -1s", "@every", "60 * * * *", "* * * *", "@reboot", "a b c d e"} {
		if s, err := ParseSchedule(spec, ""); err == nil {
			t.Errorf("%q was accepted: %v", spec, s)
		}
	}
	if _, err := ParseSchedule("@hourly", "Mars/Olympus"); err == nil {
		t.Error("an unknown zone was accepted")
	}
}

func TestSundayMayBeSeven(t *testing.T) {
	at := time.Date(2026, 11, 18, 0, 0, 0, 0, time.UTC)
	for _, spec := range []string{"0 9 * * 7", "0 9 * * 0", "0 9 * * 6-7"} {
		s, err := ParseSchedule(spec, "")
		if err != nil {
			t.Fatal(err)
		}
		if n := s.Next(at); n.Weekday() != time.Sunday && n.Weekday() != time.Saturday {
			t.Errorf("%s is due on %s", spec, n.Weekday())
		}
	}
}

func FuzzParseSchedule(f *testing.F) {
	for _, s := range []string{"*/5 * * * *", "@every 1m", "TZ=0", "@hourly", "0 0 29 2 *"} {
		f.Add(s, "UTC")
	}
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, spec, zone string) {
		s, err := ParseSchedule(spec, zone)
		if err != nil {
			return
		}
		if n := s.Next(start); !n.After(start) {
			t.Fatalf("next of %q in %q is %s", spec, zone, n)
		}
	})
}
