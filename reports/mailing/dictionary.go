package mailing

import (
	"miic/internal/pipeline"
	"miic/reports/campaign"
	"miic/reports/csvfile"
)

// The files of rows in each folder, in the order of its dictionary.
var (
	regionLists   = []*List{lists[campaign.Reminder], lists[campaign.Recall], &house, &phones, &texts, &summary, &breakdown, &dictionary}
	openLists     = []*List{lists[campaign.Reminder], lists[campaign.Recall], &house, &phones, &texts, &dictionary}
	stateLists    = []*List{&house, &summary, &breakdown, &dictionary}
	countLists    = []*List{&summary, &breakdown, &dictionary} // of the state where nobody receives the state's mail
	registryLists = []*List{&withheld, &dictionary}
)

var dictionary = List{"dictionary.csv", "One column of a file beside this one.", []Column{
	{"file", "name of the file"},
	{"column", "name of the column"},
	{"meaning", "what it holds; of the file itself where the column is empty"},
}, plainly}

// writeDictionary writes the meaning of every column of the files of a folder.
func writeDictionary(r *pipeline.Run, style csvfile.Style, folder string, lists []*List) error {
	return dictionary.write(r, style, folder+"/"+dictionary.Name, func(yield func([]string) bool) {
		for _, l := range lists {
			if !yield([]string{l.Name, "", l.meaning()}) {
				return
			}
			for _, c := range l.Columns {
				if !yield([]string{l.Name, c.Name, c.Doc}) {
					return
				}
			}
		}
	})
}
