// Package browser opens the pages in headless Chromium, for tests only: whether somebody can read and use them on a
// screen, a telephone, on paper, in the dark, by keyboard, and with a screen reader.
//
// It needs Chromium (Debian's package chromium) and axe-core (npm ci in this folder). Where one of them is absent the
// test is skipped and says so, except with CI=true, where it fails: what the gate must run may not be skipped.
package browser

import (
	"context"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"miic/internal/testdata"
)

// needed finds what the tests need, or skips.
func needed(t testing.TB) (chromium, axe string) {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			chromium = path
			break
		}
	}
	if chromium == "" {
		testdata.Missing(t, "Chromium (apt-get install chromium)")
	}
	text, err := os.ReadFile(filepath.Join(testdata.Root(t), "internal", "browser", "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		testdata.Missing(t, "axe-core (npm ci in internal/browser)")
	}
	return chromium, string(text)
}

// A Browser shows one page at a time.
type Browser struct {
	ctx context.Context
	axe string
	Dir string // where files are downloaded to

	mu       sync.Mutex
	faults   []string      // what a page asked of another place, or the browser complained about
	dialogue chan struct{} // a page asks before it is left
}

// Open starts a browser for the length of the test.
func Open(t testing.TB) *Browser {
	t.Helper()
	chromium, axe := needed(t)
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.ExecPath(chromium),
		chromedp.NoSandbox, chromedp.Flag("hide-scrollbars", true))
	ctx, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	b := &Browser{ctx: ctx, axe: axe, Dir: t.TempDir(), dialogue: make(chan struct{}, 16)}
	err := chromedp.Listen(ctx, b.heard)
	for _, enable := range []func() error{
		func() error { return call(ctx, network.Enable, network.EnableParams{}) },
		func() error { return call(ctx, log.Enable, cdp.Empty{}) },
		func() error {
			return call(ctx, cdpbrowser.SetDownloadBehavior, cdpbrowser.SetDownloadBehaviorParams{
				Behavior: cdpbrowser.SetDownloadBehaviorBehaviorAllow, DownloadPath: b.Dir})
		},
	} {
		if err == nil {
			err = enable()
		}
	}
	if err != nil {
		t.Fatalf("browser: %v", err)
	}
	go func() { // a page with answers that are not saved asks before it is left
		for {
			select {
			case <-ctx.Done():
				return
			case <-b.dialogue:
				_ = call(ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: true})
			}
		}
	}()
	return b
}

func call[P, R any](ctx context.Context, cmd cdp.Command[P, R], params P) error {
	_, err := chromedp.Call(ctx, cmd, params)
	return err
}

func (b *Browser) heard(ev any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch ev := ev.(type) {
	case *network.EventRequestWillBeSent:
		if u := ev.Request.URL; !strings.HasPrefix(u, "file:") && !strings.HasPrefix(u, "blob:null/") &&
			!strings.HasPrefix(u, "blob:file:") {
			b.faults = append(b.faults, "asks for "+u)
		}
	case *log.EventEntryAdded:
		b.faults = append(b.faults, ev.Entry.Text)
	case *runtime.EventExceptionThrown:
		b.faults = append(b.faults, ev.ExceptionDetails.Text)
	case *page.EventJavascriptDialogOpening:
		b.dialogue <- struct{}{}
	}
}

// do carries out an action; a browser that hangs fails the test.
func do[T any](t testing.TB, b *Browser, a chromedp.Action[T]) T {
	t.Helper()
	ctx, stop := context.WithTimeout(b.ctx, time.Minute)
	defer stop()
	v, err := chromedp.Run(ctx, a)
	if err != nil {
		t.Fatalf("browser: %v", err)
	}
	return v
}

// Look is how a page is looked at.
type Look struct {
	Name  string
	Width int64
	Dark  bool
	Paper bool // as it is printed
}

// Looks are the ways in which every page must be readable: a telephone, a tablet, a screen, a screen at night, paper with
// Chromium's usual margins: A4, which is narrower than Letter.
var Looks = []Look{{Name: "telephone", Width: 360}, {Name: "tablet", Width: 768}, {Name: "screen", Width: 1280},
	{Name: "dark", Width: 1280, Dark: true}, {Name: "dark telephone", Width: 360, Dark: true},
	{Name: "paper", Width: 718, Paper: true}}

