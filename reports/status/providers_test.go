package status

import (
	"slices"
	"strings"
	"testing"

	"miic/internal/table"
)

func TestMergersAreFollowedUpToTheNight(t *testing.T) {
	list, err := ReadMergers(strings.NewReader("provider,becomes,since\nelm,oak,2026-03-01\noak,ash,2026-03-02\nfir,elm,2025-01-01\n"))
	if err != nil {
		t.Fatal(err)
	}
	first, err := table.ParseDate("2026-03-01")
	if err != nil {
		t.Fatal(err)
	}
	if got := providersNow(list, first-1); !slices.Equal(got, []providerNow{{"fir", "elm"}}) {
		t.Errorf("before the merger: %v", got)
	}
	if got := providersNow(list, first); !slices.Equal(got, []providerNow{{"elm", "oak"}, {"fir", "oak"}}) {
		t.Errorf("on its day: %v", got)
	}
	if got := providersNow(list, first+1); !slices.Equal(got,
		[]providerNow{{"elm", "ash"}, {"oak", "ash"}, {"fir", "ash"}}) {
		t.Errorf("on the next: %v", got)
	}
	for text, want := range map[string]string{
		"a,b,c\n": "first line",
		"provider,becomes,since\nelm,oak,2026-03-01\noak,elm,2026-03-02\n": "comes back to itself",
		"provider,becomes,since\nelm,oak,2026-03-01\nelm,ash,2026-03-02\n": "becomes two",
		"provider,becomes,since\nelm,elm,2026-03-01\n":                     "line 2",
		"provider,becomes,since\nelm,oak,March\n":                          "line 2",
	} {
		if _, err := ReadMergers(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}
