package lot

import "testing"

func TestClean(t *testing.T) {
	for sent, want := range map[string]string{
		"AB123": "AB123", " AB123 ": "AB123", "LOT# AB123": "AB123", "LOT:AB123": "AB123", "MSD 1234X (P)": "1234X",
		"AB123-VFC": "AB123", "#77#": "77", "AB123*": "AB123", "MED": "MED", // the word alone is a lot
		"UNK": "", "N": "", "0": "", "X": "", "": "", "LOT# UNKNOWN": "",
	} {
		if got := Clean(sent); got != want {
			t.Errorf("%q is read as %q, want %q", sent, got, want)
		}
	}
}
