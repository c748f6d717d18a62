package main

import (
	"testing"

	"github.com/chromedp/chromedp/kb"

	"miic/internal/browser"
)

// lookAtCoverage chooses measures by keyboard, and looks at what is closed at first: every measure and every table.
func lookAtCoverage(t *testing.T, b *browser.Browser, file string) {
	t.Helper()
	b.Show(t, file, browser.Look{Width: 1280})
	shown := func() []string {
		return browser.Eval[[]string](t, b, `[...document.querySelectorAll(".measure")].filter((s) => s.checkVisibility()).map((s) => s.id)`)
	}
	if got := shown(); len(got) != 1 || got[0] != "m1" {
		t.Fatalf("at first the page shows the measures %v", got)
	}
	browser.Eval[bool](t, b, `document.querySelector("main a[href^=coverage]").focus(), true`)
	b.Press(t, "\t") // to the buttons
	if got := browser.Eval[string](t, b, `document.activeElement.id`); got != "pick-m1" {
		t.Fatalf("after the picture's data comes %q", got)
	}
	b.Press(t, kb.ArrowDown)
	if got := shown(); len(got) != 1 || got[0] != "m2" {
		t.Errorf("an arrow shows the measures %v", got)
	}
	browser.Eval[bool](t, b, `document.querySelector("#m2 summary").focus(), true`)
	b.Press(t, "\r")
	if !browser.Eval[bool](t, b, `document.querySelector("#m2 tbody tr.sum").checkVisibility()`) {
		t.Error("the tables do not open by keyboard")
	}
	for _, look := range []browser.Look{{Name: "telephone", Width: 360}, {Name: "tablet", Width: 768, Dark: true},
		{Name: "letter paper", Width: 739, Paper: true}} {
		b.Show(t, file, look)
		browser.Eval[bool](t, b, `document.querySelectorAll("details").forEach((d) => d.open = true), true`)
		browser.Eval[bool](t, b, `document.getElementById("pick-m2").click(), true`)
		for _, v := range append(b.Violations(t), b.Overflow(t)...) {
			t.Errorf("coverage, %s, tables: %s", look.Name, v)
		}
	}
}
