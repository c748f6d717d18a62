package people

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"miic/internal/area"
)

func TestWhichAreaIsMeant(t *testing.T) {
	counties := area.Default().Counties()
	list, err := areasOf(counties, []string{"metro", "hennepin", "27123", "Ramsey County", "55104"})
	if err != nil || len(list) != 5 || list[0].Region != "metro" || list[1].CountyFIPS != "27053" || list[2].CountyFIPS != "27123" ||
		list[3].CountyFIPS != "27123" || list[4].ZIP != "55104" {
		t.Errorf("%+v, %v", list, err)
	}
	for _, word := range []string{"moon", "", "2705", "99999", "55104-1234"} {
		if list, err := areasOf(counties, []string{word}); err == nil || !strings.Contains(err.Error(), "west-central") {
			t.Errorf("%q: %+v, %v", word, list, err)
		}
	}
}

func TestRostersThatCannotBeRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "school.csv")
	for text, want := range map[string]string{
		"":                                  "school.csv:1: there is no header",
		"last_name,first_name\n":            "school.csv:1: there is no column birth_date",
		"last_name|first_name|birth_date\n": "school.csv:1: there is no column last_name",
		"last_name,first_name,birth_date\n": "nobody on the roster",
		"last_name,first_name,birth_date\nZebra,A,2020-01-02\nZebra,B,1/2/2020\n": "school.csv:3: birth_date",
		"last_name,first_name,birth_date\n,Zebra,2020-01-02\n":                    "school.csv:2: last_name is empty",
		"last_name,first_name,birth_date\nZebra,A\n":                              "school.csv:2: wrong number of fields",
		"last_name,first_name,birth_date\n\"Zebra,A,2020-01-02\n":                 "school.csv:",
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := readRoster(path)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "Zebra") {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
	const good = "\ufeffID,Last_Name,First_Name,Grade,Birth_Date,ZIP,Middle_Name,Suffix\n007,Zebra,A,K,2020-01-02,55104,B,Jr\n"
	for _, text := range []string{good, strings.ReplaceAll(good, ",", ";"), strings.ReplaceAll(good, ",", "\t")} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		list, err := readRoster(path)
		if err != nil || len(list) != 1 || list[0].ID != "007" || list[0].ZIP != "55104" || list[0].MiddleName != "B" ||
			list[0].Suffix != "Jr" || list[0].BirthDate.String() != "2020-01-02" {
			t.Errorf("%q: %+v, %v", text, list, err)
		}
	}
	if _, err := readRoster(filepath.Join(t.TempDir(), "none.csv")); err == nil || !strings.Contains(err.Error(), "none.csv") {
		t.Errorf("%v", err)
	}
}
