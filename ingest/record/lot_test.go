package record

import (
	"testing"

	"miic/ingest/field"
	"miic/internal/table"
)

func TestLots(t *testing.T) {
	for raw, want := range map[string][3]string{ // lot, others, as sent
		"U1234AB": {"U1234AB"}, "LOT# u1234ab (P)": {"U1234AB", "", "LOT# u1234ab (P)"},
		"SKB AHAVB123": {"AHAVB123", "", "SKB AHAVB123"}, "SKB": {"SKB"},
		"X123-P": {"X123", "", "X123-P"}, "A1/B2": {"A1", "B2", "A1/B2"},
		"A1, lot B2,C3": {"A1", "B2|C3", "A1, lot B2,C3"}, "(P)Y77 VFC": {"Y77", "", "(P)Y77 VFC"},
		"unknown": {"", "", "unknown"}, "N/A": {"", "", "N/A"}, "LOT": {"LOT"}, "WAL": {"WAL"},
		"M12345*": {"M12345", "", "M12345*"}, "A1/A1": {"A1", "", "A1/A1"},
		"m1": {"M1", "", "m1"}, " 9k  7 ": {"9K 7", "", "9k 7"}, "": {}, "/": {"", "", "/"},
		"Y77-VFC-STATE": {"Y77", "", "Y77-VFC-STATE"}, "/B2": {"B2", "", "/B2"},
	} {
		u := unit{}
		u.raw[field.Lot] = []byte(raw)
		var e stagedEvent
		u.lots(&e)
		if got := [3]string{e.Lot, e.LotOther, e.LotRaw}; got != want {
			t.Errorf("lot %q became %q, want %q", raw, got, want)
		}
	}
}

// TestTheMarketSettlesWhatACodeLeavesOpen: of the vaccines that a code may stand for, the one that was sold on the day.
func TestTheMarketSettlesWhatACodeLeavesOpen(t *testing.T) {
	for _, c := range []struct {
		trade string
		on    table.Date
		want  int16
	}{
		{"COMIRNATY", table.NewDate(2021, 11, 3), 208}, {"COMIRNATY", table.NewDate(2023, 11, 20), 309},
		{"COMIRNATY", table.NewDate(1999, 1, 1), 309}, // on no market: the first of the table
	} {
		u := unit{from: &File{Sender: "s", AsOf: table.NewDate(2026, 3, 2)}, dates: "YYYY-MM-DD"}
		u.raw[field.TradeName], u.raw[field.DoseDate] = []byte(c.trade), []byte(c.on.String())
		var e stagedEvent
		if !u.dose(&e) || u.refused || e.CVX != c.want {
			t.Errorf("%s on %s is CVX %d, want %d", c.trade, c.on, e.CVX, c.want)
		}
	}
}

// TestAFeeIsNoDose (item 10): in no layout is a fee for giving a vaccine a dose; beside a code that names the vaccine it says
// nothing.
func TestAFeeIsNoDose(t *testing.T) {
	for _, c := range []struct {
		values map[field.Field]string
		want   int16 // 0: no dose
	}{
		{map[field.Field]string{field.CPT: "90471"}, 0},
		{map[field.Field]string{field.CPT: "90480", field.ClaimID: "C1"}, 0},
		{map[field.Field]string{field.CPT: "0031a", field.ClaimID: "C1"}, 0},
		{map[field.Field]string{field.CPT: "G0008"}, 0},
		{map[field.Field]string{field.CPT: "M0201"}, 0},
		{map[field.Field]string{field.CPT: "90471", field.CVX: "20"}, 20},
		{map[field.Field]string{field.CPT: "90471", field.TradeName: "DAPTACEL"}, 106},
		{map[field.Field]string{field.CPT: "G0010", field.VaccineGroup: "DTP/aP"}, 107},
		{map[field.Field]string{field.CPT: "90743"}, 43},
		{map[field.Field]string{field.CPT: "90743", field.CVX: "08"}, 8},
	} {
		u := unit{from: &File{Sender: "s", AsOf: table.NewDate(2026, 3, 2)}, dates: "YYYY-MM-DD"}
		u.raw[field.DoseDate] = []byte("2024-02-01")
		for f, v := range c.values {
			u.raw[f] = []byte(v)
		}
		var e stagedEvent
		if dose := u.dose(&e); dose != (c.want != 0) || u.refused || dose && (e.CVX != c.want || e.RawCode != "") {
			t.Errorf("%v: dose %v, refused %v, CVX %d, raw %q; want %d", c.values, dose, u.refused, e.CVX, e.RawCode, c.want)
		}
	}
}
