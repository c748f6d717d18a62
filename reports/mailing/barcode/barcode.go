// Package barcode makes the Intelligent Mail barcode of a piece of mail, as USPS-B-3200 has it: the digits that name
// the piece and the place it goes to, and the 65 bars that a machine reads, as letters.
//
// The letters are what fonts and drawing programs take: A for a bar that ascends, D for one that descends, F for a full
// one, T for neither.
package barcode

import (
	"fmt"
	"math/big"
	"math/bits"
	"strings"
)

// A Mailer is who posts: the digits that the postal service has given it.
type Mailer struct {
	ID      string `yaml:"id"`      // six or nine digits
	Service string `yaml:"service"` // three digits: the class of mail and what comes back
}

// Check reports what is wrong with a mailer's digits.
func (m *Mailer) Check() error {
	switch {
	case !digits(m.ID) || len(m.ID) != 6 && len(m.ID) != 9:
		return fmt.Errorf("the mailer id is %q: it must be the 6 or 9 digits that the postal service has given", m.ID)
	case !digits(m.Service) || len(m.Service) != 3:
		return fmt.Errorf("the service type is %q: it must be 3 digits, such as 271 for first-class letters whose "+
			"address is corrected", m.Service)
	}
	return nil
}

// Tracking is the 20 digits that name a piece: barcode identifier 00, service type, mailer and serial number. The number
// has nine digits for a mailer of six and six for one of nine; it begins again when they are used up.
func (m *Mailer) Tracking(serial int64) string {
	return fmt.Sprintf("00%s%s%0*d", m.Service, m.ID, 15-len(m.ID), serial%m.Serials())
}

// Serials is how many serial numbers a mailer has.
func (m *Mailer) Serials() int64 { return pow10(15 - len(m.ID)) }

// Routing is the digits of the place: 0, 5, 9 or 11 of them, as far as they are known, each part only behind the one
// before it.
func Routing(zip5, zip4, deliveryPoint string) string {
	route := ""
	for _, part := range []struct {
		value string
		width int
	}{{zip5, 5}, {zip4, 4}, {deliveryPoint, 2}} {
		if !digits(part.value) || len(part.value) != part.width {
			break
		}
		route += part.value
	}
	return route
}

// Encode makes the letters of the bars.
func Encode(tracking, routing string) (string, error) {
	if !digits(tracking) || len(tracking) != 20 || tracking[1] > '4' {
		return "", fmt.Errorf("%q names no piece: it must be 20 digits, the second of them 0 to 4", tracking)
	}
	start, ok := map[int]int64{0: 0, 5: 1, 9: 1 + 1e5, 11: 1 + 1e5 + 1e9}[len(routing)]
	if !ok || !digits(routing) {
		return "", fmt.Errorf("%q is no routing code: it must be 0, 5, 9 or 11 digits", routing)
	}
	value := new(big.Int)
	value.SetString("0"+routing, 10)
	value.Add(value, big.NewInt(start))
	for i := range tracking {
		base := int64(10)
		if i == 1 {
			base = 5
		}
		value.Mul(value, big.NewInt(base))
		value.Add(value, big.NewInt(int64(tracking[i]-'0')))
	}
	return bars(characters(value)), nil
}

// characters are the ten characters of thirteen bits of a value, with its check sequence in which of them are inverted.
func characters(value *big.Int) [10]uint16 {
	check := checkSequence(value)
	var words [10]int
	rest, word := new(big.Int).Set(value), new(big.Int)
	for i, base := 9, int64(636); i > 0; i, base = i-1, 1365 {
		rest.DivMod(rest, big.NewInt(base), word)
		words[i] = int(word.Int64())
	}
	words[0] = int(rest.Int64())
	words[9] *= 2
	if check>>10&1 == 1 {
		words[0] += 659
	}
	var out [10]uint16
	for i, w := range words {
		if w < len(fiveOf13) {
			out[i] = fiveOf13[w]
		} else {
			out[i] = twoOf13[w-len(fiveOf13)]
		}
		if check>>i&1 == 1 {
			out[i] ^= 1<<13 - 1
		}
	}
	return out
}

// checkSequence is the cyclic redundancy check of 11 bits over the 102 bits of a value.
func checkSequence(value *big.Int) uint16 {
	const generator = 0x0F35
	sum := uint16(0x07FF)
	for i := 101; i >= 0; i-- {
		top := sum >> 10 & 1
		sum = sum << 1 & 0x07FF
		if top != uint16(value.Bit(i)) {
			sum ^= generator & 0x07FF
		}
	}
	return sum
}

// fiveOf13 and twoOf13 are the characters in which so many of 13 bits are set, in the standard's order: pairs of a
// character and its mirror image from the front, those that are their own from the back.
var fiveOf13, twoOf13 = nOf13(5), nOf13(2)

func nOf13(n int) []uint16 {
	var front, back []uint16
	for c := uint16(0); c < 1<<13; c++ {
		mirror := bits.Reverse16(c) >> 3
		switch {
		case bits.OnesCount16(c) != n || mirror < c:
		case mirror == c:
			back = append([]uint16{c}, back...)
		default:
			front = append(front, c, mirror)
		}
	}
	return append(front, back...)
}

// A place is which bit of which character makes a bar descend, and which makes it ascend.
type place struct{ down, downBit, up, upBit int }

// places of the bars, from left to right: USPS-B-3200, the table of bars and characters, in which A to J are the
// characters and the numbers their bits.
var places = readPlaces(`
H2E3 B10A0 J12C8 F5G11 I9D1 A1F12 C5B8 E4J11 G3I10 D9H6 F11B4 I5C12 J10A2 H1G7 D6E9 A3I6 G4C7 B1J9
H10F2 E0D8 G2A4 I11B0 J8D12 C6H7 F1E10 B12G9 H3I0 F8J7 E6C10 D4A5 I4F7 H11B9 G0J6 A6E8 C1D2 F9I12
E11G1 J5H4 D3B2 A7C0 B3E1 G10D5 I7J4 C11F6 A8H12 E2I1 F10D0 J3A9 G5C4 H8B7 F0E5 C3A10 G12J2 D11B6
I8H9 F4A11 B5C2 J1E12 I3G6 H0D7 E7H5 A12B11 C9J0 G8F3 D10I2`)

func readPlaces(text string) []place {
	var list []place
	for _, word := range strings.Fields(text) {
		var p place
		if _, err := fmt.Sscanf(word, "%c%d%c%d", &p.down, &p.downBit, &p.up, &p.upBit); err != nil {
			panic(word) // the text is a constant of this file
		}
		p.down, p.up = p.down-'A', p.up-'A'
		list = append(list, p)
	}
	return list
}

func bars(characters [10]uint16) string {
	out := make([]byte, len(places))
	for i, p := range places {
		descends, ascends := characters[p.down]>>p.downBit&1, characters[p.up]>>p.upBit&1
		out[i] = "TDAF"[descends+2*ascends]
	}
	return string(out)
}

func digits(s string) bool { return strings.Trim(s, "0123456789") == "" }

func pow10(n int) int64 {
	p := int64(1)
	for range n {
		p *= 10
	}
	return p
}
