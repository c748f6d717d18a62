package navigation

import "testing"

// TestOneOrder: each page names the same pages in the same order, and marks itself alone.
func TestOneOrder(t *testing.T) {
	for _, page := range pages {
		marked := 0
		for i, l := range From(page.File) {
			if l.File != pages[i].File || l.Text != pages[i].Text {
				t.Errorf("%s names %s in place %d", page.File, l.File, i)
			}
			if l.Current {
				marked++
			}
			if l.Current != (l.File == page.File) {
				t.Errorf("%s marks %s: %t", page.File, l.File, l.Current)
			}
		}
		if marked != 1 {
			t.Errorf("%s marks %d pages", page.File, marked)
		}
	}
}
