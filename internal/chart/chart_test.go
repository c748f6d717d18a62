package chart

import (
	"encoding/xml"
	"html/template"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A node is an element of a picture.
type node struct {
	name, text string
	attr       map[string]string
}

// nodes reads a picture; one that is not well-formed fails.
func nodes(t *testing.T, picture template.HTML) []node {
	t.Helper()
	var list []node
	var open []int
	for d := xml.NewDecoder(strings.NewReader(string(picture))); ; {
		token, err := d.Token()
		if err == io.EOF {
			return list
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, picture)
		}
		switch token := token.(type) {
		case xml.StartElement:
			n := node{name: token.Name.Local, attr: map[string]string{}}
			for _, a := range token.Attr {
				n.attr[a.Name.Local] = a.Value
				if a.Name.Local == "style" {
					t.Errorf("%s has a style that the pages' policy forbids", n.name)
				}
			}
			open = append(open, len(list))
			list = append(list, n)
		case xml.CharData:
			if len(open) > 0 {
				list[open[len(open)-1]].text += string(token)
			}
		case xml.EndElement:
			open = open[:len(open)-1]
		}
	}
}

// of are the values of an attribute of the elements with a class; of class "", of those without.
func of(list []node, name, class, attribute string) (values []string) {
	for _, n := range list {
		if n.name == name && n.attr["class"] == class {
			values = append(values, n.attr[attribute])
		}
	}
	return values
}

func texts(list []node, class string) (values []string) {
	for _, n := range list {
		if n.name == "text" && n.attr["class"] == class {
			values = append(values, n.text)
		}
	}
	return values
}

