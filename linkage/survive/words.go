package survive

import (
	"fmt"
	"slices"
	"strings"

	"miic/internal/table"
)

// Value writes a record's value of a field of the best-known demographics.
func (r *Row) Value(field string) string {
	switch field {
	case "name":
		return joined(r.FirstName, r.MiddleName, r.LastName, r.Suffix)
	case "middle_name":
		return r.MiddleName
	case "birth_date":
		return r.BirthDate.String()
	case "birth_order":
		return fmt.Sprint(r.BirthOrder)
	case "multiple_birth":
		return r.MultipleBirth
	case "birth_country":
		return r.BirthCountry
	case "sex":
		return r.Sex
	case "race":
		return r.Race
	case "ethnicity":
		return r.Ethnicity
	case "language":
		return r.Language
	case "guardian":
		if r.GuardianLast == "" {
			return joined(r.MotherFirst, r.MotherLast, "MTH")
		}
		return joined(r.GuardianFirst, r.GuardianLast, r.GuardianRole)
	case "address":
		return joined(r.Address1, r.Address2, r.City, r.State, r.ZIP)
	case "phone":
		return r.Phone
	case "contact":
		return r.Contact
	case "provider":
		return r.Sender
	case "deceased_on":
		return r.DeceasedOn.String()
	case "status":
		return statusWords[r.Status]
	}
	panic("survive: no field " + field)
}

// FormerText writes a former name, address or phone as one line.
func FormerText(h *table.ClientHistory) string {
	switch h.Kind {
	case "name":
		return joined(h.FirstName, h.MiddleName, h.LastName, h.Suffix)
	case "address":
		return joined(h.Address1, h.Address2, h.City, h.State, h.ZIP)
	}
	return h.Phone
}

// joined puts the parts that are known together.
func joined(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " ")
}
