package text

import "unicode/utf8"

// A gate tells of a Han character what terms may begin with it. Near sounds are
// sets of a bit each, so some are taken for others.
type gate struct {
	sounds  uint64 // of what it may stand for
	seconds uint64 // of the characters that follow it at the begin of a term
	firsts  uint64 // of those that it follows there
	branch  uint16 // of the tree with it, plus one, 0 if there is none
}

// mayBegin reports whether a term or an alias may begin with r and next, which
// have the flags k and l, if no rare character follows. Of the first two
// characters of a term one must be its own, unless two of it may be written
// otherwise.
func (x *lexis) mayBegin(r, next rune, k, l class) bool {
	switch {
	case k&opensAlone != 0, k&beginsAlias != 0 && x.openings.may(pair{r, next}):
		return true
	case r < firstHan || r > lastHan:
		return false
	case next < firstHan || next > lastHan:
		return l&(isSpelling|isShape) != 0
	}
	g, h := &x.trade.gates[r-firstHan], &x.trade.gates[next-firstHan]
	return g.seconds&h.sounds|g.sounds&h.firsts != 0
}

// maySpell is mayBegin for what begins with the letter r at offset i.
func (v *survey) maySpell(i int, r, next rune) bool {
	third := byte(0)
	if i+2 < len(v.s) {
		third = v.s[i+2]
	}
	if r|next|rune(third) >= utf8.RuneSelf {
		return true
	}
	if !v.latin.may(byte(r), byte(next), third) {
		return false
	}
	k := v.flags.of(r)
	return k&opensAlone != 0 || k&beginsAlias != 0 && v.openings.may(pair{r, next}) || v.trade.spellings.may(v.s[i:])
}

// soundBits returns the set of some sounds.
func soundBits(list []sound) (bits uint64) {
	for _, a := range list {
		bits |= 1 << (a % 64)
	}
	return bits
}

// fillGates makes the gates. The tree is complete.
func (v *vocabulary) fillGates(x *lexis) {
	v.gates = make([]gate, hanCount)
	for n, b := range v.root.next {
		v.gates[b.is-firstHan].branch = uint16(n + 1)
	}
	doubled := make([]uint64, v.size) // by near sound, the sounds that follow it in terms of which two may be written otherwise
	for _, b := range v.root.next {
		for _, second := range b.next {
			v.gates[b.is-firstHan].seconds |= soundBits(second.near)
			v.gates[second.is-firstHan].firsts |= soundBits(b.near)
			if second.most > 1 {
				for _, a := range b.near {
					doubled[a] |= soundBits(second.near)
				}
			}
		}
	}
	for i := range v.gates {
		g, r := &v.gates[i], rune(firstHan+i)
		near := v.nearSounds(x, r)
		g.sounds = soundBits(near)
		for _, a := range near {
			g.seconds |= doubled[a]
		}
	}
}

// branchTable finds the branches of two characters.
type branchTable struct {
	slots [1 << 12]uint16 // of the list, plus one
	list  []struct {
		is pair
		*branch
	}
}

func (t *branchTable) add(p pair, b *branch) {
	t.list = append(t.list, struct {
		is pair
		*branch
	}{p, b})
	n := int(p.slot()) % len(t.slots)
	for t.slots[n] != 0 {
		n = (n + 1) % len(t.slots)
	}
	t.slots[n] = uint16(len(t.list))
}

func (t *branchTable) of(p pair) *branch {
	for n := int(p.slot()) % len(t.slots); t.slots[n] != 0; n = (n + 1) % len(t.slots) {
		if e := &t.list[t.slots[n]-1]; e.is == p {
			return e.branch
		}
	}
	return nil
}