func same(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

func TestBars(t *testing.T) {
	list := nodes(t, Bars{Words: Words{"b", `A & "b"`, "<i>One</i>"}, Most: 80, Unit: " %", Mark: &Mark{60, "goal"}, Bars: []Bar{
		{Label: "a<b", Value: 20, Interval: Interval{10, 40}, Text: "20 %", Tip: "5 of 25"},
		{Label: "c", Value: 95, Text: "95 %", Sum: true},
		{Label: "d", Value: 50, Text: "withheld", Withheld: true}}}.HTML())
	same(t, "lengths", of(list, "rect", "bar", "width"), "25%", "100%") // what lies beyond the axis ends with it
	same(t, "intervals from", of(list, "line", "interval", "x1"), "12.5%", "12.5%", "50%")
	same(t, "intervals until", of(list, "line", "interval", "x2"), "50%", "12.5%", "50%")
	same(t, "goal", of(list, "line", "mark", "x1"), "75%", "75%", "75%")
	// The line of the goal is broken at each bar's words: those of the second stand from 40 to 58.
	same(t, "goal from", of(list, "line", "mark", "y1"), "18", "58", "98")
	same(t, "goal until", of(list, "line", "mark", "y2"), "38", "78", "118")
	same(t, "labels and values", texts(list, ""), "a<b", "20 %", "c", "95 %", "d", "withheld")
	same(t, "axis", texts(list, "tick"), "0 %", "20 %", "40 %", "60 %", "80 %")
	same(t, "axis at", of(list, "text", "tick", "x"), "0%", "25%", "50%", "75%", "100%")
	same(t, "hatched", slices.DeleteFunc(of(list, "rect", "", "fill"), func(s string) bool { return s == "" }), "url(#b-h)")
	same(t, "patterns", of(list, "pattern", "", "id"), "b-h")
	if svg := list[0]; svg.attr["role"] != "img" || svg.attr["aria-labelledby"] != "b-t b-d" {
		t.Errorf("the picture is %v", svg)
	}
	if list[1].text != `A & "b"` || list[2].text != "<i>One</i>" || list[2].attr["id"] != "b-d" {
		t.Errorf("its words are %q, %q", list[1].text, list[2].text)
	}
	// Without an end the axis goes to a round number above all bars and intervals.
	list = nodes(t, Bars{Bars: []Bar{{Value: 1200, Interval: Interval{1100, 1700}}, {}}}.HTML())
	same(t, "axis", texts(list, "tick"), "0", "500", "1,000", "1,500", "2,000")
	same(t, "lengths", of(list, "rect", "bar", "width"), "60%", "0%")
}

func TestLines(t *testing.T) {
	l := Lines{Categories: []string{"2021", "2022", "2023", "2024"}, Low: 60, High: 80, Unit: " %", Series: []Series{
		{Name: "valid", Points: []Point{{Value: 60, Text: "60"}, {Value: 70, Interval: Interval{65, 75}}, {Withheld: true, Tip: "few"}, {Value: 80, Text: "80"}}},
		{Name: "any", Points: []Point{{Value: 75}, {Missing: true}, {Withheld: true}, {Value: 85}}}}}
	list := nodes(t, "<figure>"+l.HTML()+"</figure>")
	same(t, "points across", of(list, "circle", "point", "cx"), "12.5%", "87.5%", "12.5%", "37.5%", "87.5%", "18", "18")
	same(t, "points up", of(list, "circle", "point", "cy")[:5], "67.5", "20", "210", "115", "20")
	same(t, "interval", append(of(list, "line", "interval", "y1"), of(list, "line", "interval", "y2")...), "162.5", "67.5")
	// Only neighbours are joined: what is missing or withheld breaks a line. The last two are of the legend.
	same(t, "joined from", of(list, "line", "piece", "x1"), "12.5%", "0", "0")
	same(t, "joined until", of(list, "line", "piece", "x2"), "37.5%", "36", "36")
	same(t, "hatched once", slices.DeleteFunc(of(list, "rect", "", "fill"), func(s string) bool { return s == "" }), "url(#-h)")
	same(t, "values", texts(list, "value over"), "60", "80")
	same(t, "values stand", of(list, "text", "value over", "text-anchor"), "middle", "middle")
	same(t, "values above", of(list, "text", "value over", "y"), "202", "12")
	same(t, "categories", texts(list, "category"), l.Categories...)
	if n := strings.Count(string(l.HTML()), "<li>"); n != 2 {
		t.Errorf("the legend has %d entries", n)
	}
	l.Series, l.Low, l.High = l.Series[:1], 0, 0
	if strings.Contains(string(l.HTML()), "chart-key") {
		t.Error("one line has a legend")
	}
	same(t, "axis found", texts(nodes(t, l.HTML()), "tick"), "60 %", "65 %", "70 %", "75 %", "80 %")
	apart := Lines{Categories: []string{"a", "b", "c"}, Under: []string{"part", "", ""},
		Series: []Series{{Points: []Point{{Value: 1, Apart: true}, {Value: 2}, {Value: 3}}}}}
	list = nodes(t, apart.HTML())
	same(t, "not joined with the first", of(list, "line", "piece", "x1"), "50%")
	same(t, "names and what is under them", texts(list, "category"), "a", "part", "b", "c")
	few := Lines{Counts: true, Categories: []string{"a", "b"}, Series: []Series{{Points: []Point{{Value: 0}, {Value: 1}}}}}
	same(t, "axis of counts", texts(nodes(t, few.HTML()), "tick"), "0", "1")
	none := Lines{Categories: []string{"a"}, Series: []Series{{Points: []Point{{Withheld: true}, {Missing: true, Value: 9}}}}}
	for what, c := range map[string]struct {
		Lines
		low, high float64
	}{"all": {l, 60, 80}, "nothing": {none, 0, 0}, "counts": {few, 0, 1},
		"an interval": {Lines{Series: []Series{{Points: []Point{{Value: 5, Interval: Interval{2, 9}}, {Value: 4}}}}}, 2, 9}} {
		if low, high := c.Range(); low != c.low || high != c.high {
			t.Errorf("the range of %s is %g to %g", what, low, high)
		}
	}
	same(t, "nothing to show", texts(nodes(t, Lines{Categories: []string{"a"}, Series: []Series{{Points: []Point{{Withheld: true}}}}}.HTML()), "value over"))
	many := Lines{Series: []Series{{}}}
	for i := range 13 {
		many.Categories = append(many.Categories, strconv.Itoa(i))
		many.Series[0].Points = append(many.Series[0].Points, Point{Value: 1})
	}
	same(t, "names of thirteen", texts(nodes(t, many.HTML()), "category"), "0", "3", "6", "9", "12")
}

func TestHistogram(t *testing.T) {
	list := nodes(t, Histogram{Bins: []Bin{{-10, 0, 50, "fifty"}, {0, 10, 100, ""}, {10, 30, 0, ""}}, Marks: []Mark{{0, "review"}, {25, "same"}}}.HTML())
	same(t, "places", of(list, "rect", "bin", "x"), "0%", "25%", "50%")
	same(t, "widths", of(list, "rect", "bin", "width"), "25%", "25%", "50%")
	same(t, "heights", of(list, "rect", "bin", "height"), "85", "170", "0")
	same(t, "tops", of(list, "rect", "bin", "y"), "131", "46", "216")
	same(t, "marks", of(list, "line", "mark", "x1"), "25%", "87.5%")
	same(t, "marks' names", texts(list, "mark-label"), "review", "same")
	same(t, "values", texts(list, "tick"), "-10", "0", "10", "20", "30")
	same(t, "counts", texts(list, "tick over"), "20", "40", "60", "80", "100")
	nodes(t, Histogram{}.HTML())
}

func TestTiles(t *testing.T) {
	picture := Tiles{Words: Words{ID: "m"}, Unit: " %", Withheld: "withheld", Nobody: "no children", Tiles: []Tile{
		{Row: 0, Column: 0, Code: "AIT", Group: "north", Value: 61, Text: "61"}, {Row: 0, Column: 1, Code: "BIG", Group: "north", Value: 65, Text: "65"},
		{Row: 1, Column: 0, Code: "CAS", Group: "south", Withheld: true}, {Row: 1, Column: 1, Code: "DOU", Group: "north", Empty: true},
		{Row: 3, Column: 2, Code: "ELM", Group: "south", Value: 83.9, Text: "84"}}}
	list := nodes(t, "<figure>"+picture.HTML()+"</figure>")
	if svg := list[1]; svg.attr["viewBox"] != "-1 -1 120 152" {
		t.Errorf("the map is %v", svg)
	}
	// Shades of five points: below 65, 65 to below 70, ...
	for class, x := range map[string]string{"shade-0": "0", "shade-1": "40", "shade-4": "80"} {
		if got := of(list, "rect", class, "x"); len(got) != 2 || got[0] != x {
			t.Errorf("%s is at %v, want %s and once in the legend", class, got, x)
		}
	}
	same(t, "hatched", slices.DeleteFunc(of(list, "rect", "", "fill"), func(s string) bool { return s == "" }), "url(#m-h)", "url(#m-h)")
	// South begins below the first tile, and to the left of the last of the second row.
	same(t, "borders", slices.Concat(of(list, "line", "border", "x1"), of(list, "line", "border", "y1"), of(list, "line", "border", "x2"),
		of(list, "line", "border", "y2")), "-1", "39", "37", "37", "39", "39", "37", "75")
	var key []string
	for _, n := range list {
		if n.name == "li" {
			key = append(key, strings.TrimSpace(n.text))
		}
	}
	same(t, "legend", key, "below 65 %", "65 to below 70 %", "70 to below 75 %", "75 to below 80 %", "80 % and more", "withheld", "no children")
}

// TestLimits: the lowest value has the first shade, and the highest the last that the legend names.
func TestLimits(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   []float64
	}{{[]float64{70}, []float64{}}, {[]float64{70, 70.9}, []float64{}}, {[]float64{0, 100}, []float64{20, 40, 60, 80}},
		{[]float64{59.9, 60, 64}, []float64{60, 61, 62, 63}}, {nil, nil}} {
		var m Tiles
		for _, v := range c.values {
			m.Tiles = append(m.Tiles, Tile{Value: v})
		}
		if got := m.limits(); !slices.Equal(got, c.want) {
			t.Errorf("limits of %v: %v, want %v", c.values, got, c.want)
		}
	}
}

