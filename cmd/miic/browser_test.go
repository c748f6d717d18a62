package main

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"miic/cmd/miic/models"
	"miic/cmd/miic/shell"
	"miic/internal/browser"
	"miic/internal/table"
	"miic/linkage/review"
)

// pages is a state of three nights; the first two are run, the second with cut files under names
// that try to be markup, or part of a link, or are too long for a column; so that every part of the run page is there.
func pages(t *testing.T) (dir string) {
	t.Helper()
	dir = stateAfterANight(t, "1500", "3")
	inbox := filepath.Join(dir, "inbox", "metro-health")
	if err := os.MkdirAll(inbox, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"vxu_<img src=x>.hl7": "MSH|^~\\&|cut", "#strange%20name?.txt": "x\n",
		"vxu_" + strings.Repeat("long", 45) + ".hl7": "MSH|^~\\&|cut"} {
		if err := os.WriteFile(filepath.Join(inbox, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	night(t, dir, "2026-03-03", shell.ExitIncomplete)
	return dir
}

// TestPagesInABrowser looks at every kind of page on a telephone, on a screen, in the dark and on paper.
func TestPagesInABrowser(t *testing.T) {
	b := browser.Open(t)
	dir := pages(t)
	out := filepath.Join(dir, "out")
	look(t, b, out, "tonight.html", "latest/run.html", "latest/senders.html", "latest/report_cards/metro-health.html",
		"latest/coverage.html", "review/review.html")
	for _, name := range []string{"latest/campaigns.html", "latest/linkage.html"} { // with pictures: TestPicturesInABrowser
		seeAs(t, b, out, name, browser.Looks[0])
		followLinks(t, b, name)
	}
	lookAtCoverage(t, b, filepath.Join(out, "latest", "coverage.html"))

	// What did not become the registry's state has a page too: a date that nobody means, and a night that a brake holds,
	// of which the outputs are only looked at.
	config := filepath.Join(dir, "miic.yaml")
	miic(t, shell.ExitUsage, "--config", config, "nightly", "--as-of", "2062-03-03")
	look(t, b, out, "tonight.html")
	text, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	strict := filepath.Join(dir, "strict.yaml")
	if err := os.WriteFile(strict, append(text, "brakes:\n  refused_most_percent: 5\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := models.Deliver(filepath.Join(dir, "nights", "2026-03-04"), filepath.Join(dir, "inbox")); err != nil {
		t.Fatal(err)
	}
	doses := filepath.Join(dir, "inbox", "county-public-health", "county-public-health_IM_20260304.txt")
	if text, err = os.ReadFile(doses); err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(text), "\n")
	last := lines[len(lines)-2] // beginning with five characters of the client's number
	for i := range 150 {        // doses of people nobody has heard of
		text = fmt.Appendf(text, "ZZ%03d%s", i, last[5:])
	}
	if err := os.WriteFile(doses, text, 0o600); err != nil {
		t.Fatal(err)
	}
	miic(t, shell.ExitHeld, "--config", strict, "nightly", "--as-of", "2026-03-04")
	held, err := filepath.Glob(filepath.Join(out, ".building-*", "run.html"))
	if err != nil || len(held) != 1 {
		t.Fatalf("the held night has the pages %v, %v", held, err)
	}
	rel, err := filepath.Rel(out, held[0])
	if err != nil {
		t.Fatal(err)
	}
	look(t, b, out, "tonight.html", rel)
	for _, f := range b.Faults() {
		t.Errorf("a page %s", f)
	}
}

// look opens pages in every way, prints them, and follows their links.
func look(t *testing.T, b *browser.Browser, out string, names ...string) {
	t.Helper()
	for _, name := range names {
		see(t, b, out, name)
		followLinks(t, b, name)
	}
}

// see opens a page in every way and prints it.
func see(t *testing.T, b *browser.Browser, out, name string) {
	t.Helper()
	for _, look := range browser.Looks {
		seeAs(t, b, out, name, look)
	}
	for _, letter := range []bool{true, false} {
		if pdf := b.Print(t, letter); !bytes.HasPrefix(pdf, []byte("%PDF-")) || !asWide(pdf, letter) {
			t.Errorf("%s: what is printed is wider than the paper (Letter: %t)", name, letter)
		}
	}
}

// seeAs opens a page in one way.
func seeAs(t *testing.T, b *browser.Browser, out, name string, look browser.Look) {
	t.Helper()
	b.Show(t, filepath.Join(out, filepath.FromSlash(name)), look)
	for _, v := range append(b.Violations(t), b.Overflow(t)...) {
		t.Errorf("%s, %s: %s", name, look.Name, v)
	}
}

// followLinks follows the links of the page that is open.
func followLinks(t *testing.T, b *browser.Browser, name string) {
	t.Helper()
	for _, href := range b.DeadLinks(t) {
		t.Errorf("%s: the link %s leads to no file", name, href)
	}
}

// asWide reports whether the pages of a PDF are as wide as the paper, in points: what does not fit would make them wider.
func asWide(pdf []byte, letter bool) bool {
	paper := 595.3
	if letter {
		paper = 612
	}
	boxes := regexp.MustCompile(`/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]`).FindAllSubmatch(pdf, -1)
	for _, m := range boxes {
		if width, err := strconv.ParseFloat(string(m[1]), 64); err != nil || math.Abs(width-paper) > 1.7 {
			return false
		}
	}
	return len(boxes) > 0
}

// TestReviewOnThePage answers by button and by key, leaves one question not sure, comes back later, saves, and has the
// file imported: the site's verdicts are those answers, added to those that were there.
func TestReviewOnThePage(t *testing.T) {
	b := browser.Open(t)
	dir := pages(t)
	config, verdicts := filepath.Join(dir, "miic.yaml"), filepath.Join(dir, "verdicts.csv")
	page := filepath.Join(dir, "out", "review", "review.html")
	screen := browser.Look{Width: 1280}
	b.Show(t, page, screen)
	items := browser.Eval[[]string](t, b, `[...document.querySelectorAll("article")].map((a) => a.dataset.item)`)
	if len(items) < 5 {
		t.Fatalf("only %d questions", len(items))
	}
	visible := `[...document.querySelectorAll("article")].filter((a) => a.checkVisibility()).map((a) => a.dataset.item)`
	if shown := browser.Eval[[]string](t, b, visible); len(shown) != 3 || shown[0] != items[0] {
		t.Errorf("the first screen has %v", shown)
	}

	b.Click(t, `#item-`+items[0]+` button[data-answer="different"]`)
	b.Press(t, "n") // the second: not sure
	b.Press(t, "d") // the third, and the next screen
	if shown := browser.Eval[[]string](t, b, visible); shown[0] != items[3] {
		t.Errorf("after three answers the screen has %v", shown)
	}
	b.Press(t, "sk") // the fourth: same; and back to it
	b.Press(t, "s")  // once more takes it back
	if browser.Eval[bool](t, b, `!document.getElementById("save").disabled`) {
		t.Error("it may be saved without saying who judged")
	}
	stored := browser.Eval[string](t, b, `JSON.stringify(localStorage)`)
	if regexp.MustCompile(`[A-Z]{3}|kim|[12][0-9]{3}-[0-9]{2}`).MatchString(regexp.MustCompile(`"miic-review:[^"]*"`).
		ReplaceAllString(stored, "")) {
		t.Errorf("the browser keeps more than ids: %s", stored)
	}

	b.Show(t, page, screen) // closed and opened again
	if got := browser.Eval[string](t, b, `document.getElementById("state").textContent`); got !=
		"2 of "+strconv.Itoa(len(items))+" answered, 1 not sure" {
		t.Errorf("when it is opened again it says %q", got)
	}
	b.Type(t, "#by", `Kim "Day" Lee, RN s d n`)
	b.Click(t, "#save")
	file := b.Download(t, "review-answers-"+time.Now().Format("2006-01-02")+".csv")
	sheet, err := review.ReadSheet(file)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{items[0]: "different", items[2]: "different"}
	for _, j := range sheet {
		if want[j.ItemID] != j.Decision || j.By != `Kim "Day" Lee, RN s d n` || j.Evidence == "" {
			t.Errorf("saved: %+v", j)
		}
		delete(want, j.ItemID)
	}
	if len(want) > 0 {
		t.Errorf("not saved: %v", want)
	}

	// One more verdict is there already; it stays.
	earlier := filepath.Join(t.TempDir(), "earlier.csv")
	if err := os.WriteFile(earlier, []byte("item_id,decision,decided_by\n"+items[4]+",different,lee\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	miic(t, shell.ExitDone, "--config", config, "review", "import", earlier)
	miic(t, shell.ExitDone, "--config", config, "review", "import", file)
	kept, err := review.ReadVerdicts(verdicts)
	if err != nil || len(kept) != 3 || kept[0].ItemID != items[4] {
		t.Fatalf("kept: %+v, %v", kept, err)
	}
	miic(t, shell.ExitDone, "--config", config, "nightly", "--as-of", "2026-03-03")
	settled := map[string]string{}
	for _, r := range rows[table.ReviewItem](t, dir, "review_item") {
		settled[r.ItemID] = r.Decision // the newest comes last
	}
	if settled[items[0]] != "different" || settled[items[2]] != "different" || settled[items[4]] != "different" {
		t.Errorf("the night has not acted on them: %v", settled)
	}
	b.Show(t, page, screen)
	left := browser.Eval[[]string](t, b, `[...document.querySelectorAll("article")].map((a) => a.dataset.item)`)
	for _, id := range left {
		if id == items[0] || id == items[2] {
			t.Errorf("item %s is asked again", id)
		}
	}
	if got := browser.Eval[string](t, b, `document.getElementById("state").textContent`); got !=
		"0 of "+strconv.Itoa(len(left))+" answered, 1 not sure" {
		t.Errorf("of the questions that are left it says %q", got)
	}
	for _, f := range b.Faults() {
		t.Errorf("the page %s", f)
	}
}
