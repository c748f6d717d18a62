package cdsi_test

import (
	"math/rand/v2"
	"testing"

	"miic/forecast/cdsi"
	"miic/forecast/schedule"
)

func builtin(t testing.TB) *cdsi.Schedule {
	t.Helper()
	s, err := schedule.Default()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func engine(t testing.TB, s *cdsi.Schedule) *cdsi.Engine {
	t.Helper()
	e, err := cdsi.NewEngine(s)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func day(t testing.TB, text string) cdsi.Day {
	t.Helper()
	d, err := cdsi.ParseDay(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// visit is an age in days at which a routinely vaccinated child gets these vaccines.
type visit struct {
	age int
	cvx []int16
}

var routine = []visit{
	{0, []int16{8}}, {61, []int16{110, 49, 133, 119}}, {122, []int16{20, 10, 49, 133, 119}}, {183, []int16{110, 133, 48, 150}},
	{213, []int16{150}}, {370, []int16{3, 21, 83, 133}}, {460, []int16{20, 48}}, {550, []int16{83}}, {600, []int16{150}},
	{965, []int16{150}}, {1330, []int16{150}}, {1500, []int16{94, 130}}, {1695, []int16{150}}, {4050, []int16{115, 165, 136}},
	{4240, []int16{165}}, {5900, []int16{136, 162}}, {6000, []int16{162}},
}

// routinePeople makes histories like those of a registry: routine visits, some late, some missed, up to the as-of day.
// Ages run from birth to ninety years, half of them under nineteen.
func routinePeople(seed uint64, n int, asOf cdsi.Day) []cdsi.Person {
	r := rand.New(rand.NewPCG(seed, 1))
	people := make([]cdsi.Person, n)
	for i := range people {
		p := &people[i]
		age := r.IntN(19 * 365)
		if r.IntN(2) == 0 {
			age = 19*365 + r.IntN(71*365)
		}
		p.Birth, p.Sex = asOf-cdsi.Day(age), cdsi.Sex(1+r.IntN(2))
		if r.IntN(50) == 0 {
			p.Sex = cdsi.Unknown
		}
		late := 0
		for _, v := range routine {
			if r.IntN(12) == 0 {
				late += r.IntN(120)
			}
			at := v.age + late + r.IntN(14)
			if at > age || r.IntN(15) == 0 {
				continue
			}
			for _, cvx := range v.cvx {
				p.Doses = append(p.Doses, cdsi.Dose{CVX: cvx, Date: p.Birth + cdsi.Day(at), Expiry: cdsi.NoDay})
			}
		}
		if r.IntN(40) == 0 {
			p.Observations = append(p.Observations, cdsi.Observation{Code: []int16{7, 160, 154, 55, 159}[r.IntN(5)],
				Date: cdsi.NoDay})
		}
	}
	return people
}
