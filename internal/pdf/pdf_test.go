package pdf

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"
)

// page writes a file of one page.
func onePage(t *testing.T, draw func(f *File)) []byte {
	t.Helper()
	var b bytes.Buffer
	f := New(&b, About{Title: "A letter of the registry", Language: "en-US"})
	f.Page(LetterWidth, LetterHeight)
	draw(f)
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func sample(f *File) {
	f.Tag(Tag{Role: Part}, func() {
		f.Paragraph(H1, 72, 100, 400, 16, 20, Run{Text: "It is time for a vaccine", Bold: true})
		f.Paragraph(P, 72, 140, 400, 11, 14, Run{Text: "Peb sau ntawv tuaj rau nej. "},
			Run{Text: "Estimada familia: ¿ya tiene las vacunas?", Lang: "es"}, Run{Text: " (José \\ Nuñez)"})
		f.Artifact(func() { f.Rect(72, 200, 100, 0.5, 0.5) })
	})
}

func TestSameBytesTwice(t *testing.T) {
	a, b := onePage(t, sample), onePage(t, sample)
	if !bytes.Equal(a, b) {
		t.Error("the same drawing gave other bytes")
	}
	if c := onePage(t, func(f *File) { f.Artifact(func() { f.Rect(1, 1, 1, 1, 0) }) }); bytes.Equal(id(a), id(c)) {
		t.Error("another content has the same /ID")
	}
	if out := os.Getenv("PDF_OUT"); out != "" {
		if err := os.WriteFile(out, a, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func id(file []byte) []byte {
	_, rest, _ := bytes.Cut(file, []byte("/ID["))
	return rest[:34]
}

func TestNothingIsDrawnOutsideOfTheStructure(t *testing.T) {
	for name, draw := range map[string]func(f *File){
		"text":        func(f *File) { f.Page(100, 100); f.Text(1, 1, 10, Run{Text: "x"}) },
		"rectangle":   func(f *File) { f.Page(100, 100); f.Rect(1, 1, 1, 1, 0) },
		"before page": func(f *File) { f.Tag(Tag{Role: P}, func() { f.Text(1, 1, 10, Run{Text: "x"}) }) },
		"no page":     func(f *File) {},
	} {
		f := New(&bytes.Buffer{}, About{Title: "x", Language: "en"})
		draw(f)
		if f.Close() == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestMissingRunesAreCountedAndNamed(t *testing.T) {
	text := "Añí 中 Lo\u0301pez 中 አ"
	if got := Lacks(text); string(got) != "አ中" {
		t.Errorf("lacks %q", string(got))
	}
	var b bytes.Buffer
	f := New(&b, About{Title: "x", Language: "en"})
	f.Page(LetterWidth, LetterHeight)
	f.Paragraph(P, 72, 72, 400, 11, 13, Run{Text: text})
	if got := f.Missing(); !slices.Equal(got, []Missing{{'አ', 1}, {'中', 2}}) {
		t.Errorf("missing %v", got)
	}
	if s := f.fonts[0]; !strings.ContainsRune(string(s.runes), '中') || s.glyphs[s.codes['中']].id == 0 {
		t.Error("a missing rune is not drawn as a box that keeps its meaning")
	}
}

func TestNumbersAreNotBroken(t *testing.T) {
	for width := 80.0; width < 200; width++ {
		for _, line := range Wrap(11, width, Run{Text: "phone us at 651-555-0100 by 05/03/2026 or so"}) {
			if s := strings.TrimRight(line[0].Text, " "); strings.HasSuffix(s, "-") || strings.HasSuffix(s, "/") {
				t.Fatalf("width %v: a line ends with %q", width, s)
			}
		}
	}
}

func TestWrapOverflowsNowhere(t *testing.T) {
	runs := []Run{{Text: "Some words and "}, {Text: "Wolfeschlegelsteinhausenbergerdorff-Wolfeschlegel", Bold: true},
		{Text: ", MMR/Varicella/DTaP.\nNext   line WWWWWWWWWWWW"}}
	var all strings.Builder
	for _, width := range []float64{20, 60, 100, 333} {
		all.Reset()
		for _, line := range Wrap(11, width, runs...) {
			visible := slices.Clone(line)
			for i, r := range visible {
				all.WriteString(r.Text)
				if i == len(visible)-1 {
					visible[i].Text = strings.TrimRight(r.Text, " ")
				}
			}
			if w := Width(11, visible...); w > width {
				t.Errorf("width %v: a line of %v: %v", width, w, line)
			}
		}
		want := strings.ReplaceAll(runs[0].Text+runs[1].Text+runs[2].Text, "\n", "")
		if all.String() != want {
			t.Errorf("width %v: %q", width, all.String())
		}
	}
}
