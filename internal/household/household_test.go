package household

import (
	"slices"
	"testing"
)

// TestWhoLivesTogether is item 6's household: one address however it is written, and also one guardian or one telephone.
func TestWhoLivesTogether(t *testing.T) {
	home := Member{Street: "12 North Oak Street Apt 4", ZIP: "55101-1234", GuardianFirst: "Zoë", GuardianLast: "O'Neil",
		Phones: []string{"", "(612) 555-0177"}}
	for _, tc := range []struct {
		name  string
		other Member
		want  bool
	}{
		{"guardian", Member{Street: "12 N OAK ST", ZIP: "55101", GuardianFirst: "ZOE", GuardianLast: "ONEIL"}, true},
		{"phone", Member{Street: "12 N. Oak St.", ZIP: "55101", Phones: []string{"612-555-0177"}}, true},
		{"a neighbour", Member{Street: "12 N OAK ST", ZIP: "55101", GuardianFirst: "ANN", GuardianLast: "ONEIL"}, false},
		{"nothing but the address", Member{Street: "12 N OAK ST", ZIP: "55101"}, false},
		{"moved", Member{Street: "14 N OAK ST", ZIP: "55101", GuardianFirst: "ZOE", GuardianLast: "ONEIL"}, false},
		{"another town", Member{Street: "12 N OAK ST", ZIP: "55802", GuardianFirst: "ZOE", GuardianLast: "ONEIL"}, false},
		{"half a guardian", Member{Street: "12 N OAK ST", ZIP: "55101", GuardianFirst: "ZOE"}, false},
		{"no address", Member{GuardianFirst: "ZOE", GuardianLast: "ONEIL"}, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if Together(&home, &tc.other) != tc.want || Together(&tc.other, &home) != tc.want {
				t.Errorf("together: %t", !tc.want)
			}
			if g := Group([]Member{home, tc.other}); (g[0] == g[1]) != tc.want {
				t.Errorf("grouped: %v", g)
			}
		})
	}
}

// TestAHouseholdIsAChain: who is of one household with somebody is of one with all of theirs, in any order.
func TestAHouseholdIsAChain(t *testing.T) {
	list := []Member{
		{Street: "1 ELM", ZIP: "55802", GuardianFirst: "JO", GuardianLast: "DOE"},
		{Street: "1 ELM", ZIP: "55802", Phones: []string{"6125550177"}},
		{Street: "5 ELM", ZIP: "55802", GuardianFirst: "JO", GuardianLast: "DOE"},
		{Street: "1 ELM", ZIP: "55802", GuardianFirst: "JO", GuardianLast: "DOE", Phones: []string{"6125550177"}},
	}
	if got := Group(list); !slices.Equal(got, []int{0, 0, 2, 0}) {
		t.Errorf("households %v", got)
	}
	slices.Reverse(list)
	if got := Group(list); !slices.Equal(got, []int{0, 1, 0, 0}) {
		t.Errorf("reversed: households %v", got)
	}
}
