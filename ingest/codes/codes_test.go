package codes

import (
	"cmp"
	"encoding/csv"
	"encoding/xml"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"miic/internal/testdata"
)

var update = flag.Bool("update", false, "rewrite the code tables from the published files")

// published reads <tag> elements whose children alternate Name and Value.
func published(t *testing.T, path, tag string) []map[string]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	d := xml.NewDecoder(f)
	var list []map[string]string
	var row map[string]string
	var name, text string
	for {
		tok, err := d.Token()
		if err != nil {
			return list
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			if text = ""; tok.Name.Local == tag {
				row = map[string]string{}
			}
		case xml.CharData:
			text += string(tok)
		case xml.EndElement:
			switch tok.Name.Local {
			case "Name":
				name = strings.TrimSpace(text)
			case "Value":
				row[name] = strings.TrimSpace(text)
			case tag:
				list = append(list, row)
			}
			text = ""
		}
	}
}

func bars(t *testing.T, path string) [][]string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]string
	for _, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
		f := strings.Split(strings.TrimRight(line, "\r"), "|")
		for i := range f {
			f[i] = strings.TrimSpace(f[i])
		}
		rows = append(rows, f)
	}
	return rows
}

// A code of AIRA's code base: its dates, as YYYYMMDD, empty where open.
type airaCode struct{ value, status, use, kind, notBefore, usualFrom, usualUpTo, notAfter string }

// aira reads AIRA's code base: codes by set and value, and the values that a code of one set links to in another.
func aira(t *testing.T) (codes map[string]map[string]airaCode, links map[[3]string][]string) {
	t.Helper()
	read := func(name string) [][]string {
		f, err := os.Open(filepath.Join(testdata.Dir(t, "codes"), name))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		rows, err := csv.NewReader(f).ReadAll()
		if err != nil || len(rows) < 1000 {
			t.Fatalf("%s: %d rows, %v", name, len(rows), err)
		}
		return rows[1:]
	}
	codes, links = map[string]map[string]airaCode{}, map[[3]string][]string{}
	for _, r := range read("codes.csv") {
		if codes[r[0]] == nil {
			codes[r[0]] = map[string]airaCode{}
		}
		if _, twice := codes[r[0]][r[1]]; !twice || r[4] == "" {
			codes[r[0]][r[1]] = airaCode{r[1], r[3], r[4], r[5], r[6], r[7], r[8], r[9]}
		}
	}
	for _, r := range read("links.csv") {
		links[[3]string{r[0], r[1], r[2]}] = append(links[[3]string{r[0], r[1], r[2]}], r[3])
	}
	return codes, links
}

const (
	airaCVX, airaMVX, airaCPT, airaTrade, airaProduct = "VACCINATION_CVX_CODE", "VACCINATION_MANUFACTURER_CODE",
		"VACCINATION_CPT_CODE", "VACCINATION_TRADE_NAME", "VACCINE_PRODUCT"
	airaUse, airaSale = "VACCINATION_NDC_CODE_UNIT_OF_USE",
		"VACCINATION_NDC_CODE_UNIT_OF_SALE"
)

var (
	short   = func(s string) string { n, _ := strconv.Atoi(s); return strconv.Itoa(n) }
	orDash  = func(s string) string { return cmp.Or(s, "-") }
	eleven  = regexp.MustCompile(`^\d{5}-\d{4}-\d{2}$`)
	undash  = func(s string) string { return strings.ReplaceAll(s, "-", "") }
	windows = func(c airaCode) string {
		return orDash(c.notBefore) + " " + orDash(c.usualFrom) + " " + orDash(c.usualUpTo) + " " + orDash(c.notAfter)
	}
)

// later is the later end of two windows; an open one has none.
func later(a, b string) string {
	if a == "" || b == "" {
		return ""
	}
	return max(a, b)
}

// candidates is a list of CVX codes: CDC's before those that only AIRA links, active ones before
// others, low numbers before high ones. The rule is written here and nowhere else.
type candidates struct{ cdc, aira []string }

func (c *candidates) list(status map[string]string) string {
	order := func(list []string) []string {
		slices.SortFunc(list, func(a, b string) int {
			na, _ := strconv.Atoi(a)
			nb, _ := strconv.Atoi(b)
			return cmp.Or(strings.Compare(status[a], status[b]), cmp.Compare(na, nb))
		})
		return slices.Compact(list)
	}
	all := order(c.cdc)
	for _, x := range order(c.aira) {
		if !slices.Contains(all, x) {
			all = append(all, x)
		}
	}
	return strings.Join(all, ",")
}

type named struct {
	candidates
	makers map[string]bool
	units  string
	first  string
	last   string
}

func (n *named) maker() string {
	if len(n.makers) != 1 {
		return ""
	}
	for m := range n.makers {
		return m
	}
	return ""
}

func at(m map[string]*named, key string) *named {
	if m[key] == nil {
		m[key] = &named{makers: map[string]bool{}}
	}
	return m[key]
}
