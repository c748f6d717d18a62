package read

// A Fingerprint is what a content comes to in 64 bits: two that differ have other ones.
type Fingerprint uint64

const Seed Fingerprint = 0x6d6969635f763031

func (h Fingerprint) mix(w uint64) Fingerprint {
	x := (uint64(h) ^ w) * 0x9e3779b97f4a7c15
	x ^= x >> 29
	return Fingerprint(x * 0xbf58476d1ce4e5b9)
}

// Text adds a value and its length, so that neighbours do not run together.
func (h Fingerprint) Text(s string) Fingerprint {
	n := uint64(len(s))
	for len(s) >= 8 {
		h = h.mix(
			uint64(
				s[0],
			) | uint64(
				s[1],
			)<<8 | uint64(
				s[2],
			)<<16 | uint64(
				s[3],
			)<<24 | uint64(
				s[4],
			)<<32 | uint64(
				s[5],
			)<<40 | uint64(
				s[6],
			)<<48 | uint64(
				s[7],
			)<<56,
		)
		s = s[8:]
	}
	return h.mix(tail(s)).mix(n)
}

// tail is what fewer than eight bytes come to, the first one lowest. Its pieces may overlap: they agree there.
func tail(s string) uint64 {
	n := len(s)
	switch {
	case n >= 4:
		low := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24
		high := uint64(s[n-4]) | uint64(s[n-3])<<8 | uint64(s[n-2])<<16 | uint64(s[n-1])<<24
		return low | high<<(8*(n-4))
	case n > 0:
		return uint64(s[0]) | uint64(s[n/2])<<(8*(n/2)) | uint64(s[n-1])<<(8*(n-1))
	}
	return 0
}

func (h Fingerprint) Number(n int64) Fingerprint { return h.mix(uint64(n)) }

func (h Fingerprint) Sum() int64 { return int64(uint64(h) ^ uint64(h)>>31) }

// Hex writes the fingerprint as sixteen hex digits.
func (h Fingerprint) Hex(a *Arena) string {
	const digit = "0123456789abcdef"
	start := len(a.Buf)
	n := uint64(h.Sum())
	for shift := 60; shift >= 0; shift -= 4 {
		a.Buf = append(a.Buf, digit[n>>shift&15])
	}
	return UnsafeString(a.Buf[start:len(a.Buf):len(a.Buf)])
}
