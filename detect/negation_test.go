package detect

import (
	"slices"
	"testing"

	"github.com/leakwatch/leakwatch/leak"
)

func TestWhatATextDeniesIsNotOffered(t *testing.T) {
	e := testEngine(t)
	for _, c := range []struct {
		text   string
		denied leak.Category
	}{
		{"폰번호 디비 5천개 10만원, 이름 없음. 텔레 hpdb_soo", leak.PersonalName},
		{"전화번호 목록 5천개 10만원, 성함은 제외. 텔레 hpdb_soo", leak.PersonalName},
		{"Selling passport scans $6, selfies not included. TG @scan_pier", leak.FacePhoto},
		{"Selling phone numbers 10k $50, no names. TG @scan_pier", leak.PersonalName},
		{"Selling phone numbers 10k $50, no passport scans or selfies. TG @scan_pier", leak.FacePhoto},
		{"出售手机号数据 1万条300元,不含身份证照片或人脸照片,飞机 @scan_pier", leak.FacePhoto},
		{"SSN lookup by name: give full name, get the SSN. $15 TG @lookup_pier", leak.PersonalName},
	} {
		r := e.Analyze(Input{Body: c.text})
		if !r.Hit || slices.Contains(r.Categories, c.denied) {
			t.Errorf("%q: hit %v of %v; want a hit without %s", c.text, r.Hit, r.Categories, c.denied)
		}
	}
}
