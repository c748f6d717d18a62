package codes

import (
	"fmt"
	"strings"
	"testing"
)

func TestNDCForms(t *testing.T) {
	// 49281-0425-50 is in the table; written with and without hyphens, zeros and with what gets lost.
	for _, s := range []string{"49281042550", "49281-0425-50", "49281-425-50", "4928142550", " 49281-425-50 "} {
		if eleven, p, ok := NDC(s); !ok || eleven != "49281042550" || len(p.CVX) != 1 || p.CVX[0] != 140 ||
			p.MVX != "PMC" {
			t.Errorf("%q: %s %v %v", s, eleven, p, ok)
		}
	}
	for _, s := range []string{"", "abc", "123", "99999-9999-99", "999999999999", "49281-04-25-50", "00000000000"} {
		if _, _, ok := NDC(s); ok {
			t.Errorf("%q was taken for a known code", s)
		}
	}
	if eleven, _, ok := NDC("99999-9999-99"); ok || eleven != "99999999999" {
		t.Errorf("an unknown code with hyphens keeps its digits: %q", eleven)
	}
	// Every code of the table is found again with its first zero lost, unless that is ambiguous.
	lost, found := 0, 0
	for n := range ndcProduct {
		if s := digits11(n); s[0] == '0' {
			lost++
			if eleven, _, ok := NDC(s[1:]); ok && eleven == s {
				found++
			} else if ok {
				t.Errorf("%s without its zero was read as %s", s, eleven)
			}
		}
	}
	if lost == 0 || found*100 < lost*95 {
		t.Errorf("%d of %d codes are found with their zero lost", found, lost)
	}
}

func TestCVXAndCPT(t *testing.T) {
	for s, want := range map[string]int16{"03": 3, "3": 3, "140": 140, "003": 3} {
		if n, ok := CVX(s); !ok || n != want {
			t.Errorf("CVX %q: %d, %v", s, n, ok)
		}
	}
	for _, s := range []string{"", "9999", "3x", "-3", "32771"} {
		if _, ok := CVX(s); ok {
			t.Errorf("CVX %q was taken for a known code", s)
		}
	}
	for s, want := range map[string]string{"90700": "[20 106] true true", "90460": "[] false false",
		"99213": "[] false false", "90999": "[] false false", "90699": "[] false true", "": "[] false false"} {
		p, known, vaccine := CPT(s)
		if got := fmt.Sprint(p.CVX, known, vaccine); got != want {
			t.Errorf("CPT %q: %s, want %s", s, got, want)
		}
	}
	if p, ok := Trade("engerix b peds"); !ok || p.CVX[0] != 8 || p.MVX != "SKB" {
		t.Errorf("trade name: %v %v", p, ok)
	}
}

// TestFeesAreNoVaccines (item 10): every code for giving a vaccine is one, whole ranges of them, and no vaccine's code is.
func TestFeesAreNoVaccines(t *testing.T) {
	for _, s := range []string{"90460", "90461", "90465", "90468", "90470", "90471", "90472", "90473", "90474", "90480", "90482",
		"0001A", "0004A", "0013A", "0031A", "0044A", "0054A", "0074A", "0094A", "0113A", "0124A", "0144A", "0154A", "0164A",
		"0174A", "0003a", "G0008", "G0009", "G0010", "g0010", "G0310", "G0315", "G0377", "G9141", "M0201", "M0243", "M0220",
		"D1701", "D1714", "D1781", "96380", "96381"} {
		p, known, vaccine := CPT(s)
		if !Administration(s) || known || vaccine || len(p.CVX) > 0 {
			t.Errorf("%s: administration %v, known %v, vaccine %v", s, Administration(s), known, vaccine)
		}
	}
	for s := range cptProduct {
		if Administration(s) {
			t.Errorf("%s is a vaccine's and a fee's", s)
		}
	}
	for s, vaccine := range map[string]bool{"90459": false, "90476": true, "90749": true, "90715": true, "99213": false,
		"G0007": false, "G0011": false, "M0200": false, "M0202": false, "0001U": false, "0001M": false, "00001": false,
		"96372": false, "Q2038": true, "G9142": true, "90399": true, "": false, "904711": false} {
		if _, _, got := CPT(s); got != vaccine || Administration(s) {
			t.Errorf("%s: vaccine %v, administration %v", s, got, Administration(s))
		}
	}
}

