package pdf

import (
	"cmp"
	"math"
	"slices"
	"sync"

	"github.com/go-fonts/liberation/liberationsansbold"
	"github.com/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/norm"
)

// A face is one font: where its glyphs are and how wide they are, in thousandths of the size.
type face struct {
	name  string
	data  []byte
	bold  bool
	font  *sfnt.Font
	low   [lowRunes]glyph // most text is found here
	units int

	mu   sync.Mutex
	buf  sfnt.Buffer
	high map[rune]glyph
}

// A glyph of a face. Zero is a rune that the face lacks.
type glyph struct{ id, width uint16 }

// lowRunes is how many of the first runes are looked up in a list: Latin letters with all their accents.
const lowRunes = 0x0250

// box is drawn for a rune that a face lacks.
const box = '□'

var faces = sync.OnceValue(func() [2]*face {
	return [2]*face{
		openFace("LiberationSans", liberationsansregular.TTF, false),
		openFace("LiberationSans-Bold", liberationsansbold.TTF, true),
	}
})

func faceOf(bold bool) *face {
	if bold {
		return faces()[1]
	}
	return faces()[0]
}

// openFace reads a font that is part of the program: it cannot fail in one place and not in another.
func openFace(name string, data []byte, bold bool) *face {
	parsed, err := sfnt.Parse(data)
	if err != nil {
		panic("pdf: " + name + ": " + err.Error())
	}
	f := &face{name: name, data: data, bold: bold, font: parsed, units: int(parsed.UnitsPerEm()), high: map[rune]glyph{}}
	for r := range rune(lowRunes) {
		f.low[r] = f.look(r)
	}
	return f
}

// glyph returns a rune's glyph, and whether the face has one.
func (f *face) glyph(r rune) (glyph, bool) {
	if r >= 0 && r < lowRunes {
		return f.low[r], f.low[r].id != 0
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	g, known := f.high[r]
	if !known {
		g = f.look(r)
		f.high[r] = g
	}
	return g, g.id != 0
}

func (f *face) look(r rune) glyph {
	if r < ' ' || r == 0x7f {
		return glyph{}
	}
	id, err := f.font.GlyphIndex(&f.buf, r)
	if err != nil || id == 0 {
		return glyph{}
	}
	advance, err := f.font.GlyphAdvance(&f.buf, id, fixed.I(f.units), font.HintingNone)
	if err != nil {
		return glyph{}
	}
	return glyph{uint16(id), uint16(math.Round(float64(advance) / 64 * 1000 / float64(f.units)))}
}

// shown returns the glyph that is drawn for a rune: its own, or the box.
func (f *face) shown(r rune) (glyph, bool) {
	if g, ok := f.glyph(r); ok {
		return g, true
	}
	g, _ := f.glyph(box)
	return g, false
}

// compose brings letters and their accents together, where Unicode has one letter for them, and makes a blank of each
// tab or line's end within a text.
func compose(s string) string {
	plain := true
	for i := range len(s) {
		if s[i] < ' ' || s[i] >= 0x80 {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	out := []rune(norm.NFC.String(s))
	for i, r := range out {
		if r == '\t' || r == '\n' || r == '\r' {
			out[i] = ' '
		}
	}
	return string(out)
}

// Lacks returns the runes of a text that the fonts have no letter for, each once, in order. They would be drawn as boxes.
func Lacks(text string) []rune {
	var out []rune
	for _, r := range compose(text) {
		if _, ok := faceOf(false).glyph(r); !ok && !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, cmp.Compare[rune])
	return out
}
