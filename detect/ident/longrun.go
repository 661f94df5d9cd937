package ident

import "github.com/leakwatch/leakwatch/leak"

// longRun reads a run of more digits than any number has: several written
// without a break.
func (r *reader) longRun(g group) {
	d := make([]byte, 0, g.len())
	for _, a := range r.chain.atoms[g.from:g.to] {
		d = append(d, a.value)
	}
	done, found := 0, false
	for i := 0; i+18 <= len(d); {
		if !prcDated(d[i:i+18]) || !prcCheck(d[i:i+18]) {
			i++
			continue
		}
		r.leftover(g, d, done, i)
		v := verdict{kind: leak.PRCID, canonical: digitString(d[i : i+18]), keep: provinceOf(d[i:]), valid: true}
		r.addRun(v, g, i, i+18)
		i += 18
		done, found = i, true
	}
	if found {
		r.leftover(g, d, done, len(d))
		return
	}
	r.phonesInRun(g, d)
}

func (r *reader) addRun(v verdict, g group, i, j int) {
	a := r.chain.atoms[g.from:g.to]
	r.addVerdict(v, int(a[i].start), int(a[j-1].end))
}

// leftover masks what stands beside an ID in one run with it.
func (r *reader) leftover(g group, d []byte, i, j int) {
	switch n := j - i; {
	case n < 7:
	case n == 11 && cnMobile(d[i:j]):
		r.addRun(phoneVerdict("86", d[i:j]), g, i, j)
	case n >= 13:
		r.addRun(verdict{kind: leak.BankCardNo, canonical: digitString(d[i:j])}, g, i, j)
	default:
		r.addRun(verdict{kind: leak.Phone, canonical: digitString(d[i:j])}, g, i, j)
	}
}

// phonesInRun reads mobile numbers that follow each other without a break.
func (r *reader) phonesInRun(g group, d []byte) {
	if len(d)%11 != 0 {
		return
	}
	for i := 0; i < len(d); i += 11 {
		if !cnMobile(d[i : i+11]) {
			return
		}
	}
	for i := 0; i < len(d); i += 11 {
		r.addRun(phoneVerdict("86", d[i:i+11]), g, i, i+11)
	}
}
