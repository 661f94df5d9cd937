package ident

import "strings"

// Digits are judged as values 0 to 9; two more values stand in for them.
const (
	digitX    = 10 // the X that ends an ID: ten
	digitMask = 11 // a digit that the seller masked
)

// wholly reports whether all of d are digits, none X and none masked.
func wholly(d []byte) bool {
	for _, c := range d {
		if c > 9 {
			return false
		}
	}
	return true
}

// prcCheck reports whether the last of 18 digits is the check digit of the
// others: ISO 7064 MOD 11-2, as GB 11643-1999 prescribes it.
func prcCheck(d []byte) bool {
	weights := [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i, w := range weights {
		if d[i] > 9 {
			return false
		}
		sum += int(d[i]) * w
	}
	return d[17] == [11]byte{1, 0, digitX, 9, 8, 7, 6, 5, 4, 3, 2}[sum%11]
}

// prcArea reports whether d begins like an area of GB/T 2260, retired ones
// included, or like the 81, 82 and 83 of the residence permits for people from
// Hong Kong, Macau and Taiwan.
func prcArea(d []byte) bool {
	switch d[0] {
	case 1:
		return d[1] >= 1 && d[1] <= 5
	case 2:
		return d[1] >= 1 && d[1] <= 3
	case 3:
		return d[1] >= 1 && d[1] <= 7
	case 4:
		return d[1] >= 1 && d[1] <= 6
	case 5:
		return d[1] <= 4
	case 6:
		return d[1] >= 1 && d[1] <= 5
	case 7:
		return d[1] == 1
	case 8:
		return d[1] >= 1 && d[1] <= 3
	}
	return false
}

// prcDated reports whether 18 digits hold a birth date where a PRC ID has it,
// behind an area code; or, with 9 as the first digit, behind the province and
// country of a permanent residence card for foreigners (format of 2023).
func prcDated(d []byte) bool {
	year := number(d[6:10])
	return (prcArea(d) || d[0] == 9) && year >= firstYear && year <= lastYear && validDate(year, number(d[10:12]), number(d[12:14]))
}

// legacyDated is prcDated for the 15 digits of the first generation, whose
// year has two digits and which has no check digit.
func legacyDated(d []byte) bool {
	return prcArea(d) && d[0] < 8 && validDate(1900+number(d[6:8]), number(d[8:10]), number(d[10:12]))
}

// modernPRC returns the 18 digits of a 15-digit ID, so that both spellings of
// one person are coded alike.
func modernPRC(d []byte) []byte {
	out := append(append(append(make([]byte, 0, 18), d[:6]...), 1, 9), d[6:]...)
	out = append(out, 0)
	for c := byte(0); c <= digitX; c++ {
		if out[17] = c; prcCheck(out) {
			break
		}
	}
	return out
}

// Birth years of PRC IDs.
const (
	firstYear = 1890
	lastYear  = 2050
)

func validDate(year, month, day int) bool {
	if month < 1 || month > 12 || day < 1 {
		return false
	}
	days := [12]int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[month-1]
	if month == 2 && year%4 == 0 && (year%100 != 0 || year%400 == 0) {
		days = 29
	}
	return day <= days
}

// number returns the value of digits, a large number if one is not a digit.
func number(d []byte) int {
	n := 0
	for _, c := range d {
		if c > 9 {
			return 1 << 20
		}
		n = n*10 + int(c)
	}
	return n
}

// luhn reports whether the digits pass the mod 10 check of ISO/IEC 7812.
func luhn(d []byte) bool {
	sum := 0
	for i := range d {
		n := int(d[len(d)-1-i])
		if n > 9 {
			return false
		}
		if i%2 == 1 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return sum%10 == 0
}

// cardIssuer reports whether d begins like the number of a payment card of
// that length: UnionPay 62, Visa 4, Mastercard 51-55 and 2221-2720, American
// Express 34 and 37, JCB 35, Diners 30, 36 and 38, Discover and Maestro 5 and
// 6, and the old ranges 9 of Chinese banks (ISO/IEC 7812 and the schemes'
// published ranges).
func cardIssuer(d []byte) bool {
	n, two := len(d), number(d[:2])
	switch d[0] {
	case 2:
		four := number(d[:4])
		return four >= 2221 && four <= 2720 && n == 16
	case 3:
		switch two {
		case 34, 37:
			return n == 15
		case 35:
			return n >= 16
		case 30, 36, 38:
			return n == 14 || n == 16
		}
		return false
	case 4:
		return n == 13 || n >= 16
	case 5:
		return n >= 16
	case 6:
		return n >= 16
	case 8:
		return two == 81 && n >= 16
	case 9:
		return n >= 16
	}
	return false
}

// scheme reports whether d begins like a card of a great scheme: UnionPay,
// Visa, Mastercard, American Express, JCB. Numbers of things of that length
// seldom do.
func scheme(d []byte) bool {
	two := number(d[:2])
	return cardIssuer(d) && (two == 62 || d[0] == 4 && len(d) == 16 || two >= 51 && two <= 55 || d[0] == 2 || two == 34 || two == 35 || two == 37)
}

// rrnDated reports whether 13 digits hold a date in the century that their
// seventh names: the form of the Korean registration numbers.
func rrnDated(d []byte) bool {
	century := [10]int{1800, 1900, 1900, 2000, 2000, 1900, 1900, 2000, 2000, 1800}
	if d[6] > 9 {
		return false
	}
	return validDate(century[d[6]]+number(d[:2]), number(d[2:4]), number(d[4:6]))
}

// rrnCheck reports whether the check digit of a Korean registration number
// holds. It proves a number issued before 5 October 2020; since then the last
// six digits are random, so a number that fails is not refused for it. For
// foreigners (seventh digit 5 to 8) the digit is two more, modulo ten.
func rrnCheck(d []byte) bool {
	sum := 0
	for i := 0; i < 12; i++ {
		if d[i] > 9 {
			return false
		}
		sum += int(d[i]) * (i%8 + 2)
	}
	want := (11 - sum%11) % 10
	if d[6] >= 5 && d[6] <= 8 {
		want = (13 - sum%11) % 10
	}
	return int(d[12]) == want
}

// ssnValid reports whether nine digits can be a US social security number: the
// area is not 000, 666 or 9xx, the group not 00, the serial not 0000 (Social
// Security Administration, numbers since the randomisation of 2011).
func ssnValid(d []byte) bool {
	area := number(d[:3])
	return area != 0 && area != 666 && area < 900 && number(d[3:5]) != 0 && number(d[5:9]) != 0
}

// hkCheck reports whether c, one or two letters, six digits and a check
// character in lower case, is a Hong Kong identity card number: weights 9 to
// 1, a missing first letter counting 36, the sum divisible by 11.
func hkCheck(c string) bool {
	if len(c) == 8 {
		c = " " + c
	}
	sum := 0
	for i := 0; i < 9; i++ {
		v := 36
		switch {
		case c[i] == 'a' && i == 8:
			v = 10
		case isDigit(c[i]):
			v = int(c[i] - '0')
		case isLetter(c[i]):
			v = int(c[i]-'a') + 10
		}
		sum += v * (9 - i)
	}
	return sum%11 == 0
}

// twCheck reports whether c, a letter, a letter or digit and eight digits in
// lower case, is a Taiwanese identity card or residence number: the letter
// becomes two digits, weights 1 9 8 7 6 5 4 3 2 1 1, the sum divisible by ten.
// In the residence numbers before 2021 the second character is A to D, whose
// last digit counts.
func twCheck(c string) bool {
	const letters = "abcdefghjklmnpqrstuvxywzio" // in the order of their codes 10 to 35
	code := strings.IndexByte(letters, c[0]) + 10
	if code < 10 {
		return false
	}
	sum := code/10 + code%10*9
	second := int(c[1]) - '0'
	if isLetter(c[1]) {
		second = (strings.IndexByte(letters, c[1]) + 10) % 10
	}
	sum += second * 8
	for i := 2; i < 10; i++ {
		w := 9 - i
		if i == 9 {
			w = 1
		}
		sum += int(c[i]-'0') * w
	}
	return sum%10 == 0
}

// usccAlphabet are the characters of a unified social credit code in the order
// of their values.
const usccAlphabet = "0123456789abcdefghjklmnpqrtuwxy"

// usccCheck reports whether c, 18 characters in lower case, is the unified
// social credit code of a Chinese organisation: weights 3^i mod 31 (GB
// 32100-2015), behind a registration authority and the six digits of an area.
func usccCheck(c string) bool {
	if strings.IndexByte("159ny23478a", c[0]) < 0 || !allDigits(c[2:8]) {
		return false
	}
	sum, weight := 0, 1
	for i := 0; i < 17; i++ {
		v := strings.IndexByte(usccAlphabet, c[i])
		if v < 0 {
			return false
		}
		sum += v * weight
		weight = weight * 3 % 31
	}
	return strings.IndexByte(usccAlphabet, c[17]) == (31-sum%31)%31
}

// mrzCheck reports whether c is the check digit of field: weights 7 3 1, a
// letter counting from 10 and < as 0 (ICAO Doc 9303 part 3).
func mrzCheck(field string, c byte) bool {
	sum := 0
	for i := 0; i < len(field); i++ {
		v := 0
		switch {
		case isDigit(field[i]):
			v = int(field[i] - '0')
		case isLetter(field[i]):
			v = int(field[i]-'a') + 10
		}
		sum += v * [3]int{7, 3, 1}[i%3]
	}
	return c == byte('0'+sum%10) || c == '<' && sum == 0
}
