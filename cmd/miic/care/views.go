package care

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"miic/cmd/miic/shell"
	"miic/internal/engine"
	"miic/internal/lake"
	"miic/internal/table"
	"miic/reports/privacy"
)

func lakeViews(a *shell.App) *cobra.Command {
	var identified bool
	var use, reason string
	cmd := &cobra.Command{
		Use:   "views",
		Short: "CREATE VIEW statements over HEAD's files, for any DuckDB",
		Long: `Print CREATE VIEW statements over exactly the files that HEAD names.

--for research is for questions: people without names, addresses, numbers and birth dates, and
nobody who is restricted; their doses, visits, forecasts, measures of coverage, notices;
deliveries.
--identified is every table as it is, with latest_<table> for those that grow: names, social
security numbers and whoever has opted out are in it. It needs a --reason, and who printed it is
in the ledger. For a study of somebody else there is 'miic report extract'.` +
			shell.Exits(shell.ExitDone, shell.ExitFailed, shell.ExitUsage, shell.ExitNoLake, shell.ExitLocked, shell.ExitDamaged),
		Example: `  miic lake views --for research > views.sql && duckdb -init views.sql
  miic lake views --identified --reason "fault 17: a delivery counted twice" > all.sql`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if use != "" && use != "research" {
				return shell.UsageError("--for %q: only research is known", use)
			}
			if (use != "") == identified {
				return shell.UsageError("say which: 'miic lake views --for research' for questions, without names and without restricted " +
					"people; 'miic lake views --identified --reason \"…\"' for every table as it is")
			}
			if identified && strings.TrimSpace(reason) == "" {
				return shell.UsageError("say why with --reason \"…\": it is kept in the ledger")
			}
			_, l, m, err := shell.OpenHead(a)
			if err != nil {
				return err
			}
			statements := researchViews(l, m)
			if identified {
				statements = identifiedViews(l, m)
				if err := looked(l, reason); err != nil {
					return err
				}
			}
			if a.JSON {
				return a.Document(statements)
			}
			for _, s := range statements {
				fmt.Fprintln(a.Stdout, s)
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&use, "for", "", "`research`: without names, and without restricted people")
	cmd.Flags().BoolVar(&identified, "identified", false, "every table as it is: personal data")
	cmd.Flags().StringVar(&reason, "reason", "", "why, in words; kept in the ledger")
	return cmd
}

// looked keeps in the ledger that somebody looks at everything.
func looked(l *lake.Lake, reason string) error {
	w, err := l.Lock()
	if err != nil {
		return err
	}
	defer w.Unlock()
	return w.Look(shell.Operator(), reason)
}

// identifiedViews are of every table, and of the newest version of each key of a log.
func identifiedViews(l *lake.Lake, m *lake.Manifest) []string {
	var statements []string
	for _, t := range table.All() {
		statements = append(statements, fmt.Sprintf("CREATE OR REPLACE VIEW %s AS %s;", t.Name, engine.FilesSQL(t, l.Files(m, t.Name))))
		if t.Kind == table.Log {
			statements = append(statements, fmt.Sprintf("CREATE OR REPLACE VIEW latest_%s AS %s;", t.Name, engine.LatestSQL(t, t.Name)))
		}
	}
	return statements
}

// researchTables are the views for questions, each by a query of the same name.
var researchTables = []string{"person", "dose", "forecast", "measure_result", "visit_group", "notice", "patient_status", "coverage",
	"delivery", "delivery_figure"}

var from = regexp.MustCompile(`\b(?:FROM|JOIN) ([a-z_]+)`)

// researchViews hold the tables that they are made of within themselves, so that no view is of more than they show. Whoever is
// restricted has no row in any of these: no query has to remember it.
func researchViews(l *lake.Lake, m *lake.Manifest) []string {
	rows := func(t *table.Table) string { return engine.FilesSQL(t, l.Files(m, t.Name)) }
	restricted := privacy.RestrictedSQL()
	for _, t := range []*table.Table{table.Clients, table.Restrictions} {
		restricted = strings.ReplaceAll(restricted, "FROM "+t.Name, "FROM ("+rows(t)+") AS "+t.Name)
	}
	var statements []string
	for _, name := range researchTables {
		query := queries.Get("research_" + name)
		with := []string{"restricted AS (" + restricted + ")"}
		seen := map[string]bool{}
		for _, match := range from.FindAllStringSubmatch(query, -1) {
			t := table.Get(match[1])
			if t == nil || seen[t.Name] {
				continue
			}
			seen[t.Name] = true
			of := rows(t)
			if t.Kind == table.Log {
				with = append(with, "every_"+t.Name+" AS ("+of+")")
				of = engine.LatestSQL(t, "every_"+t.Name)
			}
			if t.Column("client_id") != nil {
				of = "SELECT * FROM (" + of + ") AS rows WHERE client_id NOT IN (SELECT client_id FROM restricted)"
			}
			with = append(with, t.Name+" AS ("+of+")")
		}
		statements = append(statements, fmt.Sprintf("CREATE OR REPLACE VIEW %s AS WITH %s %s;", name, strings.Join(with, ", "), query))
	}
	return statements
}
