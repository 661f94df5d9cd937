package text

// A mapping leads from a text back to the text it was made from. It lists the
// places where lengths differ; between them both texts run in step, each code
// point of one from a code point of the other of the same length.
type mapping []piece

// A piece is count units of width bytes each, made one by one from count
// units of from bytes each. A unit is never split. A dropped stretch has
// width 0.
type piece struct {
	at, source         int // where the piece begins in either text
	width, from, count uint32
}

func (p *piece) end() int       { return p.at + int(p.count)*int(p.width) }
func (p *piece) sourceEnd() int { return p.source + int(p.count)*int(p.from) }

// add notes that width bytes at offset at were made from from bytes at
// offset source. Calls come in order.
func (m *mapping) add(at, source, width, from int) {
	if n := len(*m); n > 0 {
		last := &(*m)[n-1]
		if int(last.width) == width && int(last.from) == from && width > 0 &&
			last.end() == at && last.sourceEnd() == source {
			last.count++
			return
		}
	}
	*m = append(*m, piece{at: at, source: source, width: uint32(width), from: uint32(from), count: 1})
}

// span maps a span; both ends lie on code points.
func (m mapping) span(start, end int) (int, int) {
	if len(m) == 0 {
		return start, max(start, end)
	}
	k := m.after(start)
	from, _ := m.unit(start, k)
	if end <= start {
		return from, from
	}
	if k < len(m) && m[k].at < end { // few spans hold the begin of a piece
		k = m.after(end - 1)
	}
	_, to := m.unit(end-1, k)
	return from, to
}

// after returns which is the first piece that begins after offset at.
func (m mapping) after(at int) int {
	k, high := 0, len(m)
	for k < high {
		if mid := int(uint(k+high) >> 1); m[mid].at <= at {
			k = mid + 1
		} else {
			high = mid
		}
	}
	return k
}

// unit returns the source of the unit that holds the byte at offset at, after
// which piece k is the first to begin. Where the texts run in step that is the
// byte alone.
func (m mapping) unit(at, k int) (start, end int) {
	if k == 0 {
		return at, at + 1
	}
	p := &m[k-1]
	if at < p.end() {
		start = p.source + (at-p.at)/int(p.width)*int(p.from)
		return start, start + int(p.from)
	}
	start = p.sourceEnd() + at - p.end()
	return start, start + 1
}
