// Command miic is a nightly batch immunization registry: it takes in the files that birth
// registration, clinics and health plans deliver, makes one record of every person, works out which
// vaccines each is due, and writes what people act on. Start reading at shell/night.go.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // the as-of date needs the configured zone on machines without a zone database

	"miic/cmd/miic/shell"
)

func main() {
	os.Exit(Main(os.Args[1:], os.Stdout, os.Stderr))
}

// Main runs the command and returns its exit code. An interrupt ends the run cleanly: nothing is
// committed, what is sealed is kept.
func Main(args []string, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	stdout, stderr = shell.Shown(stdout), shell.Shown(stderr)
	a := &shell.App{Stdout: stdout, Stderr: stderr}
	root := newRoot(a)
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	return a.Finish(ctx, root.ExecuteContext(ctx))
}
