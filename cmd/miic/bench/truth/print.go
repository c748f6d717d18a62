package truth

import (
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"miic/internal/prose"
)

// Rows is the report as a table: a line a figure, a column a night.
func (r *Report) Rows() [][]string {
	head := []string{""}
	for _, n := range r.Nights {
		head = append(head, n.AsOf)
	}
	rows := [][]string{head}
	line := func(name string, cell func(n *Night) string) {
		row := []string{name}
		for i := range r.Nights {
			row = append(row, cell(&r.Nights[i]))
		}
		rows = append(rows, row)
	}
	count := func(name string, of func(n *Night) int) {
		line(name, func(n *Night) string { return prose.Thousands(int64(of(n))) })
	}
	share := func(name string, of func(n *Night) Share) {
		line(name, func(n *Night) string {
			s := of(n)
			if s.Of == 0 {
				return "0"
			}
			return fmt.Sprintf("%s of %s (%.1f %%)", prose.Thousands(int64(s.N)), prose.Thousands(int64(s.Of)), s.Percent())
		})
	}
	causes := func(name string, of func(n *Night) map[string]int) {
		all := map[string]bool{}
		for i := range r.Nights {
			for cause := range of(&r.Nights[i]) {
				all[cause] = true
			}
		}
		for _, cause := range slices.Sorted(maps.Keys(all)) {
			count("  "+name+": "+cause, func(n *Night) int { return of(n)[cause] })
		}
	}
	count("persons delivered", func(n *Night) int { return n.Persons })
	count("recall letters", func(n *Night) int { return n.Recalls })
	count("reminder letters", func(n *Night) int { return n.Reminders })
	share("recall letters in the state to a county where the child no longer lives", func(n *Night) Share { return n.OldCounty })
	count("recall letters to families who have left the state", func(n *Night) int { return n.LeftState })
	count("reminder letters to families who have left the state", func(n *Night) int { return n.LeftStateReminder })
	share("those who should be recalled and are", func(n *Night) Share { return n.Recalled })
	causes("are not", func(n *Night) map[string]int { return n.LostRecalls })
	share("people overdue and mailable who are on the list", func(n *Night) Share { return n.OnList })
	count("recalled though not due", func(n *Night) int { return n.NotDue })
	causes("not due", func(n *Night) map[string]int { return n.FalseRecalls })
	share("those who should be reminded and have a letter", func(n *Night) Share { return n.Reminded })
	causes("have none", func(n *Night) map[string]int { return n.LostReminders })
	count("reminded though not due", func(n *Night) int { return n.RemindedNotDue })
	count("children with two letters", func(n *Night) int { return n.Twice })
	count("letters withdrawn since, not judged", func(n *Night) int { return n.Withdrawn })
	line("letters to people opted out, locked, no contact, dead", func(n *Night) string {
		return fmt.Sprintf("%d, %d, %d, %d", n.OptedOut, n.Locked, n.NoContact, n.Dead)
	})
	line("letters that name a vaccine refused, of the immune, contraindicated", func(n *Night) string {
		return fmt.Sprintf("%d, %d, %d", n.Refusing, n.Immune, n.Contraindicated)
	})
	share("people split over two clients", func(n *Night) Share { return n.Split })
	count("clients of two people", func(n *Night) int { return n.Joined })
	share("review pairs: of one person", func(n *Night) Share { return n.Review })
	share("letters with the exact address last reported", func(n *Night) Share { return n.Exact })
	share("letters with the street last reported", func(n *Night) Share { return n.Street })
	count("letters to families whose newest home nobody has reported", func(n *Night) int { return n.Unreported })
	share("households with several letters, all to one address", func(n *Night) Share { return n.Household })
	share("letters with the child's right name", func(n *Night) Share { return n.Name })
	share("letters that name a guardian, and the right one", func(n *Night) Share { return n.Guardian })
	count("letters to a guardian without a name", func(n *Night) int { return n.GuardianNot })
	share("letters in the family's language", func(n *Night) Share { return n.Language })
	return rows
}

// WriteCases writes every fault as a line of CSV, so that each can be looked into.
func (r *Report) WriteCases(w io.Writer) error {
	out := csv.NewWriter(w)
	out.Write([]string{"night", "fault", "cause", "person_id", "client_ids", "notice_id"})
	for _, c := range r.Cases {
		var ids []string
		for _, id := range c.Clients {
			ids = append(ids, fmt.Sprint(id))
		}
		out.Write([]string{c.Night, c.Fault, c.Cause, c.Person, strings.Join(ids, "|"), c.Notice})
	}
	out.Flush()
	return out.Error()
}
