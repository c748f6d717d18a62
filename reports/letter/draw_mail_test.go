package letter

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"miic/internal/pdf"
	"miic/internal/pdf/proof"
)

func drawCards(t *testing.T, cards ...*Postcard) (Drawn, string) {
	t.Helper()
	var b bytes.Buffer
	d, err := DrawPostcards(&b, "Postcards", slices.Values(cards))
	if err != nil {
		t.Fatal(err)
	}
	return d, proof.File(t, b.Bytes())
}

func drawLabels(t *testing.T, lines []string, n int) (Drawn, string) {
	t.Helper()
	var b bytes.Buffer
	d, err := DrawLabels(&b, "Labels", func(yield func(*Label) bool) {
		for i := range n {
			if !yield(&Label{i + 1, lines}) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return d, proof.File(t, b.Bytes())
}

func aPostcard() *Postcard {
	l := aLetter(0, 1)
	return &Postcard{Sequence: 3, ID: l.ID, Language: "es", Return: l.Return, Address: l.Address, IMb: l.IMb,
		Heading: l.Subject, Body: l.Opening}
}

// TestAddressesAreSeenInTheWindows: wherever the sheet slips to, the addresses are seen whole, and nothing else is.
func TestAddressesAreSeenInTheWindows(t *testing.T) {
	long := aLetter(5, 60)
	long.Address = []string{"To the parents or guardians of Maximiliana-Guadalupe Wolfeschlegelsteinhausenbergerdorff",
		"c/o Wolfeschlegelsteinhausenbergerdorff", "12345 Wolverton-Washington Avenue Northwest", "Apartment 1204, Building C",
		"Saint Anthony Village MN 55401-1234"}
	bare := aLetter(1, 20)
	bare.IMb = ""
	for name, l := range map[string]*Letter{"usual": aLetter(1, 20), "long": long, "without bars": bare} {
		_, file := draw(t, l)
		found := map[string]int{}
		for _, w := range proof.Words(t, file)[0] {
			for window, f := range map[string]window{"return": returnWindow, "address": addressWindow} {
				s, c := f.seen(), f.clear()
				// Poppler's box of a word is as high as the face's highest and lowest letters, more than is inked.
				const rim = 2.5
				if w.Right < s.left || w.Left > s.right || w.Bottom-rim < s.top || w.Top+rim > s.bottom {
					continue
				}
				found[window]++
				if w.Left < c.left-0.1 || w.Right > c.right+0.1 || w.Top+rim < c.top || w.Bottom-rim > c.bottom {
					t.Errorf("%s: %q is at %v, outside of the %s window %v", name, w.Text, w, window, c)
				}
			}
		}
		words := func(lines []string) int { return len(strings.Fields(strings.Join(lines, " "))) }
		if found["return"] != words(l.Return) || found["address"] < words(l.Address) {
			t.Errorf("%s: seen in the windows: %v", name, found)
		}
	}
	if c := addressWindow.clear(); barPitch*64+barWidth > c.right-c.left {
		t.Error("the bars are wider than the window")
	}
}

// TestBarsAreReadBack reads the bars from the picture of a page.
func TestBarsAreReadBack(t *testing.T) {
	l := aLetter(1, 20)
	_, file := draw(t, l)
	const dots = 600
	p := proof.Draw(t, file, 1, dots)
	f := addressWindow.clear()
	at := func(x, y float64) bool { return p.Dark(int(x*dots/pdf.Inch), int(y*dots/pdf.Inch)) }
	var got strings.Builder
	for i := range l.IMb {
		x := f.left + float64(i)*barPitch + barWidth/2
		up, down := at(x, f.top+barFull*0.15), at(x, f.top+barFull*0.85)
		switch {
		case !at(x, f.top+barFull/2) || at(x+barPitch/2, f.top+barFull/2):
			got.WriteByte('?')
		case up && down:
			got.WriteByte('F')
		case up:
			got.WriteByte('A')
		case down:
			got.WriteByte('D')
		default:
			got.WriteByte('T')
		}
	}
	if got.String() != l.IMb {
		t.Errorf("read %s\n want %s", got.String(), l.IMb)
	}
}

func TestLabelsAreOnTheirSheet(t *testing.T) {
	lines := []string{"To the parents or guardians of Maximiliana-Guadalupe Wolfeschlegelsteinhausenbergerdorff",
		"12345 Wolverton-Washington Avenue Northwest", "Saint Anthony Village MN 55401-1234"}
	d, file := drawLabels(t, lines, 31)
	pages := proof.Words(t, file)
	if d.Pages != 2 || d.Pieces != 31 || len(pages) != 2 {
		t.Fatalf("%+v, %d pages", d, len(pages))
	}
	var on [31]strings.Builder
	for page, words := range pages {
		for _, w := range words {
			label := -1
			for n := range 30 {
				if f := labelFrame(n); w.Left >= f.left-0.1 && w.Right <= f.right+0.1 && w.Top > f.top-2 && w.Bottom < f.bottom+3 {
					label = 30*page + n
				}
			}
			if label < 0 || label > 30 {
				t.Fatalf("page %d: %v is on no label", page+1, w)
			}
			on[label].WriteString(w.Text + " ")
		}
	}
	for n := range on {
		if got := on[n].String(); !strings.Contains(got, "55401-1234") || !strings.Contains(got, fmt.Sprint(n+1, " ")) {
			t.Errorf("label %d has %q", n+1, got)
		}
	}
}

func TestPostcards(t *testing.T) {
	d, file := drawCards(t, aPostcard(), aPostcard())
	pages := proof.Words(t, file)
	if d.Pieces != 2 || len(pages) != 4 {
		t.Fatalf("%+v, %d pages", d, len(pages))
	}
	for page, words := range pages {
		for _, w := range words {
			if w.Left < cardMargin-0.5 || w.Right > cardWidth-cardMargin+0.5 || w.Top < 0.2*pdf.Inch || w.Bottom > cardHeight-15 {
				t.Errorf("page %d: %v", page+1, w)
			}
			if page%2 == 0 && w.Left > 3.6*pdf.Inch && w.Top < 1.5*pdf.Inch {
				t.Errorf("page %d: %v is in the place of the postage", page+1, w)
			}
		}
	}
	long := aPostcard()
	long.Body = append(long.Body, Paragraph{Text: Text{{Text: strings.Repeat("vacunas ", 500)}}})
	if _, err := DrawPostcards(&bytes.Buffer{}, "x", slices.Values([]*Postcard{long})); err == nil {
		t.Error("a text of five hundred words was put on a card")
	}
}
