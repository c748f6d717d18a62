// Package match decides of two records how likely they are one person.
//
// It promises: a Fellegi–Sunter model that is a file decides, and nothing else does; only pairs that meet a
// blocking rule are compared, and what is left out of a key that too many records have is counted; the same
// records give the same pairs and weights on any number of cores; training needs no labels, and the same
// records train the same model.
package match

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
)

// Class is the relation of two records.
type Class int

// The four relations. They share the same tables of m and u; a class only chooses which table a
// comparison's kind looks into.
const (
	Same     Class = iota // one person
	Together              // two persons born together
	Family                // two persons of one family
	Stranger              // unrelated
	classes  = 4
)

// String names the class as it is shown to people.
func (c Class) String() string {
	return [...]string{"same person", "born together", "same family", "stranger"}[c]
}

// Kind decides for which relations a comparison counts.
type Kind string

// Kinds of comparison.
const (
	Personal   Kind = "personal"    // agrees for one person only: m for Same, else u
	FamilyKind Kind = "family"      // agrees within a family: m but for Stranger
	BirthEvent Kind = "birth_event" // agrees for those born together: m for Same and Together
	Relation   Kind = "relation"    // has a fixed table for each class
)

// Level is one rung of a comparison's ladder; the first whose condition holds is taken.
type Level struct {
	Label string            `json:"label"`
	When  string            `json:"when,omitempty"`  // a condition, see parseCondition; empty for the last
	Agree string            `json:"agree,omitempty"` // exact or close: the whole term-frequency adjustment, or half
	M     float64           `json:"m,omitempty"`     // share of pairs at this level among related pairs
	U     float64           `json:"u,omitempty"`     // share among unrelated pairs
	Fixed bool              `json:"fixed,omitempty"` // training keeps m and u, which are set by hand
	P     *[classes]float64 `json:"p,omitempty"`     // share for each class, for kind relation
}

// Comparison is a ladder of levels over one or more fields. No field, no level: a null is no evidence.
type Comparison struct {
	Name       string   `json:"name"`
	Kind       Kind     `json:"kind"`
	Fields     []string `json:"fields"`         // columns of standard_record that it is about: they mask it in training
	Null       string   `json:"null,omitempty"` // a condition; by default one side lacks the first field
	TermFreq   string   `json:"term_frequency,omitempty"`
	Identifier bool     `json:"identifier,omitempty"` // agreement at the first level names one person
	Levels     []Level  `json:"levels"`
}

// Rule is a blocking rule: two records meet it when every part of the key is known and equal. A key on
// more records than Cap is hot: there two records must agree in Refine as well. A broad key so serves a
// small set, or a rare name in a large one, and costs a large one no more than the narrow key.
type Rule struct {
	Name   string   `json:"name"`
	Key    []string `json:"key"`              // names of key parts, see keyParts
	Cap    int      `json:"cap,omitempty"`    // most records of one key that are all compared; 0 is block_cap
	Refine []string `json:"refine,omitempty"` // key parts that must agree too on a hot key
}

// Priors are the expected numbers of related records for one record of the state.
type Priors struct {
	Same     float64 `json:"same"`
	Together float64 `json:"together"`
	Family   float64 `json:"family"`
}

// Thresholds are in bits of match weight.
type Thresholds struct {
	Link           float64 `json:"link"`            // a pair without a hold links from here
	Leave          float64 `json:"leave"`           // a link is broken when the average falls to this
	Review         float64 `json:"review"`          // from here a pair that does not link waits for a person
	Keep           float64 `json:"keep"`            // from here a pair is written to the log
	MinInformation float64 `json:"min_information"` // least information, in bits, in the fields that both records have
	TwinRisk       float64 `json:"twin_risk"`       // a pair with at least this probability of Together is held
	TermFreqCap    float64 `json:"term_frequency_cap"`
}

// Shares gives the share of persons that have a value. In JSON it is one text: value and persons per
// ten million, by value.
type Shares map[string]float64

const sharesUnit = 1e7

// MarshalJSON writes the shares as one text.
func (s Shares) MarshalJSON() ([]byte, error) {
	var b strings.Builder
	for i, v := range slices.Sorted(maps.Keys(s)) {
		if i > 0 {
			b.WriteByte(' ')
		}
		fmt.Fprintf(&b, "%s %d", v, int64(math.Round(s[v]*sharesUnit)))
	}
	return json.Marshal(b.String())
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (s *Shares) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}
	f := strings.Fields(text)
	*s = make(Shares, len(f)/2)
	for i := 0; i+1 < len(f); i += 2 {
		n, err := strconv.ParseInt(f[i+1], 10, 64)
		if err != nil || n < 0 || n > sharesUnit {
			return fmt.Errorf("frequency of value %d is not a share of ten million", i/2+1)
		}
		(*s)[f[i]] = float64(n) / sharesUnit
	}
	return nil
}

