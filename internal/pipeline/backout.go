package pipeline

import (
	"context"

	"miic/internal/lake"
)

// Backout makes a new snapshot without one delivery. The stage takes its rows out of HEAD's logs, in the place of the first of
// the night's stages; the others then run as they do on any night, and work again on what that has touched. Nothing
// arrives, the date is HEAD's, and no brake works: an operator has asked for the change. What must not be undone stays,
// because the stages that keep it only add to it: restrictions, requests, verdicts, notices, disclosures and ids.
func Backout(ctx context.Context, o Options, takeOut Stage, batch, reason string) (*Result, error) {
	if o.Log == nil {
		o.Log = discardLog()
	}
	n := &night{
		Options: o,
		kind:    "backout",
		backout: batch,
		reason:  reason,
		inbox:   []Delivery{},
		result:  &Result{Outcome: Failed},
	}
	n.Stages = append([]Stage{takeOut}, o.Stages[1:]...)
	err := n.takeOut(ctx)
	n.result.AsOf = n.AsOf.String()
	if err != nil && ctx.Err() != nil {
		err = lake.Errorf(lake.Interrupted, "interrupted; nothing was taken out: %w", err)
	}
	if err != nil {
		n.result.Exit = int(lake.CodeOf(err))
	}
	return n.result, err
}

func (n *night) takeOut(ctx context.Context) (err error) {
	if err := checkStages(n.Stages, ""); err != nil {
		return err
	}
	if n.w, err = n.Lake.Lock(); err != nil {
		return err
	}
	defer n.w.Unlock()
	if n.head, err = n.w.Head(); err != nil {
		return err
	}
	if n.head == nil {
		return lake.Errorf(lake.NoLake, "no night was committed yet: there is nothing to take out")
	}
	if headStage(n.head, n.Stages[0].Name) == nil {
		return lake.Errorf(lake.Usage, "HEAD was not made by these stages: run `miic nightly` first")
	}
	if _, err := publish(n.w, n.head, n.Options); err != nil {
		return err
	}
	if n.AsOf, err = n.head.Date(); err != nil {
		return err
	}
	return n.begin(ctx)
}
