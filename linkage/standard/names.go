package standard

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"

	"github.com/antzucaro/matchr"
	"golang.org/x/text/unicode/norm"
)

//go:embed nicknames.txt
var nicknamesText string

// NicknamePairs lists two names each that one person may go by: a name and its everyday form, or two
// forms of one name.
var NicknamePairs = sync.OnceValue(func() [][2]string {
	var pairs [][2]string
	for line := range strings.Lines(nicknamesText) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		set := strings.Fields(line)
		for i, a := range set {
			for _, b := range set[i+1:] {
				pairs = append(pairs, [2]string{a, b})
			}
		}
	}
	return pairs
})

// letters that decomposition does not take apart.
var letters = strings.NewReplacer("Ø", "O", "ø", "o", "Æ", "AE", "æ", "ae", "Œ", "OE", "œ", "oe", "ß", "ss",
	"Ł", "L", "ł", "l", "Đ", "D", "đ", "d", "Ð", "D", "ð", "d", "Þ", "TH", "þ", "th", "ı", "i",
	"’", "'", "‘", "'", "ʼ", "'", "–", "-", "—", "-", "‐", "-")

// ascii writes s in ASCII capitals: accents are dropped, letters spelt out, and what is left of
// other scripts is removed. The engine's string functions compare bytes, so no other form may reach them.
func ascii(s string) string {
	plain := true
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			plain = false
			break
		}
	}
	if plain {
		return strings.ToUpper(s)
	}
	var b strings.Builder
	for _, r := range norm.NFKD.String(letters.Replace(s)) {
		if r < 0x80 {
			b.WriteRune(unicode.ToUpper(r))
		}
	}
	return b.String()
}

// Words splits a name into its words of letters; an apostrophe or full stop inside a word vanishes.
func Words(s string) []string {
	s = ascii(s)
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= 'A' && c <= 'Z':
			b.WriteByte(c)
		case c == '\'' || c == '.' || c == '`':
		case c >= '0' && c <= '9':
			b.WriteByte(c)
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Fields(b.String())
}

// placeholders are written where no name is known: a hospital's or clinic's words for a newborn, and words for unknown.
var placeholders = setOf(`BABY BABYBOY BABYGIRL BABYB BABYG BOY GIRL NEWBORN NB INFANT MALE FEMALE TWIN TRIPLET CHILD
UNNAMED UNKNOWN UNK NONE NA NFN NOFIRSTNAME TEST BB BG BBOY BGIRL BO GI`)

// fillers may follow a placeholder without making it a name.
var fillers = setOf("A B C D 1 2 3 4 I II III BOY GIRL BABY MALE FEMALE TWIN TRIPLET OF FIRST NAME NO ONE TWO MC1 MC2")

func setOf(s string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(s) {
		m[w] = true
	}
	return m
}

// IsPlaceholder reports whether a given name is only a word for "none yet".
func IsPlaceholder(given string) bool {
	is, _ := placeholder(Words(given))
	return is
}

// placeholder reports whether the words of a given name only mean "none yet", and the order in a multiple birth that
// they give; 0 for none.
func placeholder(w []string) (bool, int32) {
	if len(w) == 0 {
		return false, 0
	}
	noName := w[0] == "NO" && len(w) > 1 && (w[1] == "FIRST" || w[1] == "NAME")
	if !placeholders[w[0]] && !noName && !strings.HasPrefix(w[0], "MC") {
		return false, 0
	}
	if strings.HasPrefix(w[0], "MC") && (len(w[0]) != 3 || w[0][2] < '1' || w[0][2] > '9') {
		return false, 0
	}
	if (w[0] == "BO" || w[0] == "GI") && len(w) < 2 {
		return false, 0
	}
	for _, x := range w[1:] {
		if !fillers[x] {
			return false, 0
		}
	}
	switch w[len(w)-1] {
	case "A", "1", "ONE":
		return true, 1
	case "B", "2", "TWO":
		if len(w) > 1 {
			return true, 2
		}
	case "C", "3":
		return true, 3
	}
	return true, 0
}

var suffixes = map[string]string{"JR": "JR", "JUNIOR": "JR", "SR": "SR", "SENIOR": "SR", "II": "II", "2ND": "II",
	"III": "III", "3RD": "III", "IV": "IV", "4TH": "IV"}

// noSurname are words that are written where a surname is not known.
var noSurname = setOf("UNKNOWN UNK NONE NA NOLASTNAME TEST UNNAMED")

// phonetics remembers the codes of names: names repeat, and the code costs more than the look-up.
type phonetics map[string]string

// code returns the sound of a name, by Double Metaphone.
func (p phonetics) code(name string) string {
	if name == "" {
		return ""
	}
	if c, ok := p[name]; ok {
		return c
	}
	c, _ := matchr.DoubleMetaphone(name)
	if c == "" {
		c = name
	}
	p[name] = c
	return c
}
