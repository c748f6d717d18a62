package measure

import "miic/internal/table"

// A Measure is the definition of one coverage figure: of whom, and what they must have by when. Two figures are always
// counted: of valid doses, as the schedule judges them, and of any doses. Valid says which of them the measure is about.
type Measure struct {
	ID      string
	Version int32
	Title   string
	Steward string // who defines it
	Source  string // where the definition is to be read
	Origin  string // the file that has it, or built-in
	Starts  table.Date
	Ends    table.Date // the last night on which it is counted; 0: it has no end
	Valid   bool
	Publish bool // it is in coverage.csv; otherwise in internal figures only
	Assess  bool // each clinic that receives lists is told its own patients' results

	Population Population
	Among      []Clause // only who has these is in the population
	Clauses    []Clause
	Short      int // who lacks no more than so many doses of each clause meets the measure too
	// instead of meeting each clause in time: on no more than so many days was one of their doses late
	Timely   bool
	DaysLate int
}

// A Population is whom a measure is about: people who live, are active in the jurisdiction and are under no restriction.
type Population struct {
	From, Until Age  // on the night: of this age, and not yet of that
	Turning     int  // or: who had this birthday, in years, in the last full calendar year; 0: by age
	By          Age  // judged on the day of this age, by the doses given until then; 0: on the night
	Kept        bool // what was valid on that day is kept; otherwise doses are as valid as they are tonight
	TwoDoses    bool // the rule about denominators
}

// Names of the rules about who is in a denominator.
const (
	Registered = "registered" // everybody of the age in the registry
	TwoDoses   = "two-doses"  // with two doses or more, influenza apart, by the day of judgement
)

// An Age is so many months and days from birth.
type Age struct{ Months, Days int }

// Of is the day on which somebody has the age.
func (a Age) Of(birth table.Date) table.Date { return birth.AddMonths(a.Months) + table.Date(a.Days) }

// IsZero reports that no age is named.
func (a Age) IsZero() bool { return a == Age{} }

// less orders ages, a month as 30 days: for refusing what is the wrong way round.
func (a Age) less(b Age) bool { return 30*a.Months+a.Days < 30*b.Months+b.Days }

// A Clause is one condition: the doses of one vaccine group, in one of several ways.
type Clause struct {
	Group    string
	Antigens []int // of the group, by number; a way must hold for each of them
	GroupNo  int   // the group's own number; -1 for every group, which only None is about
	Immune   bool  // immunity on record is as good as the doses
	None     bool  // met by who has no dose at all, of the group or of any
	Ways     []Way
}

// A Way is one way to meet a clause. Doses on one day are one dose.
type Way struct {
	Doses       int     // so many are needed
	Complete    bool    // instead, for the valid figure: the series is complete as the schedule judges it
	Products    []int16 // CVX codes of the only products that count; none: all
	From, Until Age     // given on the day of this age or later, and on the day of that age or before; 0: no limit
	LastFrom    Age     // the last needed dose was given on the day of this age or later
	FirstBefore Age     // the first counted dose was given before the day of this age
	Apart       Age     // each counted dose so long after the one before it
	Season      string  // MM-DD: given on or after the last such day before the day of judgement
	Primary     []int16 // all needed doses but the last are of these products; none: of any
	Under       Age     // for people who are judged before the day of this age only; 0: for all
}

// Runs reports that the measure is counted on the night.
func (m *Measure) Runs(night table.Date) bool {
	return m.Starts <= night && (m.Ends == 0 || night <= m.Ends)
}

// Judged is the day by which somebody is judged on a night, if the measure is about people of the age.
func (m *Measure) Judged(birth, night table.Date) (table.Date, bool) {
	p := &m.Population
	if p.Turning > 0 {
		day := birth.AddMonths(12 * p.Turning)
		turned, _, _ := day.YMD()
		tonight, _, _ := night.YMD()
		return day, turned == tonight-1
	}
	if p.From.Of(birth) > night || p.Until.Of(birth) <= night {
		return 0, false
	}
	if !p.By.IsZero() {
		return p.By.Of(birth), true
	}
	return night, true
}

// Rule is the name of the measure's rule about its denominator.
func (m *Measure) Rule() string {
	if m.Population.TwoDoses {
		return TwoDoses
	}
	return Registered
}
