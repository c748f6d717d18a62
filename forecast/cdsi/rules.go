package cdsi

// rule is a set of rules of the logic. Tests switch single rules off, to prove that some case notices; what can be bent
// by changing the schedule needs no switch here.
type rule uint16

const (
	ruleAgeBeatsInterval rule = 1 << iota
	rulePreviousNotValid
	ruleSkipCountsEarlier
	ruleAnchorOnDoseDate
	ruleMonthOverflow
	ruleValidate
	ruleLastDoseFloor
	ruleGroupEarliest
	ruleForecastConflict
	ruleDoseConflict
	ruleSeasonNumber
)

// testOnlyOff holds the rules that are switched off: none, but in a mutation test.
var testOnlyOff rule

func off(r rule) bool { return testOnlyOff&r != 0 }
