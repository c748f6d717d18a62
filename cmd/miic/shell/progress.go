package shell

import (
	"log/slog"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// Progress shows how a run goes: on a terminal a bar with rate and time left. Without a terminal the
// pipeline's log has one line when a stage begins and one when it ends.
type Progress struct {
	app   *App
	Log   *slog.Logger
	tty   bool
	bar   *progressbar.ProgressBar
	stage string
	step  string
}

// NewProgress begins without a bar.
func NewProgress(a *App) *Progress {
	f, ok := a.Stderr.(*os.File)
	tty := ok && term.IsTerminal(int(f.Fd())) && !a.Quiet && !a.JSON
	return &Progress{app: a, Log: a.Log(tty), tty: tty}
}

// At moves the bar; total 0 means that the end is not known.
func (p *Progress) At(stage, step string, done, total int64) {
	if !p.tty {
		return
	}
	if stage != p.stage || step != p.step || p.bar == nil {
		p.End()
		p.stage, p.step = stage, step
		if total <= 0 {
			total = -1
		}
		p.bar = progressbar.NewOptions64(total, progressbar.OptionSetWriter(p.app.Stderr),
			progressbar.OptionSetDescription(stage+" · "+step),
			progressbar.OptionShowCount(), progressbar.OptionShowIts(), progressbar.OptionSetPredictTime(true),
			progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish())
	}
	_ = p.bar.Set64(done)
}

// End takes the bar away.
func (p *Progress) End() {
	if p.bar != nil {
		_ = p.bar.Finish()
		p.bar = nil
	}
}
