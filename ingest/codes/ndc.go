package codes

// NDC reads a national drug code: eleven digits, or ten with hyphens, or with hyphens or leading
// zeros lost, of the unit of use or of sale. It returns the eleven digits where they can be known; a
// number whose hyphens are lost is known only by its being in the table in one place.
func NDC(s string) (eleven string, p Product, known bool) {
	var part [3]int
	var size [3]int
	at := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			part[at] = part[at]*10 + int(c-'0')
			if size[at]++; size[at] > 11 {
				return "", p, false
			}
		case c == '-' && at < 2:
			at++
		case c == ' ':
		default:
			return "", p, false
		}
	}
	if at == 2 {
		// 4-4-2, 5-3-2 and 5-4-1 are the ten digits; a labeler that has lost more zeros has them no less.
		if size[0] < 1 || size[0] > 5 || size[1] < 3 || size[1] > 4 || size[2] < 1 || size[2] > 2 {
			return "", p, false
		}
		eleven, p, known = inTable(uint64(part[0])*1_000_000 + uint64(part[1])*100 + uint64(part[2]))
		if !known && size[0] < 4 {
			return "", p, false
		}
		return eleven, p, known
	}
	n := uint64(part[0])
	if at != 0 || size[0] < 8 || size[0] > 11 {
		return "", p, false
	}
	if size[0] == 11 {
		return inTable(n)
	}
	// Ten digits: a zero is missing before the labeler, the product or the package. Fewer: the
	// leading zeros were lost as well, which leaves the number the same.
	var found pack
	for _, c := range [...]uint64{n, n/100_000*1_000_000 + n%100_000, n/10*100 + n%10} {
		if q, ok := ndcProduct[c]; ok && q.eleven != found.eleven {
			if found.eleven != "" {
				return "", p, false
			}
			found = q
		}
	}
	return found.eleven, found.Product, found.eleven != ""
}

// inTable returns the code's eleven digits and, where the table has it, what it means.
func inTable(n uint64) (eleven string, p Product, known bool) {
	if q, ok := ndcProduct[n]; ok {
		return q.eleven, q.Product, true
	}
	return digits11(n), p, false
}

func digits11(n uint64) string {
	var b [11]byte
	for i := 10; i >= 0; i-- {
		b[i] = byte('0' + n%10)
		n /= 10
	}
	return string(b[:])
}
