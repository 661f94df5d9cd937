package text

import "slices"

// A sound is a Chinese syllable without tone, by number.
type sound uint16

const firstIdeograph, lastIdeograph = 0x4E00, 0x9FFF

// sounds tells the readings of common Han characters.
type sounds struct {
	numbers map[string]sound
	lists   [lastIdeograph - firstIdeograph + 1][]sound
}

// read reads the table of readings, "syllable TAB characters" a line.
func (s *sounds) read(tsv string) {
	s.numbers = map[string]sound{}
	eachGroup(tsv, func(syllable string, r rune) {
		if r >= firstIdeograph && r <= lastIdeograph {
			i := r - firstIdeograph
			s.lists[i] = append(s.lists[i], s.numbered(syllable))
		}
	})
}

// numbered returns the number of a syllable, a new one for a new syllable.
func (s *sounds) numbered(syllable string) sound {
	n, ok := s.numbers[syllable]
	if !ok {
		n = sound(len(s.numbers))
		s.numbers[syllable] = n
	}
	return n
}

// of returns the readings of r, none if it is not a common character.
func (s *sounds) of(r rune) []sound {
	if r < firstIdeograph || r > lastIdeograph {
		return nil
	}
	return s.lists[r-firstIdeograph]
}

// has reports whether r may be read as syllable.
func (s *sounds) has(r rune, syllable string) bool {
	n, ok := s.numbers[syllable]
	return ok && slices.Contains(s.of(r), n)
}
