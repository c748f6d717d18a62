package linkage

import (
	"encoding/json"
	"testing"
)

// The stage's key is made of this text: where it changes without a new version, no site reuses what it has.
func TestKeyOfTheStageIsFixed(t *testing.T) {
	got, err := json.Marshal(Stage(Config{}).Config)
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"Model":"4-be0787be","Counties":"","Verdicts":"","Population":1000000}`; string(got) != want {
		t.Errorf("the key is %s, was %s", got, want)
	}
}
