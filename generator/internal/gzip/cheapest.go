package gzip

import (
	"math"
	"math/bits"
	"slices"

	"github.com/andybalholm/brotli/matchfinder"
)

// What deflate can refer to (RFC 1951, 3.2.5).
const (
	minLength, maxLength = 3, 258
	maxDistance          = 32 << 10
)

// enough earlier places are compared with each place: in runs of blanks there are thousands.
const enough = 256

// cheapest finds those matches that take the fewest bits in all, as Zopfli does: by the shortest path through the content, where a step
// is a byte or a match and costs what its codes take. How long the codes are follows from the path before.
func cheapest(src []byte) []matchfinder.Match {
	const rounds = 2 // more bring nothing
	all, price := repeats(src), evenPrices()
	var path []step
	for range rounds {
		path = shortestPath(src, all, price)
		price = pricesOf(src, path)
	}
	var matches []matchfinder.Match
	unmatched := 0
	for _, s := range path {
		if s.distance == 0 {
			unmatched++
			continue
		}
		matches = append(matches, matchfinder.Match{Unmatched: unmatched, Length: s.length, Distance: s.distance})
		unmatched = 0
	}
	return append(matches, matchfinder.Match{Unmatched: unmatched})
}

// A step is a byte as it is, with length 1 and no distance, or a match.
type step struct{ length, distance int }

// repeats are, for each place, the longest matches from near to far: a farther one is longer.
func repeats(src []byte) [][]step {
	all := make([][]step, len(src))
	// Places are counted from 1. Each leads to the last one before it that has the same hash.
	var last [1 << 15]int32
	before := make([]int32, len(src)+1)
	for i := range max(0, len(src)-minLength+1) {
		hash := (uint32(src[i]) | uint32(src[i+1])<<8 | uint32(src[i+2])<<16) * 0x9e3779b1 >> 17
		at := last[hash]
		before[i+1], last[hash] = at, int32(i+1)
		longest, limit := minLength-1, min(maxLength, len(src)-i)
		for tries := 0; tries < enough && at > 0 && i+1-int(at) <= maxDistance && longest < limit; tries, at = tries+1, before[at] {
			earlier := src[at-1:]
			if earlier[longest] != src[i+longest] {
				continue
			}
			length := 0
			for length < limit && earlier[length] == src[i+length] {
				length++
			}
			if length > longest {
				all[i] = append(all[i], step{length, i + 1 - int(at)})
				longest = length
			}
		}
	}
	return all
}

// prices are in bits: of each byte, and of each length and distance with their extra bits.
type prices struct {
	bytes     [256]float64
	lengths   [maxLength + 1]float64
	distances [30]float64
}

func evenPrices() *prices {
	p := &prices{}
	for i := range p.bytes {
		p.bytes[i] = 8
	}
	for i := range p.lengths {
		p.lengths[i] = 8
	}
	for i := range p.distances {
		p.distances[i] = 5 + float64(max(0, i/2-1))
	}
	return p
}

func shortestPath(src []byte, all [][]step, p *prices) []step {
	cost, by := make([]float64, len(src)+1), make([]step, len(src)+1)
	for i := range src {
		cost[i+1] = math.Inf(1)
	}
	for i := range src {
		if c := cost[i] + p.bytes[src[i]]; c < cost[i+1] {
			cost[i+1], by[i+1] = c, step{1, 0}
		}
		length := minLength
		for _, m := range all[i] {
			far := cost[i] + p.distances[distanceCode(m.distance)]
			for ; length <= m.length; length++ {
				if c := far + p.lengths[length]; c < cost[i+length] {
					cost[i+length], by[i+length] = c, step{length, m.distance}
				}
			}
		}
	}
	var path []step
	for i := len(src); i > 0; i -= by[i].length {
		path = append(path, by[i])
	}
	slices.Reverse(path)
	return path
}

// pricesOf are those of the codes that fit a path best.
func pricesOf(src []byte, path []step) *prices {
	var symbols [256 + 1 + 29]float64
	var distances [30]float64
	symbols[256] = 1 // the end
	at := 0
	for _, s := range path {
		if s.distance == 0 {
			symbols[src[at]]++
		} else {
			code, _ := lengthCode(s.length)
			symbols[257+code]++
			distances[distanceCode(s.distance)]++
		}
		at += s.length
	}
	inBits(symbols[:])
	inBits(distances[:])
	p := &prices{}
	copy(p.bytes[:], symbols[:])
	for length := minLength; length <= maxLength; length++ {
		code, extra := lengthCode(length)
		p.lengths[length] = symbols[257+code] + float64(extra)
	}
	for code, price := range distances {
		p.distances[code] = price + float64(max(0, code/2-1))
	}
	return p
}

// inBits replaces how often each symbol occurs by how many bits an ideal code gives it.
func inBits(symbols []float64) {
	total := 0.0
	for _, n := range symbols {
		total += n
	}
	for i, n := range symbols {
		symbols[i] = math.Log2(max(total, 1) / max(n, 0.5))
	}
}

// lengthCode is the number of a length's code, counted from 257, and of its extra bits.
func lengthCode(length int) (code, extra int) {
	n := length - minLength
	switch {
	case length == maxLength:
		return 28, 0
	case n < 8:
		return n, 0
	}
	extra = bits.Len(uint(n)) - 3
	return 4*extra + n>>extra, extra
}

func distanceCode(distance int) int {
	n := distance - 1
	if n < 4 {
		return n
	}
	extra := bits.Len(uint(n)) - 2
	return 2*extra + n>>extra
}
