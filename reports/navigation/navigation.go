// Package navigation lists the pages of a night that lead to each other. Each night writes all of them, into one folder,
// whatever there is to show, so that no link leads nowhere.
package navigation

import "miic/internal/webpage"

// The pages, in the order in which every page names them.
const (
	Night     = "run.html"
	Coverage  = "coverage.html"
	Campaigns = "campaigns.html"
	Linkage   = "linkage.html"
	Senders   = "senders.html"
)

var pages = []webpage.Link{{File: Night, Text: "The night"}, {File: Coverage, Text: "Coverage"},
	{File: Campaigns, Text: "Campaigns"}, {File: Linkage, Text: "Linkage"}, {File: Senders, Text: "Senders"}}

// From returns the links that a page shows, with itself marked.
func From(page string) []webpage.Link {
	list := make([]webpage.Link, len(pages))
	for i, l := range pages {
		l.Current = l.File == page
		list[i] = l
	}
	return list
}
