package ident

import (
	"errors"
	"strings"

	"github.com/leakwatch/leakwatch/leak"
	"github.com/leakwatch/leakwatch/text"
)

var errForm = errors.New("not a value of this kind")

// Canonical returns the one spelling of a typed value that is coded, so that a
// query or a list finds what a listing wrote otherwise: digits and capital
// letters without separators, a 15-digit PRC ID as its 18 digits, a phone as +
// and country code where these are known, an address in lower case, a name
// without spaces around it. The error never holds the value.
func Canonical(kind leak.IdentifierKind, typed string) (string, error) {
	s := strings.TrimSpace(text.Fold(typed).Text)
	if s == "" || len(s) > maxCanonical {
		return "", errForm
	}
	switch kind {
	case leak.Email:
		return canonicalEmail(s)
	case leak.NameRow:
		return s, nil
	case leak.Phone:
		return canonicalPhone(s)
	case leak.MRZ:
		return canonicalMRZ(s)
	}
	c := bareCode(s)
	if c == "" || !fitsKind(kind, c) {
		return "", errForm
	}
	if kind == leak.PRCID && len(c) == 15 {
		return digitString(modernPRC(values(c))), nil
	}
	return strings.ToUpper(c), nil
}

// maxCanonical is the longest value that is coded, in bytes: a zone of three
// lines.
const maxCanonical = 256

// bareCode returns the letters and digits of s, "" if something else than a
// separator is in it.
func bareCode(s string) string {
	var b []byte
	for _, c := range s {
		switch {
		case c < 128 && isAlnum(byte(c)):
			b = append(b, byte(c))
		case strings.ContainsRune(" -.()_/·\t", c):
		default:
			return ""
		}
	}
	return string(b)
}

// fitsKind reports whether c, letters and digits in lower case, has the form of
// a kind.
func fitsKind(kind leak.IdentifierKind, c string) bool {
	digits := allDigits(c)
	switch kind {
	case leak.PRCID:
		return len(c) == 18 && allDigits(c[:17]) && (isDigit(c[17]) || c[17] == 'x') || len(c) == 15 && digits
	case leak.HKID:
		return (len(c) == 8 || len(c) == 9) && isLetter(c[0]) && isLetter(c[len(c)-8]) && allDigits(c[len(c)-7:len(c)-1])
	case leak.TWID:
		return len(c) == 10 && isLetter(c[0]) && allDigits(c[2:])
	case leak.MOID:
		return len(c) == 8 && digits
	case leak.RRN, leak.KRForeigner:
		return len(c) == 13 && digits
	case leak.Passport:
		return len(c) >= 6 && len(c) <= 11
	case leak.BankCardNo:
		return len(c) >= 8 && len(c) <= maxNumber && digits
	case leak.SSN:
		return len(c) == 9 && digits
	case leak.USCC:
		return len(c) == 18 && usccForm(c)
	}
	return false
}

func canonicalEmail(s string) (string, error) {
	at := strings.LastIndexByte(s, '@')
	if at <= 0 || at == len(s)-1 || strings.ContainsAny(s, " \t\n") || !strings.Contains(s[at:], ".") {
		return "", errForm
	}
	return s, nil
}

// canonicalPhone codes a phone as Find does: through the same rules.
func canonicalPhone(s string) (string, error) {
	for _, try := range []string{s, "phone: " + s} {
		f := text.Fold(try)
		for _, m := range Find(f, text.Unhide(f)) {
			if m.Kind == leak.Phone && m.Canonical != "" {
				return m.Canonical, nil
			}
		}
	}
	d := digitsOf(s)
	if len(d) < 7 || len(d) > 15 || bareCode(strings.TrimPrefix(s, "+")) != d {
		return "", errForm
	}
	if s[0] == '+' {
		return "+" + d, nil
	}
	return d, nil
}

func canonicalMRZ(s string) (string, error) {
	var b []byte
	for i := 0; i < len(s); i++ {
		switch {
		case isZone(s[i]):
			b = append(b, s[i])
		case s[i] > ' ':
			return "", errForm
		}
	}
	if len(b) < minZone {
		return "", errForm
	}
	return strings.ToUpper(string(b)), nil
}

// Kinds returns the kinds of which a typed value may be, the likeliest first;
// nil if it looks like none. A short number is of many kinds: a query asks for
// all of them.
func Kinds(typed string) []leak.IdentifierKind {
	s := strings.TrimSpace(text.Fold(typed).Text)
	if strings.Contains(s, "@") {
		return kindsThatFit(typed, leak.Email)
	}
	if strings.Contains(s, "<") {
		return kindsThatFit(typed, leak.MRZ)
	}
	if bareCode(strings.TrimPrefix(s, "+")) == "" {
		return kindsThatFit(typed, leak.NameRow)
	}
	var out []leak.IdentifierKind
	f := text.Fold(typed)
	for _, m := range Find(f, text.Unhide(f)) {
		// What was found may be a part of what was typed.
		if m.Valid && !hasKind(out, m.Kind) {
			out = append(out, kindsThatFit(typed, m.Kind)...)
		}
	}
	for _, k := range kindsThatFit(typed, leak.PRCID, leak.USCC, leak.BankCardNo, leak.RRN, leak.KRForeigner, leak.Phone, leak.SSN, leak.HKID, leak.TWID,
		leak.MOID, leak.Passport, leak.NameRow) {
		if !hasKind(out, k) && (k != leak.NameRow || len(out) == 0) && plausible(k, bareCode(strings.TrimPrefix(s, "+"))) {
			out = append(out, k)
		}
	}
	return out
}

// plausible narrows the forms of fitsKind for values typed without a kind.
func plausible(kind leak.IdentifierKind, c string) bool {
	switch kind {
	case leak.PRCID:
		return len(c) == 18 && prcDated(values(c)) || len(c) == 15 && legacyDated(values(c))
	case leak.BankCardNo:
		return len(c) >= 13
	case leak.RRN:
		return rrnDated(values(c)) && (c[6] < '5' || c[6] > '8')
	case leak.KRForeigner:
		return rrnDated(values(c)) && c[6] >= '5' && c[6] <= '8'
	case leak.HKID:
		return hkCheck(c)
	case leak.MOID:
		return c[0] == '1' || c[0] == '5' || c[0] == '7'
	case leak.Passport:
		return passportForm(c)
	case leak.SSN:
		return ssnValid(values(c))
	case leak.Phone:
		return len(c) <= 13
	case leak.USCC:
		return usccCheck(c)
	}
	return true
}

func hasKind(kinds []leak.IdentifierKind, k leak.IdentifierKind) bool {
	for _, o := range kinds {
		if o == k {
			return true
		}
	}
	return false
}

func kindsThatFit(typed string, kinds ...leak.IdentifierKind) []leak.IdentifierKind {
	var out []leak.IdentifierKind
	for _, k := range kinds {
		if _, err := Canonical(k, typed); err == nil {
			out = append(out, k)
		}
	}
	return out
}
