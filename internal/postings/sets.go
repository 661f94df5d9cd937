package postings

import (
	"cmp"
	"slices"
	"sort"
)

// The functions below treat sorted slices without repeats as sets. They
// change neither argument; the result may share memory with one.

// Intersect returns what is in both.
func Intersect(a, b []int64) []int64 {
	if len(a) > len(b) {
		a, b = b, a
	}
	var out []int64
	for _, v := range a {
		b = b[seek(b, v):]
		if len(b) == 0 {
			break
		}
		if b[0] == v {
			out = append(out, v)
		}
	}
	return out
}

// Subtract returns what is in a but not in b.
func Subtract(a, b []int64) []int64 {
	if len(a) == 0 || len(b) == 0 {
		return a
	}
	out := make([]int64, 0, len(a))
	for _, v := range a {
		b = b[seek(b, v):]
		if len(b) == 0 || b[0] != v {
			out = append(out, v)
		}
	}
	return out
}

// Contains reports whether v is in the set.
func Contains(set []int64, v int64) bool {
	_, found := slices.BinarySearch(set, v)
	return found
}

// Set makes a set of values in any order, in place.
func Set(values []int64) []int64 {
	if !slices.IsSortedFunc(values, cmp.Compare) {
		slices.Sort(values)
	}
	return slices.Compact(values)
}

// seek returns the index of the first value of b that is not below v, in time
// that grows with the logarithm of that index.
func seek(b []int64, v int64) int {
	if len(b) == 0 || b[0] >= v {
		return 0
	}
	step := 1
	for step < len(b) && b[step] < v {
		step *= 2
	}
	low := step / 2
	high := min(step+1, len(b))
	return low + sort.Search(high-low, func(i int) bool { return b[low+i] >= v })
}
