package cdsi

// rule is a set of rules of the logic that a mutation test can switch off, to prove that the test
// cases notice. Nothing but tests sets it; it is looked at where a rule applies, outside the inner loop
// over vaccines and counts.
type rule uint64
