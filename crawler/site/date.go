package site

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// The forms of dates that sites show, in the order in which they are tried.
var (
	reISO      = regexp.MustCompile(`(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)? ?(Z|[+-]\d{2}:?\d{2})`)
	reYMD      = regexp.MustCompile(`(\d{4})\s?[-/.年년]\s?(\d{1,2})\s?[-/.月월]\s?(\d{1,2})`)
	reShortYMD = regexp.MustCompile(`(?:^|[^\d./-])(\d{2})[-/.](\d{1,2})[-/.](\d{1,2})(?:[^\d./-]|$)`)
	reDMY      = regexp.MustCompile(`\b(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})\b`)
	reMonthDay = regexp.MustCompile(`(?i)\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? (\d{1,2})(?:st|nd|rd|th)?,?(?: (\d{4}))?\b`)
	reDayMonth = regexp.MustCompile(`(?i)\b(\d{1,2})(?:st|nd|rd|th)? (jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,?(?: (\d{4}))?\b`)
	reMD       = regexp.MustCompile(`(?:^|[^\d./-])(\d{1,2})\s?[-/.月월]\s?(\d{1,2})(?:[日일]|[^\d./-]|$)`)
	reClock    = regexp.MustCompile(`(?i)(上午|下午|晚上|오전|오후)?\s?(\d{1,2})[:시时](?:\s?(\d{2}))?분?(?::(\d{2}))?\s?(am|pm|a\.m\.|p\.m\.)?`)
	reAgo      = regexp.MustCompile(`(?i)(\d+|an?|半|数|几)\s?个?\s?(seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|秒|分钟|分鐘|分|小时|小時|天|日|周|星期|月|年|초|분|시간|일|주|개월|달|년)\s?(ago\b|之?前|전)`)
	reShortAgo = regexp.MustCompile(`^(\d{1,3})(s|m|h|d|w|mo|y)$`)
	reAging    = regexp.MustCompile(`^(?:\d{1,2}[-/]\d{1,2} ?)?(?:\d{1,2}:\d{2}(?::\d{2})?)?$`)
	reDay      = regexp.MustCompile(`(?i)刚刚|剛剛|just now|방금|前天|昨天|昨日|今天|今日|그제|그저께|어제|오늘|\byesterday\b|\btoday\b`)
)

var reDayTime = regexp.MustCompile(`(?:` + reDay.String() + `)(?:\s*(?:at\s)?\d{1,2}:\d{2}(?::\d{2})?)?`)

// maxDate is how much of a text is searched for a date, in bytes.
const maxDate = 200

// ParseDate reads a date as sites show it in Chinese, Korean and English:
// full, without a year, or relative to now. Dates without a zone are read as
// UTC. A date that would lie more than a day after now is refused, a smaller
// excess (the zone of the site) becomes now.
func ParseDate(s string, now time.Time) (time.Time, bool) {
	s = strings.TrimSpace(s)
	if s == "" {
		return time.Time{}, false
	}
	if len(s) > maxDate {
		s = strings.ToValidUTF8(s[:maxDate], "")
	}
	now = now.UTC()
	for _, parse := range []func(string, time.Time) (time.Time, bool){parseZoned, parseEpoch, parseAgo, parseDay, parseFull, parseShort, parseClockOnly} {
		if t, ok := parse(s, now); ok {
			return clamp(t, now)
		}
	}
	return time.Time{}, false
}

func clamp(t, now time.Time) (time.Time, bool) {
	switch {
	case t.Year() < 1990 || t.After(now.Add(24*time.Hour)):
		return time.Time{}, false
	case t.After(now):
		return now, true
	}
	return t.UTC(), true
}

