package ident

import (
	"strings"

	"github.com/leakwatch/leakwatch/leak"
)

// Bounds of an address (RFC 5321, section 4.5.3.1).
const (
	maxLocal  = 64
	maxDomain = 255
)

// address reads the e-mail address around the @ or # at i and returns the
// offset after it.
func (r *reader) address(i int) int {
	left, right := i, i+1
	for n := 0; n < 2 && left > 0 && r.s[left-1] == ' '; n++ {
		left--
	}
	for n := 0; n < 2 && right < len(r.s) && r.s[right] == ' '; n++ {
		right++
	}
	strict := r.s[i] == '@' && left == i && right == i+1
	return max(r.addressAt(left, right, strict), i+1)
}

// addressAt reads an address whose local part ends at left and whose domain
// begins at right. A strict one may have any domain; where something else than
// @ joins them, only the well-known ones count.
func (r *reader) addressAt(left, right int, strict bool) int {
	start := left
	for start > 0 && left-start < maxLocal && isLocal(r.s[start-1]) {
		start--
	}
	for start < left && (r.s[start] == '.' || r.s[start] == '-') {
		start++
	}
	if start == left {
		return right
	}
	domain, end := r.domain(right, strict)
	if domain == "" {
		return right
	}
	v := verdict{kind: leak.Email, canonical: r.s[start:left] + "@" + domain, keep: "…@" + domain, valid: true}
	r.addVerdict(v, start, end)
	return end
}

func isLocal(c byte) bool { return isAlnum(c) || strings.IndexByte("._%+-", c) >= 0 }

// domain reads the domain at i and returns it with the offset after it. Dots
// may be spelled unless strict.
func (r *reader) domain(i int, strict bool) (string, int) {
	end := i
	for end < len(r.s) && end-i < maxDomain && (isAlnum(r.s[end]) || r.s[end] == '.' || r.s[end] == '-') {
		end++
	}
	for end > i && (r.s[end-1] == '.' || r.s[end-1] == '-') {
		end--
	}
	d := r.s[i:end]
	if dot := strings.LastIndexByte(d, '.'); dot > 0 && len(d)-dot > 2 && isLetter(d[dot+1]) && isLetter(d[dot+2]) && !strings.Contains(d, "..") {
		if strict || wellKnown(d) {
			return d, end
		}
		return "", i
	}
	return r.spelledDomain(i)
}

// mailDomains are the free mail services of these markets.
var mailDomains = []string{"qq.com", "163.com", "126.com", "gmail.com", "naver.com", "hanmail.net", "daum.net", "hotmail.com", "outlook.com", "yahoo.com", "foxmail.com",
	"sina.com", "sina.cn", "sohu.com", "139.com", "189.cn", "yeah.net", "proton.me", "protonmail.com", "icloud.com", "kakao.com", "nate.com", "aol.com", "mail.ru",
	"yandex.ru", "live.com", "msn.com", "tutanota.com", "tuta.io", "gmx.com", "yahoo.co.jp", "yahoo.com.tw", "aliyun.com", "wo.cn", "vip.qq.com"}

func wellKnown(d string) bool {
	for _, m := range mailDomains {
		if d == m {
			return true
		}
	}
	return false
}

// spelledDomain reads a well-known domain whose dots are spaced or spelled:
// "qq . com", qq点com, "gmail dot com", gmail[dot]com.
func (r *reader) spelledDomain(i int) (string, int) {
	var out []byte
	k, end := i, i
	for n := 0; n < 4; n++ {
		from := k
		for k < len(r.s) && k-from < 16 && isAlnum(r.s[k]) {
			k++
		}
		if k == from {
			break
		}
		out, end = append(out, r.s[from:k]...), k
		if wellKnown(string(out)) {
			return string(out), end
		}
		for k < len(r.s) && r.s[k] == ' ' && k-end < 3 {
			k++
		}
		w := 0
		for _, dot := range []string{".", "点", "。", "dot", "(dot)", "[dot]", "{dot}", "점", "닷", "(.)", "[.]"} {
			if hasAt(r.s, k, dot) {
				w = len(dot)
				break
			}
		}
		if w == 0 {
			break
		}
		out, k = append(out, '.'), k+w
		for n := 0; n < 2 && k < len(r.s) && r.s[k] == ' '; n++ {
			k++
		}
	}
	return "", i
}

// spelledAddress reads an address whose @ is spelled by the w bytes at i:
// "at", 艾特, 골뱅이.
func (r *reader) spelledAddress(i, w int) int {
	next := i + w
	for _, word := range []string{"艾特", "골뱅이", "圈a"} {
		if hasAt(r.s, i, word) {
			w = len(word)
		}
	}
	left, right := i, i+w
	for n := 0; n < 2 && left > 0 && strings.IndexByte(" ([{", r.s[left-1]) >= 0; n++ {
		left--
	}
	for n := 0; n < 2 && right < len(r.s) && strings.IndexByte(" )]}", r.s[right]) >= 0; n++ {
		right++
	}
	return max(r.addressAt(left, right, false), next)
}
