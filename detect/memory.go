package detect

// memory is what readings use and give back: none of it outlives one.
type memory struct {
	lexicon *Lexicon
	hits    []hit
	joiner  *joiner
}

// maxMemory is how many hits the memory may have room for that is kept.
const maxMemory = 1 << 14

func (l *Lexicon) borrow() *memory {
	if m, ok := l.memory.Get().(*memory); ok {
		return m
	}
	return &memory{lexicon: l, joiner: l.newJoiner()}
}

func (l *Lexicon) giveBack(m *memory) {
	if cap(m.hits) <= maxMemory {
		l.memory.Put(m)
	}
}
