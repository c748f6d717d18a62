package record

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"miic/cmd/miic/shell"
	"miic/internal/prose"
	"miic/internal/table"
	"miic/reports/healthcard"
	"miic/reports/record"
)

func verifyCommand(a *shell.App) *cobra.Command {
	var keys string
	cmd := &cobra.Command{
		Use:   "verify FILE|TEXT",
		Short: "Check whether a record is genuine",
		Long: `Check a record that somebody hands over, without looking at the registry's tables: a
.smart-health-card file, or the text of its QR code (shc:/…; of several codes, one a line in
a file). It is genuine if one of the public keys has signed it and nothing of it was changed;
what it says is printed, and is personal data.

Records that are not signed have a verification code. Of a code, or of the record's JSON
file, which must have the code of its contents, it says what was issued under it, to whom
and when. A record that is not genuine ends the command with 1.` +
			shell.Exits(shell.ExitDone, shell.ExitFailed, shell.ExitUsage, shell.ExitNoLake, shell.ExitDamaged),
		Example: `  miic history verify record-1204.smart-health-card --keys jwks.json
  miic history verify 'shc:/5676290952432060346029243740446031222959532654603460292540772804'
  miic history verify JTWQ-BQGV-N6Z1-1KTF`,
		Args: shell.OneArgument("a file, the text of a QR code, or a verification code"),
		RunE: func(_ *cobra.Command, args []string) error { return verify(a, args[0], keys) },
	}
	cmd.Flags().StringVar(&keys, "keys", "", "`file` of the issuer's public keys, jwks.json (default this site's)")
	return cmd
}

var codeForm = regexp.MustCompile(`^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$`)

func verify(a *shell.App, what, keys string) error {
	if code := strings.ToUpper(what); codeForm.MatchString(code) {
		return issuedAs(a, code)
	}
	text := what
	if data, err := os.ReadFile(what); err == nil {
		text = string(data)
	} else if !strings.HasPrefix(strings.ToLower(what), "shc:/") && strings.Count(what, ".") != 2 {
		return shell.UsageError("there is no file %s, and it is neither the text of a QR code nor a verification code",
			prose.Name(filepath.Base(what)))
	}
	if code, ok, err := documentCode(text); ok {
		if err != nil {
			return notGenuine(err)
		}
		return issuedAs(a, code)
	}
	cards, err := healthcard.Cards(text)
	if err != nil {
		return notGenuine(err)
	}
	set, err := publicSet(a, keys)
	if err != nil {
		return err
	}
	var list []*healthcard.Card
	for _, one := range cards {
		card, err := set.Verify(one)
		if err != nil {
			return notGenuine(err)
		}
		list = append(list, card)
	}
	if a.JSON {
		return a.Document(map[string]any{"genuine": true, "cards": list})
	}
	for _, c := range list {
		a.Say("genuine: signed for %s, issued %s", c.Issuer, c.Issued.Format("2006-01-02"))
		a.Say("%s %s, born %s", strings.Join(c.Given, " "), c.Family, c.Birth)
		for _, d := range c.Doses {
			a.Say("%s  CVX %02d", d.On, d.CVX)
		}
	}
	return nil
}

func notGenuine(err error) error {
	return &shell.ExitError{Code: shell.ExitFailed, Err: fmt.Errorf("not genuine: %w", err)}
}

// publicSet are the keys that a card is checked with: the file's, or else this site's.
func publicSet(a *shell.App, path string) (*healthcard.Set, error) {
	if path != "" {
		set, err := healthcard.ReadSet(path)
		if err != nil {
			return nil, shell.UsageError("%w", err)
		}
		return set, nil
	}
	c, err := shell.Load(a.ConfigPath)
	if err != nil {
		return nil, err
	}
	s := &c.Reports.Records
	if s.KeyFile != "" {
		if set, err := healthcard.ReadSet(filepath.Join(filepath.Dir(s.KeyFile), publicKeys)); err == nil {
			return set, nil
		}
	}
	if s.Key == nil {
		return nil, shell.UsageError("this site has no key: name the issuer's public keys with --keys jwks.json")
	}
	return healthcard.SetOf(s.Key), nil
}

// documentCode is the verification code of a record's JSON form; not ok: it is something else.
func documentCode(text string) (code string, ok bool, err error) {
	var r record.Record
	if json.Unmarshal([]byte(text), &r) != nil || r.Code == "" {
		return "", false, nil
	}
	code, err = record.CodeOf(&r)
	if err == nil && code != r.Code {
		err = errors.New("the record was changed: its verification code is that of other contents")
	}
	return code, true, err
}

// issuedAs says what was issued under a verification code.
func issuedAs(a *shell.App, code string) error {
	c, l, err := shell.OpenLake(a)
	if err != nil {
		return err
	}
	list, err := l.Disclosures()
	if err != nil {
		return err
	}
	for _, d := range list {
		for i, one := range d.Codes {
			if one == code && i < len(d.Clients) {
				on, err := shell.DayOf(c, d.At)
				if err != nil {
					return err
				}
				return sayIssued(a, code, d.Clients[i], on, d.Recipient)
			}
		}
	}
	m, err := l.Head()
	if err != nil {
		return err
	}
	answers, err := table.ReadAll[table.RecordAnswer](l.Files(m, table.RecordAnswers.Name))
	if err != nil {
		return err
	}
	for _, one := range answers {
		if one.Code == code {
			return sayIssued(a, code, one.ClientID, one.AnsweredOn, "the person")
		}
	}
	return notGenuine(errors.New("no record was issued under this verification code"))
}

func sayIssued(a *shell.App, code string, client int64, on table.Date, to string) error {
	if a.JSON {
		return a.Document(map[string]any{"genuine": true, "verification_code": code, "registry_id": client, "issued_on": on.String(), "recipient": to})
	}
	a.Say("%s was issued on %s: the record of %d, for %s. Compare it with what 'miic history' issues of that night", code, on, client, to)
	return nil
}
