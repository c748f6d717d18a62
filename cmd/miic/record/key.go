package record

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"miic/cmd/miic/shell"
	"miic/internal/private"
	"miic/reports/healthcard"
)

// Key is miic key.
func Key(a *shell.App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "key",
		Short: "The key that signs records",
		Long:  "Make the key with which a site signs official records, and its public part." + shell.Exits(shell.ExitDone, shell.ExitUsage),
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, args []string) error { return cmd.Help() },
	}
	var out, public string
	made := &cobra.Command{
		Use:   "new",
		Short: "Make a key, and publish its public part",
		Long: `Make a private key for signing records (ES256) in a new file that only its owner may read,
and write its public part into jwks.json beside it, before the keys that are there: what
these have signed can still be checked. Name the key in the configuration, under reports:
records:, with the site's address, below which jwks.json is served as
.well-known/jwks.json; and keep a copy of the key where the backups are not.` +
			shell.Exits(shell.ExitDone, shell.ExitFailed, shell.ExitUsage),
		Example: "  miic key new --out /etc/miic/record-key.json\n  miic key new --out key-2027.json --public www/.well-known/jwks.json",
		Args:    cobra.NoArgs,
		RunE:    func(*cobra.Command, []string) error { return newKey(a, out, public) },
	}
	made.Flags().StringVar(&out, "out", "", "`file` of the private key; one that is there is not replaced")
	made.Flags().StringVar(&public, "public", "", "`file` of the public keys (default jwks.json beside the key)")
	cmd.AddCommand(made)
	return cmd
}

// publicKeys is the usual name of the file of public keys, beside the key.
const publicKeys = "jwks.json"

func newKey(a *shell.App, out, public string) error {
	if out == "" {
		return shell.UsageError("name the file of the key with --out FILE")
	}
	if err := shell.NewFile(out); err != nil {
		return err
	}
	if public == "" {
		public = filepath.Join(filepath.Dir(out), publicKeys)
	}
	set := &healthcard.Set{}
	if _, err := os.Lstat(public); err == nil {
		if set, err = healthcard.ReadSet(public); err != nil {
			return shell.UsageError("%w: name another with --public", err)
		}
	}
	key, err := healthcard.NewKey()
	if err != nil {
		return err
	}
	set.Add(key)
	secret, err := key.Private()
	if err != nil {
		return err
	}
	published, err := set.JSON()
	if err != nil {
		return err
	}
	// The public part first: one that nothing is signed with does no harm.
	for _, f := range []struct {
		path string
		text []byte
	}{{public, published}, {out, secret}} {
		if err := private.Write(f.path, func(w io.Writer) error { _, err := w.Write(f.text); return err }); err != nil {
			return err
		}
	}
	if a.JSON {
		return a.Document(map[string]any{"key": out, "public": public, "id": key.ID(), "public_keys": set.Len()})
	}
	a.Say("key %s is in %s; publish %s", key.ID(), out, fmt.Sprintf("%s (%d)", public, set.Len()))
	return nil
}
