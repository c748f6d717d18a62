package main

import (
	"log/slog"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// progress shows how a run goes: on a terminal a bar with rate and time left. Without a terminal the
// pipeline's log has one line when a stage begins and one when it ends.
type progress struct {
	app   *app
	log   *slog.Logger
	tty   bool
	bar   *progressbar.ProgressBar
	stage string
	step  string
}

func newProgress(a *app) *progress {
	f, ok := a.stderr.(*os.File)
	tty := ok && term.IsTerminal(int(f.Fd())) && !a.quiet && !a.json
	return &progress{app: a, log: a.log(tty), tty: tty}
}

// at moves the bar; total 0 means that the end is not known.
func (p *progress) at(stage, step string, done, total int64) {
	if !p.tty {
		return
	}
	if stage != p.stage || step != p.step || p.bar == nil {
		p.end()
		p.stage, p.step = stage, step
		if total <= 0 {
			total = -1
		}
		p.bar = progressbar.NewOptions64(total, progressbar.OptionSetWriter(p.app.stderr),
			progressbar.OptionSetDescription(stage+" · "+step),
			progressbar.OptionShowCount(), progressbar.OptionShowIts(), progressbar.OptionSetPredictTime(true),
			progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish())
	}
	_ = p.bar.Set64(done)
}

// end takes the bar away.
func (p *progress) end() {
	if p.bar != nil {
		_ = p.bar.Finish()
		p.bar = nil
	}
}
