package recall

import (
	"strings"

	"github.com/spf13/cobra"

	"miic/cmd/miic/shell"
	"miic/internal/prose"
)

// templatesCommand shows the texts of letters.
func templatesCommand(a *shell.App) *cobra.Command {
	var show string
	cmd := &cobra.Command{
		Use:   "templates",
		Short: "Show the texts of letters, and which may be mailed",
		Long: `Show the templates of letters and postcards in force, built-in ones and the site's, and in
which languages each may be mailed; and of each language the fingerprint of its texts, which
an approval in miic.yaml names. A translation that nobody has approved is not mailed: the
family gets English. --show prints a text as it is, to be read or to begin from: not straight
into templates/, where a file that is not whole is refused. Every file
of the site is checked: one with a slip is refused with its line. See docs/letters.md.` +
			shell.Exits(shell.ExitDone, shell.ExitUsage),
		Example: "  miic recall templates\n  miic recall templates --show notice.es.txt > notice.es.txt\n  mv notice.es.txt templates/ # once it is changed\n  miic recall templates --json | jq .languages",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := shell.Load(a.ConfigPath)
			if err != nil {
				return err
			}
			if err := c.Reports.Sendable(); err != nil {
				return shell.UsageError("%w", err)
			}
			catalog := c.Reports.Mail.Catalog
			if show != "" {
				text, ok := catalog.Text(show)
				if !ok {
					return shell.UsageError("there is no text %s: 'miic recall templates' lists them", show)
				}
				_, err := a.Stdout.Write([]byte(text))
				return err
			}
			texts := catalog.Texts()
			if a.JSON {
				return a.Document(texts)
			}
			rows := [][]string{{"text", "piece", "mailed"}}
			for _, t := range texts.Templates {
				mailed := "yes"
				if !t.Mailed {
					mailed = "no: not approved, English is mailed"
				}
				rows = append(rows, []string{t.File, t.Piece, mailed})
			}
			prose.Columns(a.Stdout, rows)
			a.SayText("")
			rows = [][]string{{"language", "texts", "files"}}
			for _, l := range texts.Languages {
				rows = append(rows, []string{l.Language, l.Fingerprint, strings.Join(l.Files, " ")})
			}
			prose.Columns(a.Stdout, rows)
			return nil
		},
	}
	cmd.Flags().StringVar(&show, "show", "", "print a text in force, by the `name` of its file")
	return cmd
}