// TestWholeTicks: an axis of counts has whole numbers only, and goes to the largest at the least.
func TestWholeTicks(t *testing.T) {
	for most, want := range map[float64][]float64{1: {0, 1}, 2: {0, 1, 2}, 3: {0, 1, 2, 3}, 5: {0, 1, 2, 3, 4, 5}, 6: {0, 2, 4, 6},
		12: {0, 5, 10, 15}, 100: {0, 20, 40, 60, 80, 100}} {
		if got := wholeTicks(0, most); !slices.Equal(got, want) {
			t.Errorf("ticks of counts to %v: %v, want %v", most, got, want)
		}
	}
}

// TestValuesStandAbove: a point's text stands above its interval, and above a point of another line that is just there.
func TestValuesStandAbove(t *testing.T) {
	for _, c := range []struct {
		what         string
		point, other Point
		want         string
	}{
		{"alone", Point{Value: 70}, Point{Missing: true}, "107"},
		{"with an interval", Point{Value: 70, Interval: Interval{65, 75}}, Point{Missing: true}, "59.5"},
		{"another just above", Point{Value: 70}, Point{Value: 71}, "97.5"},
		{"another far above", Point{Value: 70}, Point{Value: 78}, "107"},
		{"another below", Point{Value: 70}, Point{Value: 61}, "107"},
		{"another withheld", Point{Value: 70}, Point{Value: 71, Withheld: true}, "107"},
	} {
		c.point.Text = "70"
		l := Lines{Categories: []string{"a"}, Low: 60, High: 80, Series: []Series{{Points: []Point{c.point}}, {Points: []Point{c.other}}}}
		same(t, c.what, of(nodes(t, "<figure>"+l.HTML()+"</figure>"), "text", "value over", "y"), c.want)
	}
}

func TestTicks(t *testing.T) {
	for _, c := range []struct {
		low, high float64
		want      string
	}{{0, 100, "0 20 40 60 80 100"}, {61.2, 78.9, "60 65 70 75 80"}, {0, 3, "0 1 2 3"}, {0, 0, "0 0.2 0.4 0.6 0.8 1"}, {-12, 31, "-20 -10 0 10 20 30 40"},
		{0, 1234567, "0 250,000 500,000 750,000 1,000,000 1,250,000"}} {
		var got []string
		for _, v := range Ticks(c.low, c.high) {
			got = append(got, plain(v))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("ticks of %v to %v: %v, want %s", c.low, c.high, got, c.want)
		}
	}
}
