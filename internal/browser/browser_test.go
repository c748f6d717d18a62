package browser

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestFaultsAreFound: a page on which everything is wrong is found out, in each way of looking that it is wrong in.
func TestFaultsAreFound(t *testing.T) {
	b := Open(t)
	path := filepath.Join(t.TempDir(), "bad page.html")
	bad := `<!DOCTYPE html><html><head><title></title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/>
<style>.grey { color: #bbb; background: #fff }
@media (prefers-color-scheme: dark) { .night { color: #333; background: #222 } }
.wide { width: 500px } .cut { width: 80px; overflow: hidden; white-space: nowrap }
@media print { .sheet { width: 900px } }</style></head><body><main>
<p class="grey">pale</p><p class="night">dark</p><div class="wide">wide</div><div class="cut">cut off in the middle of it</div>
<div class="sheet">sheet</div><a href="nowhere.html">nowhere</a><a href="http://example.org/">outside</a>
<img src="http://127.0.0.1:9/x.png"/></main><script>throw new Error("x")</script></body></html>`
	if err := os.WriteFile(path, []byte(bad), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, look := range Looks {
		b.Show(t, path, look)
		found := strings.Join(append(b.Violations(t), b.Overflow(t)...), "\n")
		for what, want := range map[string]bool{
			"document-title": true, "html-has-lang": true, "image-alt": true, "pale": true, "cuts off": true,
			`class="night"`: look.Dark, "DIV reaches 508: wide": look.Width == 360,
			"sheet": look.Paper,
		} {
			if strings.Contains(found, what) != want {
				t.Errorf("%s: %s is %t, want %t, in\n%s", look.Name, what, !want, want, found)
			}
		}
	}
	if dead := b.DeadLinks(t); len(dead) != 2 {
		t.Errorf("dead links: %v", dead)
	}
	faults := strings.Join(b.Faults(), "\n")
	for _, what := range []string{"127.0.0.1", "script"} {
		if !strings.Contains(faults, what) {
			t.Errorf("the browser does not complain about %s:\n%s", what, faults)
		}
	}
}