// Show opens a file as it is looked at.
func (b *Browser) Show(t testing.TB, file string, l Look) {
	t.Helper()
	scheme, media := "light", "screen"
	if l.Dark {
		scheme = "dark"
	}
	if l.Paper {
		media = "print"
	}
	address := url.URL{Scheme: "file", Path: file}
	err := call(b.ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: l.Width,
		Height: 900, DeviceScaleFactor: 1})
	if err == nil {
		err = call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: media,
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
	}
	if err != nil {
		t.Fatalf("browser: %v", err)
	}
	do(t, b, chromedp.Navigate(address.String()))
}

// Eval runs a script on the page and returns what it gives.
func Eval[T any](t testing.TB, b *Browser, script string) T {
	t.Helper()
	return do(t, b, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
}

// Click presses what a CSS selector finds.
func (b *Browser) Click(t testing.TB, selector string) {
	t.Helper()
	do(t, b, chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible))
}

// Type writes into a field.
func (b *Browser) Type(t testing.TB, selector, text string) {
	t.Helper()
	do(t, b, chromedp.SendKeys(chromedp.CSS(selector), text, chromedp.NodeVisible))
}

// Press presses keys, one after the other, wherever the page has its focus.
func (b *Browser) Press(t testing.TB, keys string) {
	t.Helper()
	do(t, b, chromedp.KeyEvent(keys))
}

// Violations are what axe finds against WCAG 2.2 A and AA and good practice, and what of it.
func (b *Browser) Violations(t testing.TB) []string {
	t.Helper()
	// The page's own policy allows it no other script; the debugger may add one all the same.
	Eval[bool](t, b, b.axe+";true")
	return Eval[[]string](t, b, `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa",
		"best-practice"]}).then((r) => r.violations.map((v) => v.id + ": " + v.help + ": " +
			v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(" | ")))`)
}

// Overflow lists what reaches beyond the page's width, or is cut off by what it lies in.
func (b *Browser) Overflow(t testing.TB) []string {
	t.Helper()
	return Eval[[]string](t, b, `(() => {
		const wide = document.documentElement.clientWidth, out = [];
		if (document.documentElement.scrollWidth > wide) out.push("the page is " + document.documentElement.scrollWidth + " wide");
		for (const e of document.querySelectorAll("main *, nav *, footer *")) {
			const r = e.getBoundingClientRect(), s = getComputedStyle(e);
			if (!r.width || s.visibility === "hidden" || s.clipPath !== "none" || e.closest(".unseen, thead") && s.display !== "table-cell") continue;
			if (r.right > wide + 1 || r.left < -1) out.push(e.tagName + " reaches " + Math.round(r.right) + ": " + e.textContent.slice(0, 60));
			else if (e.scrollWidth > e.clientWidth + 1 && s.overflowX !== "visible" && s.display !== "inline" && e.tagName !== "INPUT")
				out.push(e.tagName + " cuts off: " + e.textContent.slice(0, 60));
		}
		return out.slice(0, 10);
	})()`)
}

// DeadLinks lists the links of the page that lead to no file.
func (b *Browser) DeadLinks(t testing.TB) []string {
	t.Helper()
	var dead []string
	for _, href := range Eval[[]string](t, b, `[...document.links].map((a) => a.href)`) {
		u, err := url.Parse(href)
		if err != nil || u.Scheme != "file" {
			dead = append(dead, href)
			continue
		}
		if info, err := os.Stat(u.Path); err != nil || !info.Mode().IsRegular() {
			dead = append(dead, href)
		}
	}
	return dead
}

// Faults lists what the pages so far have asked of other places, and what the browser complained about: a script or
// style that the policy does not allow, an error in a script.
func (b *Browser) Faults() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.faults)
}

// Print prints the page on Letter or A4 paper and returns the PDF.
func (b *Browser) Print(t testing.TB, letter bool) []byte {
	t.Helper()
	paper := chromedp.PaperA4
	if letter {
		paper = chromedp.PaperLetter
	}
	return do(t, b, chromedp.PrintToPDF(chromedp.PDFPaper(paper), chromedp.PDFPrintBackground()))
}

// Download waits for a file that the page saves, and returns its path.
func (b *Browser) Download(t testing.TB, name string) string {
	t.Helper()
	path := filepath.Join(b.Dir, name)
	for range 100 {
		if info, err := os.Stat(path); err == nil && info.Size() > 0 {
			return path
		}
		time.Sleep(100 * time.Millisecond)
	}
	files, _ := os.ReadDir(b.Dir)
	t.Fatalf("browser: %s was not saved; there is %v", name, files)
	return ""
}
