// Package cdsi evaluates doses and forecasts the next ones by CDC's Clinical Decision Support for Immunization logic.
//
// It follows the CDSi Logic Specification 4.6 chapter by chapter, one file each, and holds no
// rule about any particular antigen: ages, intervals, skips and products come from a Schedule.
//
//	dates.go        durations and the date calculus                                  (spec 3)
//	organise.go     doses become antigen records                                     (spec 4)
//	relevance.go    which series concern the patient                                 (spec 5)
//	evaluate.go     the walk of doses along target doses, and the nine checks        (spec 6)
//	skip.go         conditional skips                                                (spec 6.2)
//	interval.go     the four kinds of interval                                       (spec 6.5)
//	conflict.go     vaccine conflicts                                                (spec 6.7)
//	immunity.go     evidence of immunity, contraindications                          (spec 7.2, 7.3)
//	forecast.go     is another dose needed, when, and with what                      (spec 7)
//	select.go       the best series of an antigen                                    (spec 8)
//	merge.go        antigens blend into vaccine groups                               (spec 9)
//
// An Engine is a Schedule compiled to flat tables. It never changes and may serve any number of
// goroutines; each takes a Worker of its own, which carries the scratch memory.
//
// Where the specification is silent or can be read in two ways, the comment at the place names which
// reading was taken.
//
// The package imports the standard library only.
package cdsi
