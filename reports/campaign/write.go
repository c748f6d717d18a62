package campaign

import (
	"cmp"
	"slices"

	"miic/internal/pipeline"
	"miic/internal/table"
)

// Write writes what the campaigns have decided, but for the notices: those go with the files that hold them.
func (plan *Plan) Write(r *pipeline.Run) error {
	slices.SortFunc(plan.Withheld, func(a, b table.Withheld) int {
		return cmp.Or(cmp.Compare(a.ClientID, b.ClientID), cmp.Compare(a.Campaign, b.Campaign))
	})
	if err := pipeline.Write(r, table.HeldLetters, plan.Held); err != nil {
		return err
	}
	if err := pipeline.Write(r, table.Withhelds, plan.Withheld); err != nil {
		return err
	}
	if err := pipeline.Write(r, table.Households, plan.Households); err != nil {
		return err
	}
	if len(plan.Controls) == 0 {
		return nil // a log gains a file only with rows in it
	}
	slices.SortFunc(plan.Controls, func(a, b table.ControlNotice) int { return cmp.Compare(a.NoticeID, b.NoticeID) })
	r.Count("control_group", int64(len(plan.Controls)))
	return pipeline.Write(r, table.ControlNotices, plan.Controls)
}

// WriteNone writes that nobody gets a notice and that nobody waits for a reviewer's answer: of a night on which nothing
// about persons is published.
func WriteNone(r *pipeline.Run) error {
	if err := pipeline.Write(r, table.Withhelds, []table.Withheld{}); err != nil {
		return err
	}
	return pipeline.Write(r, table.HeldLetters, []table.HeldLetter{})
}
