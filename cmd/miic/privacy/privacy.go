// Package privacy has the commands about what families ask for: which requests wait for a person, how they are settled, how
// a restriction is lifted, and to whom a person's data was disclosed.
package privacy

import (
	"context"
	"embed"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"miic/cmd/miic/shell"
	"miic/internal/engine"
	"miic/internal/lake"
	"miic/internal/prose"
	"miic/internal/table"
)

//go:embed sql/*.sql
var sqlFiles embed.FS

var queries = engine.LoadQueries(sqlFiles)

// Privacy is miic privacy.
func Privacy(a *shell.App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "privacy",
		Short: "Requests of families, restrictions, and the accounting of disclosures",
		Long: `See which opt-outs, locks and other requests fit nobody or several people, and settle them; lift
a restriction; list to whom a person's data was disclosed.` +
			shell.Exits(shell.ExitDone, shell.ExitUsage),
		Example: "  miic privacy list\n  miic privacy disclosures 2204",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, args []string) error { return cmd.Help() },
	}
	cmd.AddCommand(listCommand(a), showCommand(a), settleCommand(a), liftCommand(a), disclosuresCommand(a), purgeCommand(a),
		compareCommand(a))
	return cmd
}

// request is a request that restricts, as HEAD has it.
type request struct {
	ID         string  `json:"request_id"`
	Kind       string  `json:"kind"`
	ReceivedOn string  `json:"received_on,omitempty"`
	Snapshot   int64   `json:"snapshot"` // the night that brought it
	Clients    []int64 `json:"clients"`  // whom it is, or may be, about
	// fits nobody, may be about, is about; or, by an operator, is about (settled), is about nobody (settled), lifted
	State     string `json:"state"`
	DecidedBy string `json:"decided_by,omitempty"`
	DecidedOn string `json:"decided_on,omitempty"`
	Reason    string `json:"reason,omitempty"`
}

const (
	fitsNobody = "fits nobody"
	mayBe      = "may be about"
	isAbout    = "is about"
	settledAs  = "is about (settled)"
	settledNot = "is about nobody (settled)"
	lifted     = "lifted"
)

func (r *request) waits() bool { return r.State == fitsNobody || r.State == mayBe }

type askedRow struct {
	ID         string     `col:"request_id"`
	Kind       string     `col:"kind"`
	ReceivedOn table.Date `col:"received_on"`
	Snapshot   int64      `col:"snapshot"`
	ClientID   int64      `col:"client_id,null"`
	Basis      string     `col:"basis,null"`
	DecidedBy  string     `col:"decided_by,null"`
	DecidedOn  table.Date `col:"decided_on"`
	Reason     string     `col:"reason,null"`
	Persons    int64      `col:"persons"`
	Lifted     int64      `col:"lifted,null"` // whom it restricts no more
}

// head is HEAD's tables about requests.
type head struct {
	c *shell.Config
	l *lake.Lake
	m *lake.Manifest
	e *engine.Engine
}

// withHead opens HEAD's tables about requests for reading.
func withHead(ctx context.Context, a *shell.App, use func(*head) error) error {
	c, l, m, err := shell.OpenHead(a)
	if err != nil {
		return err
	}
	e, err := shell.OpenEngine(ctx, c)
	if err != nil {
		return err
	}
	defer e.Close()
	if err := e.Tables(ctx, l.FilesOf(m), table.Requests, table.Restrictions, table.Settlements, table.Clients,
		table.ClientLinks); err != nil {
		return err
	}
	if err := e.Latest(ctx, "latest_request", table.Requests, table.Requests.Name); err != nil {
		return err
	}
	return use(&head{c, l, m, e})
}

// requests lists the requests that restrict, by id.
func (h *head) requests(ctx context.Context) ([]request, error) {
	rows, err := engine.Rows[askedRow](ctx, h.e, queries.Get("asked"))
	if err != nil {
		return nil, err
	}
	list := []request{}
	for _, r := range rows {
		if len(list) == 0 || list[len(list)-1].ID != r.ID {
			list = append(list, request{ID: r.ID, Kind: r.Kind, Snapshot: r.Snapshot,
				Clients: []int64{}, State: fitsNobody, DecidedBy: r.DecidedBy, Reason: r.Reason})
			q := &list[len(list)-1]
			if r.ReceivedOn != 0 {
				q.ReceivedOn = r.ReceivedOn.String()
			}
			if r.DecidedBy != "" {
				q.State, q.DecidedOn = settledNot, r.DecidedOn.String()
			}
			if r.Lifted != 0 {
				q.State = lifted
				if r.ClientID == 0 {
					q.Clients = append(q.Clients, r.Lifted)
				}
			}
		}
		q := &list[len(list)-1]
		if r.ClientID == 0 {
			continue
		}
		q.Clients = append(q.Clients, r.ClientID)
		switch {
		case r.Persons > 0:
			q.State = settledAs
		case r.Basis != "possible":
			q.State = isAbout
		case q.State != isAbout:
			q.State = mayBe // also where one of several was lifted
		}
	}
	return list, nil
}

func (h *head) request(ctx context.Context, id string) (*request, error) {
	list, err := h.requests(ctx)
	if err != nil {
		return nil, err
	}
	for i := range list {
		if list[i].ID == id {
			return &list[i], nil
		}
	}
	return nil, shell.UsageError("no request %s that restricts: 'miic privacy list --all' names them",
		strconv.Quote(id))
}

