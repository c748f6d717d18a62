package record

import (
	"context"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"miic/cmd/miic/shell"
	"miic/internal/engine"
	"miic/internal/prose"
	"miic/internal/table"
)

// requestRow is what became of a request for a record.
type requestRow struct {
	ID         string     `col:"request_id"`
	ReceivedOn table.Date `col:"received_on"`
	State      string     `col:"state"`
	Reason     string     `col:"reason"`
	AnsweredOn table.Date `col:"answered_on"`
	ClientID   int64      `col:"client_id,null"`
}

// request is the same, with all whom it names.
type request struct {
	ID         string  `json:"request_id"`
	ReceivedOn string  `json:"received_on"`
	State      string  `json:"state"`
	Reason     string  `json:"reason"`
	AnsweredOn string  `json:"answered_on,omitempty"`
	Clients    []int64 `json:"clients"`
}

func requestsCommand(a *shell.App) *cobra.Command {
	var all bool
	cmd := &cobra.Command{
		Use:   "requests",
		Short: "The requests for records that wait for an operator",
		Long: `List the requests for records that the night has not answered, each with why: it fits nobody,
several, or nobody surely; the person is kept apart or has died; the one who asks is not the
person, or of a child a parent or guardian; neither the mother's maiden name nor an address
agrees; or nobody issues records, or the key cannot sign. It names requests and people by
their ids, and shows no personal data.` +
			shell.Exits(shell.ExitDone, shell.ExitFailed, shell.ExitUsage, shell.ExitNoLake, shell.ExitDamaged),
		Example: "  miic history requests\n  miic history requests --all --json | jq '.requests[].state'",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return listRequests(cmd.Context(), a, all) },
	}
	cmd.Flags().BoolVar(&all, "all", false, "those that were answered too")
	return cmd
}

func listRequests(ctx context.Context, a *shell.App, all bool) error {
	c, l, m, err := shell.OpenHead(a)
	if err != nil {
		return err
	}
	e, err := shell.OpenEngine(ctx, c)
	if err != nil {
		return err
	}
	defer e.Close()
	if err := e.Tables(ctx, l.FilesOf(m), table.Requests, table.RecordAnswers, table.AccessMatches); err != nil {
		return err
	}
	if err := e.Latest(ctx, "latest_request", table.Requests, table.Requests.Name); err != nil {
		return err
	}
	rows, err := engine.Rows[requestRow](ctx, e, queries.Get("requests"))
	if err != nil {
		return err
	}
	list := []request{}
	waiting := int64(0)
	for _, r := range rows {
		if r.State != "waits" && !all {
			continue
		}
		if n := len(list); n == 0 || list[n-1].ID != r.ID {
			list = append(list, request{r.ID, r.ReceivedOn.String(), r.State, r.Reason, r.AnsweredOn.String(), []int64{}})
			if r.State == "waits" {
				waiting++
			}
		}
		if r.ClientID != 0 {
			list[len(list)-1].Clients = append(list[len(list)-1].Clients, r.ClientID)
		}
	}
	if a.JSON {
		return a.Document(map[string]any{"requests": list, "waiting": waiting})
	}
	if len(list) > 0 && !a.Quiet {
		lines := [][]string{{"request", "received", "state", "reason", "clients"}}
		for _, r := range list {
			var ids []string
			for _, id := range r.Clients {
				ids = append(ids, strconv.FormatInt(id, 10))
			}
			lines = append(lines, []string{prose.Name(r.ID), r.ReceivedOn, r.State, r.Reason, strings.Join(ids, " ")})
		}
		prose.Columns(a.Stdout, lines)
	}
	a.Say("%s", prose.Count(waiting, "request waits", "requests wait")+" for an operator")
	return nil
}