// TestOneCPTSeveralVaccines (item 10): every CPT code that may stand for several vaccines is read by a rule that is written
// down with its reason, on every day.
func TestOneCPTSeveralVaccines(t *testing.T) {
	for cpt, p := range cptProduct {
		if len(p.CVX) > 1 && len(cptChoices[cpt]) == 0 {
			t.Errorf("CPT %s may be any of CVX %v: choice.txt has no rule", cpt, p.CVX)
		}
	}
	for line := range strings.Lines(choiceText) {
		if f := strings.Fields(line); f[0] != "#" && (len(f) < 4 || len(cptProduct[f[0]].CVX) < 2) {
			t.Errorf("choice.txt: no reason, or nothing to choose: %s", line)
		}
	}
	for _, c := range []struct {
		cpt  string
		day  int32
		want int16
	}{
		{"90743", 20191002, 43}, {"90743", 20050601, 43}, {"90739", 20191001, 189}, {"90739", 20150101, 189},
		{"90747", 20190101, 44}, {"90668", 20091101, 127}, {"90668", 20191009, 127}, {"90662", 20191001, 135},
		{"90662", 20201001, 197}, {"90662", 20241001, 135}, {"90714", 20080101, 113}, {"90734", 20060101, 114},
		{"90734", 20190101, 136}, {"90675", 20100101, 18}, {"90675", 20200101, 175}, {"91304", 20221001, 211},
		{"91304", 20241001, 313}, {"90700", 20190101, 20}, {"90581", 20250101, 24}, {"90661", 20250101, 153},
		{"90632", 20190101, 52}, {"90717", 20190101, 37},
	} {
		p, _, _ := CPT(c.cpt)
		if got := OnTheMarket(p.CVX, c.cpt, "", c.day); got != c.want {
			t.Errorf("CPT %s of %d is CVX %d, want %d", c.cpt, c.day, got, c.want)
		}
	}
	// What else is known goes before the rule.
	if got := OnTheMarket([]int16{8, 42}, "90743", "", 20190101); got != 8 {
		t.Errorf("CPT 90743 of a product that is CVX 8 or 42: %d", got)
	}
}

// TestWordsAreOneThing: no spelling means two things, every group word is a CVX code.
func TestWordsAreOneThing(t *testing.T) {
	seen := map[string]string{}
	for _, line := range strings.Split(wordsText, "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		f := strings.SplitN(line, " ", 3)
		for _, w := range strings.Split(f[2], ",") {
			key := f[0] + " " + plain(w)
			if old, ok := seen[key]; ok && old != f[1] {
				t.Errorf("%s means %s and %s", key, old, f[1])
			}
			seen[key] = f[1]
		}
		if f[0] == "group" {
			if _, ok := CVX(f[1]); !ok {
				t.Errorf("group word stands for CVX %s, which is none", f[1])
			}
		}
	}
	for in, want := range map[string]string{"race w": "2106-3", "sex female": "F", "language SPA": "es",
		"language Hmong": "hmn", "relation mo": "MTH", "contact 05": "reminder_only_no_calls", "group DTP/aP": "107",
		"fips mn": "27"} {
		table, word, _ := strings.Cut(in, " ")
		if v, ok := Word(table, word); !ok || v != want {
			t.Errorf("%s: %q, %v", in, v, ok)
		}
	}
}

func FuzzNDC(f *testing.F) {
	f.Add("49281-0425-50")
	f.Add("4928142550")
	f.Fuzz(func(t *testing.T, s string) {
		eleven, p, ok := NDC(s)
		if ok && (len(eleven) != 11 || len(p.CVX) == 0) {
			t.Fatalf("%q: %q %v", s, eleven, p)
		}
		CVX(s)
		CPT(s)
		Trade(s)
		Word("language", s)
		if fips, ok := County("MN", s); ok && fips != "" && len(fips) != 5 {
			t.Fatalf("county %q: %q", s, fips)
		}
	})
}

func TestTradeNames(t *testing.T) {
	for cvx, want := range map[int16]string{3: "MMRII PRIORIX", 94: "PROQUAD", 998: ""} {
		if got := strings.Join(TradeNames(cvx), " "); got != want {
			t.Errorf("CVX %d: %q, expected %q", cvx, got, want)
		}
	}
}
