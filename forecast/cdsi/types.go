package cdsi

// Sex as the series data uses it.
type Sex uint8

// The sexes. A missing sex is Unknown.
const (
	Unknown Sex = iota
	Female
	Male
)

// Person is what the engine needs to know about a patient.
type Person struct {
	Birth        Day // NoDay: nothing can be evaluated; see Result.Held
	Sex          Sex
	Country      string // country of birth as the schedule names it ("U.S."); "" is unknown
	Doses        []Dose // any order
	Observations []Observation
}

// Dose is a vaccine dose as recorded.
type Dose struct {
	CVX       int16
	MVX       string // "" is unknown
	TradeName string // "" is unknown
	Date      Day
	Expiry    Day  // last day the lot was good, NoDay if unknown
	Condition bool // misadministered, recalled, cold chain broken: the dose must not count
}

// Observation is a CDSi observation; NoDay if it carries no date. One that is no longer active must be left out; one
// that is given counts whatever its date.
type Observation struct {
	Code int16
	Date Day
}

// Status is the status of a dose evaluation, or of a series or vaccine group.
type Status uint8

// Statuses of a dose evaluation. NotEvaluated: no series relevant to the patient judges the dose.
const (
	NotEvaluated Status = iota
	Valid
	NotValid
	Extraneous
	SubStandard
)

// Statuses of a series or vaccine group.
const (
	NotComplete Status = iota + 16
	Complete
	Immune
	Contraindicated
	AgedOut
	NotRecommended

	// NotKnown is given by package schedule, never by the engine: the schedule's last season is over.
	NotKnown
)

var statusNames = map[Status]string{
	NotEvaluated: "Not Evaluated", Valid: "Valid", NotValid: "Not Valid", Extraneous: "Extraneous",
	SubStandard: "Sub-standard",
	NotComplete: "Not Complete", Complete: "Complete", Immune: "Immune", Contraindicated: "Contraindicated",
	AgedOut: "Aged Out", NotRecommended: "Not Recommended",
	NotKnown: "Unknown",
}

// String returns the specification's words.
func (s Status) String() string { return statusNames[s] }

// ReasonSet is the set of reasons of a dose evaluation.
type ReasonSet uint16

// The reasons, in the order in which they are shown.
const (
	AgeTooYoung ReasonSet = 1 << iota
	AgeTooOld
	IntervalTooShort
	VaccineConflict
	WrongVaccine
	InadvertentVaccine
	SeriesComplete // no target dose was left
	LotExpired
	ConditionReported
)

var reasonNames = []string{"too young", "too old", "too soon", "vaccine conflict",
	"not a preferable or allowable vaccine",
	"inadvertent vaccine", "series already complete", "lot expired", "dose condition"}

// Names returns the reasons in words, in order.
func (r ReasonSet) Names() []string {
	var names []string
	for i, name := range reasonNames {
		if r&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return names
}

// Kind separates the forecasts of standard series from those of risk series.
type Kind uint8

// The kinds. StandardKind includes evaluation-only series.
const (
	StandardKind Kind = iota
	RiskKind
)

// String returns "standard" or "risk".
func (k Kind) String() string {
	if k == RiskKind {
		return "risk"
	}
	return "standard"
}

// Result is what a Worker found out about a person. Its slices belong to the Worker and stay valid until its next call.
type Result struct {
	Held        []HeldDose
	Evaluations []DoseEvaluation // by dose as given, then antigen as in the schedule
	Forecasts   []Forecast       // by vaccine group as in the schedule, standard before risk
	// next day on which anything could change without new data, rows that would appear included; NoDay: never
	RecomputeOn Day
}

// RowDays returns by forecast the day to put on its row, so that the first of them is the day on which to ask again.
// That is the row's own day. But a row that would only appear has none to carry its day: if that comes before all
// others, every row carries it.
func (r *Result) RowDays(days []Day) []Day {
	first := NoDay
	for i := range r.Forecasts {
		days = append(days, r.Forecasts[i].RecomputeOn)
		first = sooner(first, r.Forecasts[i].RecomputeOn)
	}
	if first != r.RecomputeOn {
		for i := range r.Forecasts {
			days[len(days)-len(r.Forecasts)+i] = r.RecomputeOn
		}
	}
	return days
}

// HeldDose is a dose, or with Dose -1 the whole person, that the engine did not evaluate.
type HeldDose struct {
	Dose int // index into Person.Doses
	Why  HeldReason
}

// HeldReason is why something was held back.
type HeldReason uint8

// The reasons to hold back. A dose of an unknown vaccine has no antigens; one that takes part in vaccine
// conflicts still does.
const (
	NoBirthDate HeldReason = iota
	NoDoseDate
	BeforeBirth
	UnknownVaccine
)

// String returns a short word for counting.
func (h HeldReason) String() string {
	return [...]string{"no birth date", "no dose date", "before birth", "unknown vaccine"}[h]
}

// DoseEvaluation is a dose judged as one antigen, in the series that counts: of the antigen's best series
// (its prioritised series, if none is best) the one that gives the first of Valid, Not Valid,
// Extraneous, Sub-standard.
type DoseEvaluation struct {
	Dose       int // index into Person.Doses
	Antigen    string
	Group      string // the antigen's vaccine group
	Status     Status
	Reasons    ReasonSet
	Series     string // "" if NotEvaluated
	TargetDose int    // number of the series dose it was judged against; 0 if none was left
}

// Forecast is the answer for one vaccine group, from its risk series or from its standard series.
type Forecast struct {
	Group       string
	Kind        Kind
	Status      Status
	DoseNumber  int // 0 unless Not Complete
	Earliest    Day // dates are NoDay unless Not Complete
	Recommended Day
	PastDue     Day
	Latest      Day
	Antigens    []string // antigens that need a dose
	Products    []int16  // CVX codes the data names for it; empty: any vaccine of the group
	Series      string   // series the forecast rests on (of several antigens: that of the first named)
	RecomputeOn Day      // next day on which this row could change without new data; NoDay: never
	Assumed     bool     // set by package schedule: it rests on a season that no schedule has
}