func listCommand(a *shell.App) *cobra.Command {
	var all bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "The requests that fit nobody, or may be about several people",
		Long: `List the requests that wait for a person, with whom each may be about. All of these people
are in no output until it is settled; one that fits nobody is tried again every night.
It names requests and people by their ids, and shows no personal data.` +
			shell.Exits(shell.ExitDone, shell.ExitFailed, shell.ExitUsage, shell.ExitNoLake, shell.ExitDamaged),
		Example: "  miic privacy list\n  miic privacy list --all --json | jq '.requests[].state'",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return withHead(cmd.Context(), a, func(h *head) error {
				list, err := h.requests(cmd.Context())
				if err != nil {
					return err
				}
				shown, waiting := []request{}, 0
				for _, r := range list {
					if r.waits() {
						waiting++
					}
					if all || r.waits() {
						shown = append(shown, r)
					}
				}
				if a.JSON {
					return a.Document(map[string]any{"requests": shown, "waiting": waiting})
				}
				if len(shown) > 0 && !a.Quiet {
					lines := [][]string{{"request", "kind", "received", "state", "clients", "decided"}}
					for _, r := range shown {
						lines = append(lines, r.line())
					}
					prose.Columns(a.Stdout, lines)
				}
				a.Say("%s", prose.Count(int64(waiting), "request waits", "requests wait")+" for a person")
				return nil
			})
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, "every request that restricts, with what was decided, and all that was lifted")
	return cmd
}

// mostShown is how many people a line names.
const mostShown = 8

func (r *request) line() []string {
	var ids []string
	for _, id := range r.Clients[:min(len(r.Clients), mostShown)] {
		ids = append(ids, strconv.FormatInt(id, 10))
	}
	if n := len(r.Clients) - len(ids); n > 0 {
		ids = append(ids, fmt.Sprintf("and %d more", n))
	}
	decided := ""
	if r.DecidedBy != "" {
		decided = fmt.Sprintf("%s by %s: %s", r.DecidedOn, prose.Name(r.DecidedBy), prose.Name(r.Reason))
	}
	return []string{prose.Name(r.ID), r.Kind, r.ReceivedOn, r.State, strings.Join(ids, " "), decided}
}

// besideRow is what a request, or the registry, has of somebody.
type besideRow struct {
	ClientID  int64      `col:"client_id,null"` // 0 for the request itself
	FirstName string     `col:"first_name,null"`
	LastName  string     `col:"last_name,null"`
	BirthDate table.Date `col:"birth_date"`
	Sex       string     `col:"sex,null"`
	Address   string     `col:"address_1,null"`
	City      string     `col:"city,null"`
	ZIP       string     `col:"zip,null"`
	Phone     string     `col:"phone,null"`
}

var besideColumns = []string{"client_id", "first_name", "last_name", "birth_date", "sex", "address", "city", "zip",
	"phone"}

func (r *besideRow) values() []string {
	who, born := "", ""
	if r.ClientID != 0 {
		who = strconv.FormatInt(r.ClientID, 10)
	}
	if r.BirthDate != 0 {
		born = r.BirthDate.String()
	}
	return []string{who, r.FirstName, r.LastName, born, r.Sex, r.Address, r.City, r.ZIP, r.Phone}
}

// document is what JSON has of it: no column without a value.
func (r *besideRow) document() map[string]string {
	m := map[string]string{}
	for i, v := range r.values() {
		if v != "" {
			m[besideColumns[i]] = v
		}
	}
	return m
}

func showCommand(a *shell.App) *cobra.Command {
	return &cobra.Command{
		Use:   "show REQUEST",
		Short: "A request beside the people whom it may be about",
		Long: `Show what a family wrote, and under it whom the registry has who may be meant. What it
prints is personal data, of people who are in no output: for whoever settles requests.` +
			shell.Exits(shell.ExitDone, shell.ExitFailed, shell.ExitUsage, shell.ExitNoLake, shell.ExitDamaged),
		Example: "  miic privacy show families/R2026-0412",
		Args:    shell.OneArgument("the request, as 'miic privacy list' names it"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withHead(cmd.Context(), a, func(h *head) error {
				q, err := h.request(cmd.Context(), args[0])
				if err != nil {
					return err
				}
				rows, err := engine.Rows[besideRow](cmd.Context(), h.e, queries.Get("beside", "request", q.ID))
				if err != nil {
					return err
				}
				if a.JSON {
					people := []map[string]string{}
					for _, r := range rows[1:] {
						people = append(people, r.document())
					}
					return a.Document(map[string]any{"request": q, "written": rows[0].document(), "people": people})
				}
				a.Say("request %s of %s: %s, %s", prose.Name(q.ID), q.ReceivedOn, q.Kind, q.State)
				lines := [][]string{{"client", "given name", "surname", "born", "sex", "address", "city", "ZIP", "phone"}}
				for i := range rows {
					line := rows[i].values()
					for k := range line {
						line[k] = prose.Name(line[k])
					}
					if rows[i].ClientID == 0 {
						line[0] = "written"
					}
					lines = append(lines, line)
				}
				if !a.Quiet {
					prose.Columns(a.Stdout, lines)
				}
				return nil
			})
		},
	}
}
