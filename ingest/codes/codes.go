// Package codes turns what senders write into the registry's own codes: vaccine products (CVX, CPT,
// NDC, trade name, WIR group word) into CVX and MVX, and people's attributes (race, ethnicity,
// language, sex, relationship, contact) into one small vocabulary each.
//
// The tables are facts of the CDC's published code sets, December 2025, in the compact text files
// beside this one: a code and what it maps to, without the publishers' descriptions. A test
// compares them with the published files. Codes that a table does not hold are never guessed.
package codes

import (
	_ "embed"
	"slices"
	"strconv"
	"strings"
)

//go:embed cvx.txt
var cvxText string

//go:embed mvx.txt
var mvxText string

//go:embed cpt.txt
var cptText string

//go:embed choice.txt
var choiceText string

//go:embed procedure.txt
var procedureText string

//go:embed trade.txt
var tradeText string

//go:embed ndc.txt
var ndcText string

//go:embed product.txt
var productText string

//go:embed observation.txt
var observationText string

//go:embed words.txt
var wordsText string

// A Product is what a code means: the CVX codes of the vaccines that it may be, the likeliest
// first, and the manufacturer; an empty MVX means that the code does not name one.
type Product struct {
	CVX []int16
	MVX string
}

type cvxCode struct {
	active   bool
	kind     byte
	licensed Window
}

type licence struct {
	cvx int16
	mvx string
}

var (
	cvxCodes     = map[int16]cvxCode{}
	mvxKnown     = map[string]string{}
	cptProduct   = map[string]Product{}
	tradeProduct = map[string]Product{}
	ndcProduct   = map[uint64]pack{}
	licences     = map[licence]Window{}
	cdsiCode     = map[string]string{}
	words        = map[string]map[string]string{}
)

// A pack is a product under a national drug code, with its eleven digits.
type pack struct {
	Product
	eleven string
}

func init() {
	each(cvxText, func(f []string) {
		cvxCodes[number(f[0])] = cvxCode{active: f[1] == "A", kind: f[2][0], licensed: window(f[3:])}
	})
	each(mvxText, func(f []string) { mvxKnown[f[0]] = f[0] })
	each(cptText, func(f []string) { cptProduct[f[0]] = Product{CVX: list(f[1])} })
	readProcedures()
	each(productText, func(f []string) { licences[licence{number(f[0]), f[1]}] = window(f[2:]) })
	licenseVaccines()
	each(observationText, func(f []string) { cdsiCode[f[0]] = f[1] })
	each(ndcText, func(f []string) {
		n, err := strconv.ParseUint(f[0], 10, 64)
		if err != nil {
			panic("codes: ndc.txt: " + err.Error())
		}
		p := Product{CVX: list(f[2])}
		if f[3] != "-" {
			p.MVX = f[3]
		}
		ndcProduct[n] = pack{p, f[0]}
	})
	for _, line := range strings.Split(strings.TrimSpace(tradeText), "\n") {
		f := strings.Split(line, "|")
		tradeProduct[plain(f[0])] = Product{CVX: list(f[1]), MVX: f[2]}
	}
	// A line of words.txt: table, value, then every way senders write it, split by commas.
	for _, line := range strings.Split(wordsText, "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		f := strings.SplitN(line, " ", 3)
		if words[f[0]] == nil {
			words[f[0]] = map[string]string{}
		}
		for _, w := range strings.Split(f[2], ",") {
			words[f[0]][plain(w)] = f[1]
		}
	}
}

func each(text string, fn func(fields []string)) {
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		fn(strings.Fields(line))
	}
}

func number(s string) int16 {
	n, err := strconv.ParseInt(s, 10, 16)
	if err != nil {
		panic("codes: " + err.Error())
	}
	return int16(n)
}

func list(s string) []int16 {
	var l []int16
	for _, n := range strings.Split(s, ",") {
		l = append(l, number(n))
	}
	return l
}

// plain keeps letters and digits, in upper case: what two spellings of one word have in common.
func plain(s string) string {
	b := make([]byte, 0, 64)
	return string(appendPlain(b, s))
}

func appendPlain(b []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z':
			b = append(b, c-'a'+'A')
		case c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c >= 0x80, c == '+':
			b = append(b, c)
		}
	}
	return b
}

// CVX reads a CVX code, with or without its leading zero.
func CVX(s string) (int16, bool) {
	if len(s) == 0 || len(s) > 4 {
		return 0, false
	}
	n := 0
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	_, ok := cvxCodes[int16(n)]
	return int16(n), ok
}

// NoVaccine reports the CVX codes that mean that nothing was given (998).
func NoVaccine(cvx int16) bool { return cvx == 998 }

// MVX reads a manufacturer code.
func MVX(s string) (string, bool) {
	if known, ok := mvxKnown[s]; ok {
		return known, true
	}
	u := strings.ToUpper(s)
	_, ok := mvxKnown[u]
	return u, ok
}

// Trade reads a trade name, whatever its case, blanks and punctuation.
func Trade(s string) (Product, bool) {
	var buf [64]byte
	p, ok := tradeProduct[string(appendPlain(buf[:0], s))]
	return p, ok
}

// TradeNames returns the names under which a product is or was sold, in order, as tables write them: without blanks.
func TradeNames(cvx int16) (names []string) {
	for name, p := range tradeProduct {
		if slices.Contains(p.CVX, cvx) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// CDSi returns the CDSi observation code of a coded condition, such as SCT:370388006, or nothing.
func CDSi(code string) string { return cdsiCode[code] }

// Word reads a value through one of the tables of words.txt: race, ethnicity, sex, language,
// relation, group, contact, status, route, county. An empty result with ok means "not given".
func Word(table, s string) (value string, ok bool) {
	var buf [64]byte
	v, ok := words[table][string(appendPlain(buf[:0], s))]
	if v == "-" {
		v = ""
	}
	return v, ok
}
