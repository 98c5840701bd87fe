// Package nearest finds what a user may have meant: the known word that is the
// fewest edits away from an unknown one.
package nearest

import "strings"

// To returns the word that is nearest to name, if one is near enough to be a
// slip: at most a third of the letters, and at least one edit. Case does not
// count as a difference. Of several equally near words it returns the first.
func To(name string, words []string) (string, bool) {
	limit := max(1, len(name)/3)
	best, found := "", false
	for _, word := range words {
		if d := distance(strings.ToLower(name), strings.ToLower(word)); d <= limit {
			best, found, limit = word, true, d-1
		}
	}
	return best, found
}

// distance counts the insertions, deletions, substitutions and swaps of
// neighbours that turn a into b.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	before, last, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(y)]
}
