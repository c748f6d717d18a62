package attempt

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Notify is whom a site lets know how an attempt ended.
type Notify struct {
	Command []string `yaml:"command"` // a program and its arguments; the JSON document comes on its standard input
	Webhook string   `yaml:"webhook"` // an https address that takes the JSON document by POST
	When    string   `yaml:"when"`    // trouble: only when a person is needed; always: every night
}

// The words of Notify.When.
const (
	Trouble = "trouble"
	Always  = "always"
)

// Validate returns what is wrong, or nil.
func (n Notify) Validate() error {
	if !slices.Contains([]string{Trouble, Always}, n.When) {
		return fmt.Errorf("when: %q is not %s or %s", n.When, Trouble, Always)
	}
	if len(n.Command) > 0 && n.Command[0] == "" {
		return fmt.Errorf("command: the first word names the program")
	}
	if n.Webhook == "" {
		return nil
	}
	u, err := url.Parse(n.Webhook)
	if err != nil || u.Host == "" || u.Scheme != "https" && !(u.Scheme == "http" && u.Hostname() == "localhost") {
		return fmt.Errorf("webhook: want an https address") // the address itself may hold a secret
	}
	return nil
}

// A message is what a hook gets. text is the key that most chat services show.
type message struct {
	Text     string `json:"text"`
	Exit     int    `json:"exit"`
	Outcome  string `json:"outcome"`
	Run      string `json:"run,omitempty"`
	Snapshot int64  `json:"snapshot"` // HEAD's
	AsOf     string `json:"as_of,omitempty"`
	Page     string `json:"page"`
}

// patience is how long a hook may take: a night must not wait for a chat service.
const patience = 20 * time.Second

// Send lets the site's hooks know. It reports what failed; that is no reason for a night to fail.
func (a *Attempt) Send(ctx context.Context, n Notify) error {
	if n.When != Always && a.Exit == 0 {
		return nil
	}
	m := message{Text: a.Summary(), Exit: a.Exit, Outcome: "failed", Snapshot: a.Head,
		Page: filepath.Join(a.Out, newest)}
	if a.Result != nil {
		m.Outcome, m.Run, m.AsOf = string(a.Result.Outcome), a.Result.Run, a.Result.AsOf
	}
	document, err := json.Marshal(m)
	if err != nil {
		return err
	}
	// An attempt that was interrupted is reported too.
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer stop()
	var failed []string
	if len(n.Command) > 0 {
		if err := runHook(ctx, n.Command, document, m); err != nil {
			failed = append(failed, "notify.command: "+err.Error())
		}
	}
	if n.Webhook != "" {
		if err := post(ctx, n.Webhook, document); err != nil {
			failed = append(failed, "notify.webhook: "+err.Error())
		}
	}
	if len(failed) > 0 {
		return fmt.Errorf("%s", strings.Join(failed, "; "))
	}
	return nil
}

func runHook(ctx context.Context, command []string, document []byte, m message) error {
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Stdin = bytes.NewReader(document)
	cmd.Env = append(os.Environ(), "MIIC_SUMMARY="+m.Text, fmt.Sprintf("MIIC_EXIT=%d", m.Exit))
	cmd.WaitDelay = time.Second
	return cmd.Run()
}

func post(ctx context.Context, to string, document []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(document))
	if err != nil {
		return fmt.Errorf("the address cannot be used")
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		if u, ok := err.(*url.Error); ok { // without the address, which may hold a secret
			err = u.Err
		}
		return err
	}
	defer res.Body.Close()
	if res.StatusCode >= 300 {
		return fmt.Errorf("the answer was %s", res.Status)
	}
	return nil
}