// parseZoned reads ISO 8601 with a zone, and the forms of mail and feeds.
func parseZoned(s string, _ time.Time) (time.Time, bool) {
	if len(s) < 16 {
		return time.Time{}, false
	}
	if m := reISO.FindString(s); m != "" {
		m = strings.Replace(m, "T", " ", 1)
		for _, layout := range []string{"2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05Z0700", "2006-01-02 15:04Z07:00", "2006-01-02 15:04Z0700",
			"2006-01-02 15:04:05 Z07:00", "2006-01-02 15:04:05 Z0700"} {
			if t, err := time.Parse(layout, m); err == nil {
				return t, true
			}
		}
	}
	if !strings.Contains(s, ",") {
		return time.Time{}, false
	}
	for _, layout := range []string{time.RFC1123Z, time.RFC1123, time.RFC822Z, time.RFC822} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// parseEpoch reads seconds or milliseconds since 1970.
func parseEpoch(s string, _ time.Time) (time.Time, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	switch {
	case err == nil && len(s) == 10:
		return time.Unix(n, 0), true
	case err == nil && len(s) == 13:
		return time.UnixMilli(n), true
	}
	return time.Time{}, false
}

// parseAgo reads "3 hours ago", "3小时前", "3시간 전" and "3h".
func parseAgo(s string, now time.Time) (time.Time, bool) {
	var m []string
	if saysAgo(s) {
		m = reAgo.FindStringSubmatch(s)
	}
	if m == nil {
		if len(s) > 5 {
			return time.Time{}, false
		}
		if m = reShortAgo.FindStringSubmatch(s); m == nil {
			return time.Time{}, false
		}
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		n = 1
	}
	if n > 10000 {
		return time.Time{}, false
	}
	d, ok := unit(strings.ToLower(m[2]))
	if m[1] == "半" {
		return now.Add(-d / 2), ok
	}
	return now.Add(-time.Duration(n) * d), ok
}

// saysAgo and saysDay spare most texts the regexes.
func saysAgo(s string) bool {
	return strings.Contains(s, "ago") || strings.Contains(s, "AGO") || strings.Contains(s, "Ago") || strings.Contains(s, "前") || strings.Contains(s, "전")
}

func saysDay(s string) bool {
	for _, w := range []string{"oday", "esterday", "ust now", "天", "日", "刚", "剛", "방금", "그", "어제", "오늘", "TODAY", "YESTERDAY", "JUST NOW"} {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// unit returns the length of a unit of time by its name.
func unit(s string) (time.Duration, bool) {
	const day = 24 * time.Hour
	switch {
	case s == "mo", strings.HasPrefix(s, "month"), s == "月", s == "개월", s == "달":
		return 30 * day, true
	case s[0] == 's', s == "秒", s == "초":
		return time.Second, true
	case s[0] == 'm', strings.HasPrefix(s, "分"), s == "분":
		return time.Minute, true
	case s[0] == 'h', strings.HasPrefix(s, "小"), s == "시간":
		return time.Hour, true
	case s[0] == 'd', s == "天", s == "日", s == "일":
		return day, true
	case s[0] == 'w', s == "周", s == "星期", s == "주":
		return 7 * day, true
	case s[0] == 'y', s == "年", s == "년":
		return 365 * day, true
	}
	return 0, false
}

// parseDay reads "yesterday 12:30" and its like.
func parseDay(s string, now time.Time) (time.Time, bool) {
	if !saysDay(s) {
		return time.Time{}, false
	}
	at := reDay.FindStringIndex(s)
	if at == nil {
		return time.Time{}, false
	}
	back := 0
	switch strings.ToLower(s[at[0]:at[1]]) {
	case "刚刚", "剛剛", "just now", "방금":
		return now, true
	case "昨天", "昨日", "어제", "yesterday":
		back = 1
	case "前天", "그제", "그저께":
		back = 2
	}
	d := now.AddDate(0, 0, -back)
	return withClock(d.Year(), d.Month(), d.Day(), s[at[1]:])
}

// parseFull reads dates with year, month and day.
func parseFull(s string, now time.Time) (time.Time, bool) {
	if m := reYMD.FindStringSubmatchIndex(s); m != nil {
		return withClock(num(s, m, 1), time.Month(num(s, m, 2)), num(s, m, 3), s[m[1]:])
	}
	if m := reDMY.FindStringSubmatchIndex(s); m != nil {
		day, month := num(s, m, 1), num(s, m, 2)
		if month > 12 {
			day, month = month, day
		}
		return withClock(num(s, m, 3), time.Month(month), day, s[m[1]:])
	}
	if m := reShortYMD.FindStringSubmatchIndex(s); m != nil {
		return withClock(2000+num(s, m, 1), time.Month(num(s, m, 2)), num(s, m, 3), s[m[7]:])
	}
	if m := reMonthDay.FindStringSubmatchIndex(s); m != nil {
		return named(s, m, s[m[2]:m[3]], 2, now)
	}
	if m := reDayMonth.FindStringSubmatchIndex(s); m != nil {
		return named(s, m, s[m[4]:m[5]], 1, now)
	}
	return time.Time{}, false
}

// named reads the match m of a date whose month is a word; the year may be
// absent.
func named(s string, m []int, month string, day int, now time.Time) (time.Time, bool) {
	mon := time.Month(strings.Index("janfebmaraprmayjunjulaugsepoctnovdec", strings.ToLower(month[:3]))/3 + 1)
	if m[6] < 0 {
		return recent(mon, num(s, m, day), s[m[1]:], now)
	}
	return withClock(num(s, m, 3), mon, num(s, m, day), s[m[1]:])
}

// parseShort reads "05-01 12:30" as the last such day.
func parseShort(s string, now time.Time) (time.Time, bool) {
	m := reMD.FindStringSubmatchIndex(s)
	if m == nil {
		return time.Time{}, false
	}
	return recent(time.Month(num(s, m, 1)), num(s, m, 2), s[m[5]:], now)
}

func recent(month time.Month, day int, rest string, now time.Time) (time.Time, bool) {
	t, ok := withClock(now.Year(), month, day, rest)
	if ok && t.After(now.Add(24*time.Hour)) {
		return withClock(now.Year()-1, month, day, rest)
	}
	return t, ok
}

// parseClockOnly reads "12:30" as of today.
func parseClockOnly(s string, now time.Time) (time.Time, bool) {
	if m := reClock.FindStringIndex(s); m == nil || m[0] != 0 || m[1] != len(s) || !strings.ContainsAny(s, ":시时") {
		return time.Time{}, false
	}
	t, ok := withClock(now.Year(), now.Month(), now.Day(), s)
	if ok && t.After(now) {
		t = t.AddDate(0, 0, -1)
	}
	return t, ok
}

// withClock makes an instant of a day and of the time that rest begins with,
// if it does.
func withClock(year int, month time.Month, day int, rest string) (time.Time, bool) {
	t := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	if t.Month() != month || t.Day() != day {
		return time.Time{}, false
	}
	if len(rest) > 40 {
		rest = strings.ToValidUTF8(rest[:40], "")
	}
	m := reClock.FindStringSubmatchIndex(rest)
	if m == nil {
		return t, true
	}
	hour, minute, second := num(rest, m, 2), num(rest, m, 3), num(rest, m, 4)
	switch half := strings.ToLower(sub(rest, m, 1) + sub(rest, m, 5)); {
	case (half == "下午" || half == "晚上" || half == "오후" || half == "pm" || half == "p.m.") && hour < 12:
		hour += 12
	case (half == "上午" || half == "오전" || half == "am" || half == "a.m.") && hour == 12:
		hour = 0
	}
	if hour > 23 || minute > 59 || second > 59 {
		return t, true
	}
	return t.Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute + time.Duration(second)*time.Second), true
}

func sub(s string, m []int, group int) string {
	if m[2*group] < 0 {
		return ""
	}
	return s[m[2*group]:m[2*group+1]]
}

func num(s string, m []int, group int) int {
	n, _ := strconv.Atoi(sub(s, m, group))
	return n
}

// dropRelative removes from a text the dates that change by themselves, also
// those that lose their time of day or gain a year as they age.
func dropRelative(s string) string {
	if saysAgo(s) {
		s = reAgo.ReplaceAllString(s, "")
	}
	if saysDay(s) {
		s = reDayTime.ReplaceAllString(s, "")
	}
	lines := strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || r == '\t' })
	kept := lines[:0]
	for _, l := range lines {
		if l = strings.TrimSpace(l); l != "" && !aging(l) {
			kept = append(kept, l)
		}
	}
	return strings.Join(kept, "\n")
}

// aging reports whether a line is a short form of a date.
func aging(l string) bool {
	return len(l) <= 5 && reShortAgo.MatchString(l) || len(l) <= 14 && reAging.MatchString(l)
}
