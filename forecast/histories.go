package forecast

import (
	"math/rand/v2"

	"miic/forecast/cdsi"
)

// routineVisit is an age, in days, at which a child or adult is routinely given these vaccines.
type routineVisit struct {
	age int
	cvx []int16
}

var routineVisits = []routineVisit{
	{0, []int16{8}}, {61, []int16{110, 49, 133, 119}}, {122, []int16{20, 10, 49, 133, 119}}, {183, []int16{110, 133, 48}},
	{370, []int16{3, 21, 83, 133}}, {460, []int16{20, 48}}, {550, []int16{83}}, {1500, []int16{94, 130}},
	{4050, []int16{115, 165, 136}}, {4240, []int16{165}}, {5900, []int16{136, 162}}, {6000, []int16{162}},
	{27 * 365, []int16{115}}, {37 * 365, []int16{113}}, {47 * 365, []int16{113}}, {50*365 + 200, []int16{187}}, {50*365 + 290, []int16{187}},
	{57 * 365, []int16{113}}, {65*365 + 60, []int16{216}}, {67 * 365, []int16{113}}, {76 * 365, []int16{303}},
}

// maxHistory bounds the doses of one made-up person.
const maxHistory = 40

// Histories makes n people with histories like a registry's, as of a day: half of them under nineteen, the others up to
// ninety; routine visits, some late and some missed, influenza in two winters of five when young; some get nothing at
// all, and what was given before 1992 is not on record. Nobody is real, and the same seed makes the same people. It is
// what the forecaster is measured with.
func Histories(seed uint64, n int, asOf cdsi.Day) []cdsi.Person {
	r := rand.New(rand.NewPCG(seed, 1))
	begin := cdsi.MakeDay(1992, 1, 1)
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
		if r.IntN(40) == 0 {
			p.Observations = append(p.Observations, cdsi.Observation{Code: []int16{7, 160, 154, 55, 159}[r.IntN(5)],
				Date: cdsi.NoDay})
		}
		if r.IntN(25) == 0 {
			continue // never vaccinated
		}
		give := func(at int, cvx int16) {
			if at <= age && len(p.Doses) < maxHistory && p.Birth+cdsi.Day(at) >= begin {
				p.Doses = append(p.Doses, cdsi.Dose{CVX: cvx, Date: p.Birth + cdsi.Day(at), Expiry: cdsi.NoDay})
			}
		}
		late := 0
		for _, v := range routineVisits {
			if r.IntN(12) == 0 {
				late += r.IntN(120)
			}
			at := v.age + late + r.IntN(14)
			if r.IntN(9) == 0 {
				continue
			}
			for _, cvx := range v.cvx {
				give(at, cvx)
			}
		}
		for winter := 200 + r.IntN(200); winter <= age; winter += 365 {
			if r.IntN(5) < 2 && winter < 19*365 || r.IntN(10) == 0 {
				give(winter, 150)
				if winter < 400 {
					give(winter+30, 150)
				}
			}
		}
	}
	return people
}
