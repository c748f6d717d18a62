package cdsi

import "iter"

// manyDoses is more than anybody is given: who has more is likely several people, or one whose doses were sent over and
// over.
const manyDoses = 100

// Oddities counts input that is odd and has a defined outcome all the same. A night's ledger and the line filter name
// them alike.
type Oddities struct {
	noBirthDate, noSex, laden                     int64 // people
	beforeBirth, undated, unknown, late, repeated int64 // doses
}

// Add counts what is odd about a person whose doses were judged as of a day; held is what was held back. Of a person
// without birth date nothing else is counted, for nothing else was looked at.
func (o *Oddities) Add(p *Person, held []HeldDose, asOf Day) {
	for _, h := range held {
		switch h.Why {
		case NoBirthDate:
			o.noBirthDate++
			return
		case NoDoseDate:
			o.undated++
		case BeforeBirth:
			o.beforeBirth++
		case UnknownVaccine:
			o.unknown++
		}
	}
	if len(p.Doses) > manyDoses {
		o.laden++
	}
	if p.Sex == Unknown {
		o.noSex++
	}
	for i := range p.Doses {
		d := &p.Doses[i]
		if d.Date > asOf {
			o.late++
		}
		for k := range p.Doses[:i] {
			if e := &p.Doses[k]; e.Date == d.Date && e.CVX == d.CVX && d.Date != NoDay {
				o.repeated++
				break
			}
		}
	}
}

// All gives the counts by name, those that are zero too.
func (o Oddities) All() iter.Seq2[string, int64] {
	return func(yield func(string, int64) bool) {
		_ = yield("no_birth_date", o.noBirthDate) && yield("no_sex", o.noSex) && yield("over_100_doses", o.laden) &&
			yield("doses_before_birth", o.beforeBirth) &&
			yield("doses_without_date", o.undated) && yield("doses_of_unknown_vaccine", o.unknown) &&
			yield("doses_in_the_future", o.late) && yield("identical_doses", o.repeated)
	}
}
