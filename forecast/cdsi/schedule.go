package cdsi

import "slices"

// Schedule is CDC's supporting data as values: what the engine is compiled from. Package schedule
// reads it from CDC's XML and from our own text form. It carries facts only, no guidance prose.
//
// CVX codes are numbers ("08" is 8), CDSi observation codes too ("007" is 7). A Duration that is not
// given and a NoDay mean that the data is silent there.
type Schedule struct {
	Version      string // release of the supporting data, such as "4.64"
	Antigens     []Antigen
	Groups       []VaccineGroup
	Associations []Association
	Conflicts    []Conflict
	Observations []ObservationCode
	Corrections  []Correction // made to what was published; the rest of the schedule has them in it already
}

// Correction is a known fault of published data, corrected: one attribute of one series.
type Correction struct {
	Antigen, Series, Attribute string
	Was, Value                 string
	Releases                   []string // those that have the fault
	Why, Source                string
}

// Place returns what is corrected in words.
func (c Correction) Place() string {
	return c.Antigen + ", series \"" + c.Series + "\", " + c.Attribute
}

// Text returns the correction as one sentence, its source with it.
func (c Correction) Text() string {
	return c.Place() + ": " + c.Value + " where the release says " + c.Was + ". " + c.Why + " (" + c.Source + ")"
}

// VaccineGroup names the antigens that are forecast together.
type VaccineGroup struct {
	Name     string
	Full     bool // one product for all its antigens is meant (MMR), not what each antigen needs (DTaP/Tdap/Td)
	Antigens []string
}

// Ages is a half-open window of ages: Begin ≤ age < End.
type Ages struct{ Begin, End Duration }

// Validity is a window of calendar dates, both inclusive; NoDay leaves a side open.
type Validity struct{ From, Until Day }

// Association records that a vaccine contains an antigen, when given at an age within Ages.
type Association struct {
	CVX     int16
	Antigen string
	Ages    Ages
}

// GroupOf is the vaccine group of each antigen.
func (s *Schedule) GroupOf() map[string]string {
	of := map[string]string{}
	for _, g := range s.Groups {
		for _, a := range g.Antigens {
			of[a] = g.Name
		}
	}
	return of
}

// GroupsByVaccine are the vaccine groups of each vaccine, each once.
func (s *Schedule) GroupsByVaccine() map[int16][]string {
	of, groups := s.GroupOf(), map[int16][]string{}
	for _, a := range s.Associations {
		if g := of[a.Antigen]; g != "" && !slices.Contains(groups[a.CVX], g) {
			groups[a.CVX] = append(groups[a.CVX], g)
		}
	}
	return groups
}

// Conflict is how long after a dose of Previous a dose of Current does not count.
type Conflict struct {
	Previous, Current  int16
	Begin, MinEnd, End Duration
}

// ObservationCode is a CDSi observation and its codes in other systems.
type ObservationCode struct {
	Code  int16
	Codes []CodedValue
}

// CodedValue is a code of another system, such as SNOMED.
type CodedValue struct{ System, Code string }

// Antigen is one antigen's part of the data.
type Antigen struct {
	Name              string
	ImmuneHistory     []int16 // observations that are evidence of immunity
	ImmuneBirth       []BirthImmunity
	Contraindications []Indication // observations that forbid every vaccine of the antigen
	VaccineContra     []VaccineContraindication
	Series            []Series
}

// BirthImmunity: those born before Before (in Country, if given) are immune unless an observation of Except is theirs.
type BirthImmunity struct {
	Before  Day
	Country string
	Except  []int16
}

// Indication is an observation that counts at ages within Ages on the assessment date.
type Indication struct {
	Code int16
	Ages Ages
}

// VaccineContraindication is an observation that forbids one vaccine.
type VaccineContraindication struct {
	Code int16
	CVX  int16
	Ages Ages
}

// SeriesType is the kind of an antigen series.
type SeriesType uint8

// The series types.
const (
	Standard SeriesType = iota
	Risk
	EvaluationOnly
)

// Series is an antigen series: one way to be protected.
type Series struct {
	Name        string
	Type        SeriesType
	Group       int    // series group: a number inside the antigen
	VaccineGrp  string // vaccine group
	Equivalent  []int  // series groups that may count in its place
	Sexes       []Sex  // empty: anyone
	Default     bool
	ProductPath bool
	Priority    byte // 'A' before 'B' before 'C'
	Preference  int  // 1 is best; 0 is none, and comes last
	Start       Ages // ages at which it may be started
	Indications []Indication
	Doses       []SeriesDose // dose n is Doses[n-1]
}

// SeriesDose is a row of a series.
type SeriesDose struct {
	Ages        []AgeRow
	Intervals   []Interval
	Allowable   []Interval // allowable intervals: AbsMin and the reference only
	Preferable  []Vaccine
	Allowed     []Vaccine // allowable vaccines: CVX and Ages only
	Inadvertent []int16
	Skips       []Skip
	Recurring   bool
	Season      Validity
}

// AgeRow holds the ages of a series dose for doses given (or forecast) on dates within Valid.
type AgeRow struct {
	AbsMin, Min, EarliestRec, LatestRec, Max Duration
	Valid                                    Validity
}

// Interval is a wait since a reference; exactly one of the four references is set.
type Interval struct {
	FromPrevious    bool
	FromTarget      int     // a dose number
	FromRecent      []int16 // CVX codes
	FromObservation int16

	AbsMin, Min, EarliestRec, LatestRec Duration
	Priority                            bool // a forecast that rests on priority intervals leads its group
	Valid                               Validity
}

// Vaccine is a product that may be given for a series dose. Trade name and maker matter where named.
type Vaccine struct {
	CVX       int16
	Ages      Ages
	TradeName string
	MVX       string
	Volume    string // millilitres as printed: informative
	Forecast  bool   // may be named in a forecast
}

// Context is where a conditional skip holds.
type Context uint8

// The contexts; Both is their union.
const (
	InEvaluation Context = 1
	InForecast   Context = 2
	Both         Context = 3
)

// Skip is a conditional skip block of a series dose.
type Skip struct {
	Context Context
	All     bool // every set must be met; otherwise any
	Sets    []SkipSet
}

// SkipSet is a set of conditions, all or any of which must be met.
type SkipSet struct {
	All        bool
	Valid      Validity
	Conditions []Condition
}

// ConditionType is the kind of a skip condition.
type ConditionType uint8

// The condition types. CountDoses covers the three kinds of vaccine counts: a missing window is unlimited.
const (
	ByAge ConditionType = iota
	CompletedSeries
	ByInterval
	CountDoses
)

// Comparison relates the counted doses to Condition.Count.
type Comparison uint8

// The comparisons.
const (
	GreaterThan Comparison = iota
	EqualTo
	LessThan
)

// Condition is one condition of a conditional skip.
type Condition struct {
	Type       ConditionType
	Ages       Ages
	Groups     []int    // CompletedSeries: series groups of the same antigen
	Interval   Duration // ByInterval
	Start, End Day      // CountDoses: Start ≤ date given < End
	ValidOnly  bool
	Comparison Comparison
	Count      int
	CVX        []int16 // empty: any
}
