package cdsi

// The compiled form: every name an index, every CVX code a small number, every list of codes a bit set.

const (
	maxCVX         = 512 // distinct CVX codes of a schedule
	maxCVXCode     = 1000
	maxObservation = 1024 // observation codes are below this
)

type cvxSet [maxCVX / 64]uint64

func (s *cvxSet) has(i int16) bool { return i >= 0 && s[i>>6]&(1<<(i&63)) != 0 }
func (s *cvxSet) add(i int16)      { s[i>>6] |= 1 << (i & 63) }
func (s *cvxSet) union(o *cvxSet) {
	for i := range s {
		s[i] |= o[i]
	}
}
func (s *cvxSet) meets(o *cvxSet) bool {
	for i := range s {
		if s[i]&o[i] != 0 {
			return true
		}
	}
	return false
}

type observationSet [maxObservation / 64]uint64

func (s *observationSet) has(code int16) bool { return s[code>>6]&(1<<(code&63)) != 0 }
func (s *observationSet) add(code int16)      { s[code>>6] |= 1 << (code & 63) }
func (s *observationSet) meets(o *observationSet) bool {
	for i := range s {
		if s[i]&o[i] != 0 {
			return true
		}
	}
	return false
}

// Engine is a compiled schedule. It is immutable and safe for concurrent use.
type Engine struct {
	version   string
	cvxIndex  [maxCVXCode]int16 // -1: not in the schedule
	cvxCode   []int16
	assoc     [][]association // by CVX index
	liveIndex []int16         // by CVX index: row of the conflict table, -1 if none
	nLive     int
	conflicts []conflict // previous*nLive + current
	antigens  []antigen
	groups    []group
	countries []string // countries of birth that matter for immunity
}

type association struct {
	antigen int16
	ages    Ages
}

type conflict struct {
	begin, minEnd, end Duration
}

type group struct {
	name     string
	full     bool
	antigens []int16
}

type antigen struct {
	name     string
	group    int16
	history  observationSet
	births   []birthImmunity
	contra   []Indication
	vaccines []vaccineContra
	series   []series // by series group, then file order
	byGroup  []span   // the series groups, ascending

	observed observationSet // every observation the antigen's logic looks at
	outside  cvxSet         // every CVX whose doses, given as another antigen, can change the answer
}

type span struct{ number, from, to int }

type birthImmunity struct {
	before  Day
	country int16 // 0: any, else 1 + index into countries
	except  observationSet
}

type vaccineContra struct {
	code int16
	cvx  int16
	ages Ages
}

type series struct {
	name        string
	kind        SeriesType
	number      int // series group
	equivalent  []int
	sexes       uint8 // bits by Sex; 0: anyone
	isDefault   bool
	productPath bool
	priority    byte
	preference  int
	order       int // place in the data
	start       Ages
	indications []Indication
	doses       []targetDose
}

type targetDose struct {
	ages        []AgeRow
	intervals   []interval
	allowable   []interval
	preferable  cvxSet
	prefRows    []vaccine
	allowed     cvxSet
	allowedAny  cvxSet // allowed at any age
	allowRows   []vaccine
	inadvertent cvxSet
	hasInadv    bool
	products    []vaccine // preferable rows that may be named in a forecast
	conflicts   []int16   // conflict rows of the preferable vaccines
	skips       []skip
	contexts    Context // union of the skips' contexts
	recurring   bool
	season      Validity
}

type interval struct {
	Interval
	recent cvxSet
}

type vaccine struct {
	cvx       int16
	ages      Ages
	tradeName string
	mvx       string
}

type skip struct {
	context Context
	all     bool
	sets    []skipSet
}

type skipSet struct {
	all        bool
	valid      Validity
	conditions []condition
}

type condition struct {
	Condition
	anyCVX bool
	cvx    cvxSet
}