// Model is everything that turns records into people. It is data: a file, with a version.
type Model struct {
	Version     string             `json:"version"`
	Note        string             `json:"note"`
	Comparisons []Comparison       `json:"comparisons"`
	Rules       []Rule             `json:"rules"`
	Holds       []string           `json:"holds"`
	SoftHolds   map[string]float64 `json:"soft_holds"` // holds that yield in a night, each to so much other evidence
	Thresholds  Thresholds         `json:"thresholds"`
	Priors      Priors             `json:"priors"`
	BlockCap    int                `json:"block_cap"`   // most records of one key that are all compared
	StopCount   int                `json:"stop_count"`  // a phone, street or number on more records is a default
	ClusterCap  int                `json:"cluster_cap"` // most records of a component clustered at the plain bar
	Frequencies map[string]Shares  `json:"frequencies"` // field → value → share of persons
	FreqFloor   float64            `json:"freq_floor"`  // the share of a value that is not listed
}

const (
	levelBits = 3
	nullLevel = 1<<levelBits - 1 // the level of a comparison that has nothing to compare
)

//go:embed model.json
var defaultModel []byte

// Default returns the model that the project carries.
func Default() *Model {
	m, err := Parse(defaultModel)
	if err != nil {
		panic("match: the built-in model: " + err.Error())
	}
	return m
}

// Load reads a model file; an empty path gives the default model.
func Load(path string) (*Model, error) {
	if path == "" {
		return Default(), nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("match: read the model: %w", err)
	}
	m, err := Parse(data)
	if err != nil {
		return nil, fmt.Errorf("match: model %s: %w", path, err)
	}
	return m, nil
}

// Parse reads a model and refuses one that is not whole.
func Parse(data []byte) (*Model, error) {
	var m Model
	dec := json.NewDecoder(strings.NewReader(string(data)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&m); err != nil {
		return nil, err
	}
	return &m, m.validate()
}

// P is the share of pairs at a level in a class.
func (c *Comparison) P(class Class, level int) float64 {
	l := &c.Levels[level]
	switch c.Kind {
	case Relation:
		return l.P[class]
	case Personal:
		if class == Same {
			return l.M
		}
	case FamilyKind:
		if class != Stranger {
			return l.M
		}
	case BirthEvent:
		if class == Same || class == Together {
			return l.M
		}
	}
	return l.U
}

// index returns the place of a comparison, or -1.
func (m *Model) index(name string) int {
	return slices.IndexFunc(m.Comparisons, func(c Comparison) bool { return c.Name == name })
}

// Text writes the model as a file that people can read and compare: a line for each level, rule and
// list of frequencies.
func (m *Model) Text() []byte {
	line := func(v any) string {
		var b bytes.Buffer
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(v); err != nil {
			panic(err)
		}
		return strings.TrimSpace(b.String())
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "{\n  \"version\": %s,\n  \"note\": %s,\n  \"comparisons\": [\n", line(m.Version), line(m.Note))
	for i, c := range m.Comparisons {
		levels := c.Levels
		c.Levels = nil
		head := strings.TrimSuffix(line(c), "null}")
		fmt.Fprintf(&b, "    %s[\n", head)
		for j, l := range levels {
			fmt.Fprintf(&b, "      %s%s\n", line(l), comma(j, len(levels)))
		}
		fmt.Fprintf(&b, "    ]}%s\n", comma(i, len(m.Comparisons)))
	}
	b.WriteString("  ],\n  \"rules\": [\n")
	for i, r := range m.Rules {
		fmt.Fprintf(&b, "    %s%s\n", line(r), comma(i, len(m.Rules)))
	}
	b.WriteString("  ],\n")
	for _, part := range []struct {
		name  string
		value any
	}{
		{"holds", m.Holds}, {"soft_holds", m.SoftHolds}, {"thresholds", m.Thresholds}, {"priors", m.Priors},
		{"block_cap", m.BlockCap}, {"stop_count", m.StopCount}, {"cluster_cap", m.ClusterCap},
		{"freq_floor", m.FreqFloor},
	} {
		fmt.Fprintf(&b, "  %q: %s,\n", part.name, line(part.value))
	}
	b.WriteString("  \"frequencies\": {\n")
	fields := slices.Sorted(maps.Keys(m.Frequencies))
	for i, f := range fields {
		fmt.Fprintf(&b, "    %s: %s%s\n", line(f), line(m.Frequencies[f]), comma(i, len(fields)))
	}
	b.WriteString("  }\n}\n")
	return b.Bytes()
}

func comma(i, n int) string {
	if i < n-1 {
		return ","
	}
	return ""
}

// Keys lists the parts of each blocking rule's key: what standardising must know of a model.
func (m *Model) Keys() [][]string {
	keys := make([][]string, len(m.Rules))
	for i, r := range m.Rules {
		keys[i] = r.Key
	}
	return keys
}

// ID is the model's version with a hash of all that is in it: rows carry it.
func (m *Model) ID() string {
	data, err := json.Marshal(m)
	if err != nil {
		panic(err)
	}
	sum := sha256.Sum256(data)
	return m.Version + "-" + hex.EncodeToString(sum[:4])
}
