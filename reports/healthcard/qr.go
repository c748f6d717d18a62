package healthcard

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"rsc.io/qr/coding"
)

const scheme = "shc:/"

// How many letters of a card a QR code takes: alone, and as one of several.
const (
	single  = 1195
	several = 1191
)

// A QR is a QR code of a card or of a part of one.
type QR struct{ code *coding.Code }

// Size is how many squares a side has.
func (q QR) Size() int { return q.code.Size }

// Black reports whether a square is black.
func (q QR) Black(x, y int) bool { return q.code.Black(x, y) }

// Codes are the QR codes of a card: one, or for a long card several of about the same size.
func Codes(card string) ([]QR, error) {
	var out []QR
	for _, c := range chunks(card) {
		q, err := draw(c)
		if err != nil {
			return nil, err
		}
		out = append(out, q)
	}
	return out, nil
}

// A chunk is what one QR code holds: letters, and then digits, which take less room.
type chunk struct{ head, digits string }

func chunks(card string) []chunk {
	n := 1
	if len(card) > single {
		n = (len(card) + several - 1) / several
	}
	var out []chunk
	for i := range n {
		part := card[i*len(card)/n : (i+1)*len(card)/n]
		c := chunk{head: scheme, digits: digits(part)}
		if n > 1 {
			c.head += fmt.Sprintf("%d/%d/", i+1, n)
		}
		out = append(out, c)
	}
	return out
}

// digits writes each letter of a card as two digits.
func digits(part string) string {
	out := make([]byte, 0, 2*len(part))
	for i := range len(part) {
		n := part[i] - '-'
		out = append(out, '0'+n/10, '0'+n%10)
	}
	return string(out)
}

// join puts the texts of a card's QR codes together again.
func join(lines []string) (string, error) {
	parts := make([]string, len(lines))
	for _, line := range lines {
		fields := strings.Split(line[min(len(line), len(scheme)):], "/")
		at, of := 1, 1
		if len(fields) == 3 {
			at, _ = strconv.Atoi(fields[0])
			of, _ = strconv.Atoi(fields[1])
		}
		if !strings.EqualFold(line[:min(len(line), len(scheme))], scheme) || len(fields) != 1 && len(fields) != 3 {
			return "", errors.New("this is no SMART Health Card: each line is the text of one QR code, and begins with shc:/")
		}
		if of != len(lines) || at < 1 || at > of || parts[at-1] != "" {
			return "", fmt.Errorf("a code of the card is missing or there twice: there are %d of %d", len(lines), of)
		}
		text := fields[len(fields)-1]
		var b strings.Builder
		for i := 0; i+1 < len(text); i += 2 {
			n, err := strconv.Atoi(text[i : i+2])
			if err != nil || n > 'z'-'-' {
				return "", errors.New("this is no SMART Health Card: a code holds more than pairs of digits")
			}
			b.WriteByte(byte(n) + '-')
		}
		if len(text)%2 != 0 || b.Len() == 0 {
			return "", errors.New("the text of a code is cut off")
		}
		parts[at-1] = b.String()
	}
	return strings.Join(parts, ""), nil
}

// plans are the empty codes of each size. They are made once: that takes longer than to fill one.
var plans = func() (list [coding.MaxVersion + 1]func() (*coding.Plan, error)) {
	for v := range list {
		list[v] = sync.OnceValues(func() (*coding.Plan, error) { return coding.NewPlan(coding.Version(v), coding.L, 0) })
	}
	return list
}()

// draw makes the smallest QR code that holds a chunk. It corrects few errors (level L): paper is seldom damaged, and large
// squares are read better. The mask is always the same one, a chess-board: it never fails a reader, and costs no time.
func draw(c chunk) (QR, error) {
	text := []coding.Encoding{coding.String(c.head), coding.Num(c.digits)}
	for v := coding.Version(coding.MinVersion); v <= coding.MaxVersion; v++ {
		bits := 0
		for _, t := range text {
			bits += t.Bits(v)
		}
		if bits > v.DataBytes(coding.L)*8 {
			continue
		}
		plan, err := plans[v]()
		if err != nil {
			return QR{}, err
		}
		code, err := plan.Encode(text...)
		return QR{code}, err
	}
	return QR{}, errors.New("the card is too long for a QR code")
}
