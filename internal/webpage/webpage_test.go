package webpage

import (
	"fmt"
	"html/template"
	"math"
	"regexp"
	"strings"
	"testing"
)

// TestContrast computes the contrast (WCAG 2.2, 1.4.3) of every pair of text and ground, in light and in dark.
func TestContrast(t *testing.T) {
	light, rest, found := strings.Cut(style, "prefers-color-scheme: dark")
	dark, _, _ := strings.Cut(rest, "* {")
	if !found {
		t.Fatal("the stylesheet has no dark colours")
	}
	for scheme, text := range map[string]string{"light": light, "dark": dark} {
		colours := map[string]string{}
		for _, m := range regexp.MustCompile(`--([a-z0-9-]+): (#[0-9a-f]{6})`).FindAllStringSubmatch(text, -1) {
			colours[m[1]] = m[2]
		}
		for _, ground := range []string{"ground", "tint", "good-tint", "bad-tint", "far-tint"} {
			for _, ink := range []string{"ink", "link"} {
				if c := contrast(t, colours[ink], colours[ground]); c < 4.5 {
					t.Errorf("%s: %s on %s has a contrast of %.2f", scheme, ink, ground, c)
				}
			}
		}
		for _, ground := range []string{"shade-0", "shade-1", "shade-2", "shade-3", "shade-4", "line"} { // of tiles, and hatched
			if c := contrast(t, colours["ink"], colours[ground]); c < 4.5 {
				t.Errorf("%s: ink on %s has a contrast of %.2f", scheme, ground, c)
			}
		}
		for _, pair := range [][2]string{{"soft", "ground"}, {"soft", "tint"}, {"soft", "bad-tint"}, {"soft", "far-tint"},
			{"good", "ground"}, {"bad", "ground"}, {"far", "far-tint"}, {"bad", "bad-tint"}, {"good", "good-tint"}} {
			if c := contrast(t, colours[pair[0]], colours[pair[1]]); c < 4.5 {
				t.Errorf("%s: %s on %s has a contrast of %.2f", scheme, pair[0], pair[1], c)
			}
		}
		if c := contrast(t, colours["bar"], colours["tint"]); c < 3 { // 1.4.11: what is no text
			t.Errorf("%s: bars have a contrast of %.2f", scheme, c)
		}
	}
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	light := func(hex string) float64 {
		var v [3]int
		if _, err := fmt.Sscanf(hex, "#%02x%02x%02x", &v[0], &v[1], &v[2]); err != nil {
			t.Fatalf("%q is no colour", hex)
		}
		var sum float64
		for i, share := range []float64{.2126, .7152, .0722} {
			c := float64(v[i]) / 255
			if c <= .04045 {
				c /= 12.92
			} else {
				c = math.Pow((c+.055)/1.055, 2.4)
			}
			sum += share * c
		}
		return sum
	}
	x, y := light(a), light(b)
	return (max(x, y) + .05) / (min(x, y) + .05)
}

// TestPageIsClosed: a page names no other place, and its policy is the hash of what is in it.
func TestPageIsClosed(t *testing.T) {
	var b strings.Builder
	h := Head{Title: `<b>"x"`, Nav: []Link{{File: "a b.html", Text: "A"}, {File: "javascript:x", Text: "B", Current: true}}, Script: "let a = 1 < 2 && '<b>'",
		Banner: "Two & more\x1b\u202e", Footer: "End"}
	page := Must("page", `{{template "begin" .Head}}<h1>X</h1>{{template "end" .Head}}`, nil)
	if err := Execute(&b, page, "page", struct{ Head Head }{h}); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	for _, part := range []string{"<style>" + style + "</style>", "<script>" + h.Script + "</script>"} {
		if !strings.Contains(text, part) {
			t.Errorf("the page does not have %.40s as it was hashed", part)
		}
	}
	for _, part := range []string{"http:", "https:", `="javascript:`, `style="`, "@import", "url(", "<b>\"x"} {
		if strings.Contains(text, part) {
			t.Errorf("the page contains %s", part)
		}
	}
	for _, part := range []string{"default-src &#39;none&#39;", `lang="en"`, `aria-current="page">B<`, `more\x1b\u202e<`, "<main>", "<nav"} {
		if !strings.Contains(text, part) {
			t.Errorf("the page has no %s", part)
		}
	}
}

func TestTable(t *testing.T) {
	page := Must("t", `{{template "table" .}}`, nil)
	var b strings.Builder
	err := page.Execute(&b, Table{Caption: "C", Columns: Columns("what", "#count", ""), Rows: []Row{
		{Class: "bad", Cells: []Cell{{Text: "<a>", File: "x y#1?%.csv"}, {Text: "1"}, {Drawing: Bar(150)}}},
		{Cells: Texts("b", "", "")}, {Cells: Texts("2026-03-04", "", "2026-03-04 to 06")}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"<caption>C</caption>", `<th scope="col" class="n">count</th>`,
		`<th scope="row"><a href="x%20y%231%3F%25.csv">&lt;a&gt;</a></th>`, `<td data-of="count" class="n"><span>1</span></td>`,
		`<rect width="100.0%"`, `<td data-of="count" class="empty">`,
		`<th scope="row"><span class="date">2026-03-04</span></th>`, `<span>2026-03-04 to 06</span>`} {
		if !strings.Contains(b.String(), part) {
			t.Errorf("no %s in\n%s", part, b.String())
		}
	}
	for text, long := range map[string]bool{"administered on": false, strings.Repeat("ä", 15) + " is not": false,
		strings.Repeat("ä", 16): true, "vxu_20260302.hl7": true,
		"county-public-health-clinics": false, "vxu-20260302-2300.hl7": true} {
		if (Cell{Text: text}).Long() != long || (Cell{Second: text}).Long() != long {
			t.Errorf("%q is taken for long: %t", text, !long)
		}
	}
	if got := Curve([]float64{0, 1}, []float64{.5, 1}); !strings.Contains(string(got), `points="2.0,10.0 98.0,2.0"`) {
		t.Errorf("%s", got)
	}
	var _ template.HTML = Bar(1)
}
