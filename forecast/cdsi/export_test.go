package cdsi

// Rule and its names let the external mutation test switch rules off.
type Rule = rule

// The rules that a change of the schedule cannot bend.
var Rules = map[string]Rule{
	"recommended age beats interval":     ruleAgeBeatsInterval,
	"a not valid dose is a previous one": rulePreviousNotValid,
	"skips count earlier doses only":     ruleSkipCountsEarlier,
	"anchor is the dose's date":          ruleAnchorOnDoseDate,
	"a missing day is the next month's":  ruleMonthOverflow,
	"the forecast is validated":          ruleValidate,
	"not before the last dose":           ruleLastDoseFloor,
	"a group waits for all its antigens": ruleGroupEarliest,
	"a forecast waits for conflicts":     ruleForecastConflict,
	"a dose in conflict is not valid":    ruleDoseConflict,
	"the number counts this season":      ruleSeasonNumber,
}

// SwitchOff runs f without some rules.
func SwitchOff(r Rule, f func()) {
	testOnlyOff = r
	defer func() { testOnlyOff = 0 }()
	f()
}
