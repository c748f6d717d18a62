package mailing

import (
	"testing"

	"miic/internal/table"
	"miic/reports/campaign"
)

// A letter names a child only by a name of its own; what was written in its place is not known here (linkage/survive).
func TestToWhomALetterIsAddressed(t *testing.T) {
	asOf := table.NewDate(2026, 3, 2)
	born := func(years int) table.Date { return asOf.AddMonths(-12*years - 1) }
	for _, c := range []struct {
		p    campaign.Person
		want string
	}{
		{campaign.Person{BirthDate: born(0), LastName: "Hansen"}, "To the parent or guardian of your baby"},
		{campaign.Person{BirthDate: born(6), LastName: "Hansen"}, "To the parent or guardian of your child"},
		{campaign.Person{BirthDate: born(6), FirstName: "Emma", LastName: "Hansen"}, "To the parent or guardian of Emma Hansen"},
		{campaign.Person{BirthDate: born(0), LastName: "Hansen", GuardianFirst: "Karin", GuardianLast: "Hansen"}, "Karin Hansen"},
		{campaign.Person{BirthDate: born(30), FirstName: "Emma", LastName: "Hansen"}, "Emma Hansen"},
		{campaign.Person{BirthDate: born(30), LastName: "Hansen"}, "To the addressee of this letter"},
	} {
		if got := addressee(asOf, &c.p); got != c.want {
			t.Errorf("%+v is addressed %q, want %q", c.p, got, c.want)
		}
	}
}
