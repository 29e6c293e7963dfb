package specgen

// A stream makes choices out of bytes.
type stream struct{ rest []byte }

// below returns a number from 0 to n-1.
func (s *stream) below(n int) int {
	number, size := 0, 1
	if n > 256 {
		size = 2
	}
	for range size {
		if len(s.rest) > 0 {
			number, s.rest = number<<8|int(s.rest[0]), s.rest[1:]
		}
	}
	return number % n
}

// one returns true once in n times, and false where the bytes end.
func (s *stream) one(n int) bool { return s.below(n) == n-1 }

// pick chooses one of a list.
func pick[T any](s *stream, of ...T) T { return of[s.below(len(of))] }

// some returns up to n different elements of a list, in its order.
func some[T any](s *stream, n int, of ...T) []T {
	var chosen []T
	for _, one := range of {
		if len(chosen) < n && s.one(len(of)/n+1) {
			chosen = append(chosen, one)
		}
	}
	return chosen
}
