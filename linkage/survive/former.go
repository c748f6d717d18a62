package survive

import (
	"cmp"
	"strings"

	"miic/internal/household"
	"miic/internal/name"
	"miic/internal/table"
)

// FormerRow is a name, address or phone that a version of a person's record reports, written otherwise than the
// best-known one, which is beside it.
type FormerRow struct {
	ClientID   int64      `col:"client_id"`
	Kind       string     `col:"kind"`
	FirstName  string     `col:"first_name,null"`
	MiddleName string     `col:"middle_name,null"`
	LastName   string     `col:"last_name,null"`
	Suffix     string     `col:"suffix,null"`
	Aliases    string     `col:"aliases,null"` // instead of a name
	Address1   string     `col:"address_1,null"`
	Address2   string     `col:"address_2,null"`
	City       string     `col:"city,null"`
	State      string     `col:"state,null"`
	ZIP        string     `col:"zip,null"`
	Phone      string     `col:"phone,null"`
	RecordID   string     `col:"record_id"`
	SenderTime table.Time `col:"sender_time"`
	NowFirst   string     `col:"now_first,null"`
	NowLast    string     `col:"now_last,null"`
	NowSuffix  string     `col:"now_suffix,null"`
	NowStreet  string     `col:"now_street,null"`
	NowZIP     string     `col:"now_zip,null"`
	NowPhone   string     `col:"now_phone,null"`
}

// Former makes a person's history of what the records report beside the best known: each value once,
// however it is spelled, the one reported last first. Rows come by kind, the newest first.
func Former(rows []FormerRow) []table.ClientHistory {
	var out []table.ClientHistory
	at := map[string]int{}
	place := map[string]int32{}
	add := func(key string, h table.ClientHistory) {
		i, ok := at[key]
		if !ok {
			place[h.Kind]++
			h.Place = place[h.Kind]
			at[key] = len(out)
			out = append(out, h)
			return
		}
		if i >= 0 && h.FirstReported != 0 && (out[i].FirstReported == 0 || h.FirstReported < out[i].FirstReported) {
			out[i].FirstReported = h.FirstReported
		}
	}
	if len(rows) > 0 {
		now := &rows[0]
		for _, key := range []string{nameKey(now.NowFirst, now.NowLast, now.NowSuffix),
			nameKey(now.NowFirst, now.NowLast, ""), nameKey("", now.NowLast, ""),
			addressKey(now.NowStreet, now.NowZIP), now.NowPhone} {
			at[key] = -1
		}
	}
	for i := range rows {
		r := &rows[i]
		h := table.ClientHistory{ClientID: r.ClientID, Kind: r.Kind, RecordID: r.RecordID,
			FirstReported: r.SenderTime, LastReported: r.SenderTime}
		switch r.Kind {
		case "name":
			if r.Aliases == "" {
				h.FirstName, h.MiddleName, h.LastName, h.Suffix = given(r.FirstName, r.LastName), r.MiddleName, surname(r.FirstName, r.LastName), r.Suffix
				add(nameKey(h.FirstName, h.LastName, h.Suffix), h)
			}
			for alias := range strings.SplitSeq(r.Aliases, "|") {
				h.FirstName, h.LastName, _ = strings.Cut(alias, "^")
				h.FirstName, h.LastName = given(h.FirstName, h.LastName), cmp.Or(surname(h.FirstName, h.LastName), r.NowLast)
				if h.FirstName != "" || h.LastName != r.NowLast {
					add(nameKey(h.FirstName, h.LastName, ""), h)
				}
			}
		case "address":
			h.Address1, h.Address2, h.City, h.State, h.ZIP = r.Address1, r.Address2, r.City, r.State, r.ZIP
			add(addressKey(h.Address1, h.ZIP), h)
		case "phone":
			h.Phone = r.Phone
			add(h.Phone, h)
		}
	}
	return out
}

// given is a given name, or nothing for a placeholder.
func given(first, last string) string {
	if is, _ := (name.Person{First: first, Last: last}).Given(); is {
		return ""
	}
	return first
}

// surname is a surname, or nothing for a placeholder.
func surname(first, last string) string {
	if (name.Person{First: first, Last: last}).Surname() {
		return ""
	}
	return last
}

// nameKey and addressKey are what two spellings of one name, or one address, have in common.
func nameKey(first, last, suffix string) string {
	words := func(s string) string { return strings.Join(name.Words(s), " ") }
	return words(first) + "^" + words(last) + "^" + words(suffix)
}

func zip5(zip string) string {
	if len(zip) < 5 {
		return ""
	}
	return zip[:5]
}

func addressKey(line, zip string) string { return household.Street(line) + "^" + zip5(zip) }
