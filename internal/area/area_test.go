package area

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestDefaultHasThe87Counties(t *testing.T) {
	d := Default()
	if len(d.Counties()) != 87 {
		t.Fatalf("%d counties", len(d.Counties()))
	}
	for i, c := range d.Counties() {
		if want := fmt.Sprint(27001 + 2*i); c.FIPS != want {
			t.Errorf("county %d (%s) has FIPS %s, want %s", i, c.Name, c.FIPS, want)
		}
	}
	want := []string{"central", "metro", "northeast", "northwest", "southeast", "southwest", "west-central"}
	if got := slices.Sorted(slices.Values(d.Regions())); !slices.Equal(got, want) {
		t.Errorf("regions %v", got)
	}
	inCounty := map[int]int{}
	for _, c := range d.byZIP {
		inCounty[c]++
	}
	if len(inCounty) != 87 {
		t.Errorf("only %d counties have a ZIP code", len(inCounty))
	}
}

func TestLookUp(t *testing.T) {
	d := Default()
	for _, c := range []struct{ fips, zip, county, region string }{
		{"", "55812", "27137", "northeast"},         // Duluth
		{"", "553440001", "27053", "metro"},         // Eden Prairie, nine digits
		{"", "55906", "27109", "southeast"},         // Rochester
		{"27027", "55812", "27027", "west-central"}, // the county reported wins over the ZIP code
		{"55109", "55812", "", Unassigned},          // a county of another state
		{"", "10001", "", Unassigned},
		{"", "", "", Unassigned},
		{"", "5581", "", Unassigned},
	} {
		if county, region := d.LookUp(c.fips, c.zip); county != c.county || region != c.region {
			t.Errorf("LookUp(%q, %q) = %q, %q; want %q, %q", c.fips, c.zip, county, region, c.county, c.region)
		}
	}
}

func TestLoadReplacesTheGrouping(t *testing.T) {
	path := filepath.Join(t.TempDir(), "counties.csv")
	write := func(text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("fips,name,region\n27137,St. Louis,lake\n27053,Hennepin,city\n")
	s, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if county, region := s.LookUp("", "55812"); county != "27137" || region != "lake" {
		t.Errorf("Duluth is in %q, %q", county, region)
	}
	if _, region := s.LookUp("", "55906"); region != Unassigned {
		t.Errorf("a ZIP code of a county that the site left out is in %q", region)
	}
	for _, bad := range []string{"", "fips,name\n", "fips,name,region\n2713,St. Louis,lake\n",
		"fips,name,region\n27137,St. Louis,../lake\n", "fips,name,region\n27137,A,lake\n27137,B,lake\n",
		"fips,name,region\n27137,A,unassigned\n"} {
		write(bad)
		if _, err := Load(path); err == nil {
			t.Errorf("accepted %q", bad)
		}
	}
}

// TestRegionsOf: each once, by the alphabet; the one of those who have none comes last, whatever the others are called.
func TestRegionsOf(t *testing.T) {
	counties := []County{{Region: "west"}, {Region: "east"}, {Region: "west"}}
	if got := RegionsOf(counties); !slices.Equal(got, []string{"east", "west", Unassigned}) {
		t.Errorf("the regions are %v", got)
	}
}

func TestNamed(t *testing.T) {
	counties := Default().Counties()
	for word, want := range map[string][2]string{"metro": {"", "metro"}, Unassigned: {"", Unassigned}, "27053": {"27053", ""}, "hennepin": {"27053", ""},
		"Ramsey County": {"27123", ""}, "moon": {}, "": {}} {
		if fips, region := Named(counties, word); [2]string{fips, region} != want {
			t.Errorf("%q: county %q, region %q", word, fips, region)
		}
	}
}
