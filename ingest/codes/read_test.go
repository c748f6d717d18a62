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
