package shell

import (
	"log/slog"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"miic/internal/pipeline"
)

// Progress shows how a run goes: on a terminal a bar with unit, rate and time left. Without a terminal, and on one that
// cannot move its cursor (TERM=dumb), the pipeline's log has one line when a stage begins and one when it ends.
type Progress struct {
	app   *App
	Log   *slog.Logger
	bars  bool
	bar   *progressbar.ProgressBar
	stage string
	step  string
}

// NewProgress begins without a bar.
func NewProgress(a *App) *Progress {
	bars := a.terminal() && !a.Quiet && !a.JSON
	return &Progress{app: a, Log: a.Log(bars), bars: bars}
}

// terminal reports whether standard error is a terminal on which a bar can be drawn.
func (a *App) terminal() bool {
	f, ok := plain(a.Stderr).(*os.File)
	kind := os.Getenv("TERM")
	return ok && term.IsTerminal(int(f.Fd())) && kind != "dumb" && kind != ""
}

// At moves the bar; total 0 means that the end is not known, and no unit that nothing is counted.
func (p *Progress) At(stage, step string, done, total int64, unit string) {
	if !p.bars {
		return
	}
	if stage != p.stage || step != p.step || p.bar == nil {
		p.End()
		p.stage, p.step = stage, step
		p.bar = newBar(p, total, unit)
	}
	_ = p.bar.Set64(done)
}

func newBar(p *Progress, total int64, unit string) *progressbar.ProgressBar {
	if total <= 0 {
		total = -1
	}
	options := []progressbar.Option{progressbar.OptionSetWriter(plain(p.app.Stderr)), progressbar.OptionSetWidth(20),
		progressbar.OptionSetDescription(p.stage + " · " + p.step), progressbar.OptionThrottle(100 * time.Millisecond),
		progressbar.OptionClearOnFinish(), progressbar.OptionSetRenderBlankState(true)}
	switch unit {
	case "":
		options = append(options, progressbar.OptionSetPredictTime(false), progressbar.OptionSetElapsedTime(true))
	case pipeline.Bytes:
		options = append(options, progressbar.OptionShowBytes(true), progressbar.OptionShowCount(),
			progressbar.OptionSetPredictTime(true))
	default:
		options = append(options, progressbar.OptionShowCount(), progressbar.OptionShowIts(),
			progressbar.OptionSetItsString(unit), progressbar.OptionSetPredictTime(true))
	}
	return progressbar.NewOptions64(total, options...)
}

// End takes the bar away.
func (p *Progress) End() {
	if p.bar != nil {
		_ = p.bar.Finish()
		p.bar = nil
	}
}
