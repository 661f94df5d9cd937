package detect

import "testing"

func TestQuotationsEndInTheirLine(t *testing.T) {
	for s, want := range map[string][]string{
		`卖家称“5000张10元”,又称「加微信 abc」。`:    {"5000张10元", "加微信 abc"},
		"he wrote \"$5 each\" and left": {"$5 each"},
		"“不闭合\n5000张10元”":               nil,
		"ordinary text":                 nil,
	} {
		got := quotationsOf(nil, s, len(s))
		if len(got) != len(want) {
			t.Errorf("%q: %v", s, got)
			continue
		}
		for i, q := range got {
			if s[q.start:q.end] != want[i] {
				t.Errorf("%q: quotes %q, want %q", s, s[q.start:q.end], want[i])
			}
		}
	}
}

func TestWhatIsQuotedIsSaidBySomeoneElse(t *testing.T) {
	e := testEngine(t)
	own := e.Analyze(Input{Title: "人脸照片", Body: "5000张10元,加微信 lianlian88"})
	told := e.Analyze(Input{Title: "人脸照片", Body: "有人发来一条“5000张10元,加微信 lianlian88”"})
	if told.Score >= own.Score {
		t.Errorf("quoted %.3f, stated %.3f", told.Score, own.Score)
	}
}
