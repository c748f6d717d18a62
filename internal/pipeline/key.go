package pipeline

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"

	"miic/internal/lake"
	"miic/internal/table"
)

// keyFigure is what a key counts of an earlier stage.
type keyFigure struct {
	Stage  string
	Counts map[string]int64
	Notes  []Note
	Out    string `json:",omitempty"` // digest of what it wrote under out/
}

// stageKey is the hash of everything the stage's result depends on but its Prior. Adopting leans on
// an equal parent, and carrying over on this: a stage run again on its own output changes nothing.
func stageKey(
	s Stage,
	asOf table.Date,
	tables map[string][]lake.File,
	inbox []Delivery,
	aside Aside,
	figures []keyFigure,
) (string, error) {
	type input struct {
		Table   string `json:"table"`
		Version int    `json:"version"`
		Digest  string `json:"digest,omitempty"`
	}
	type delivery struct {
		Sender, Name, SHA256, Err string
		Let                       *Let     `json:",omitempty"`
		Refused                   *Refusal `json:",omitempty"`
	}
	in := struct {
		Stage   string      `json:"stage"`
		Version int         `json:"version"`
		Config  any         `json:"config"`
		Reads   []input     `json:"reads"`
		Writes  []input     `json:"writes"`
		Inbox   []delivery  `json:"inbox"`
		Aside   Aside       `json:"aside,omitzero"`
		AsOf    string      `json:"as_of"`
		Figures []keyFigure `json:"figures"`
	}{Stage: s.Name, Version: s.Version, Config: s.Config, Figures: figures}
	for _, name := range s.Reads {
		in.Reads = append(in.Reads, input{name, table.Get(name).Version, lake.Digest(tables[name])})
	}
	for _, name := range s.Writes {
		in.Writes = append(in.Writes, input{name, table.Get(name).Version, ""})
	}
	if s.Inbox {
		for _, d := range inbox {
			in.Inbox = append(in.Inbox, delivery{d.Sender, d.Name, d.SHA256, d.Err, d.Let, d.Refused})
		}
		in.Aside = aside
	}
	if s.Dated {
		in.AsOf = asOf.String()
	}
	return hashJSON("stage "+s.Name, in)
}

// settings is the hash of what decides a stage's result beside its tables, the inbox and the date.
func settings(s Stage) (string, error) {
	in := struct {
		Stage   string `json:"stage"`
		Version int    `json:"version"`
		Config  any    `json:"config"`
		Tables  []int  `json:"tables"`
	}{Stage: s.Name, Version: s.Version, Config: s.Config}
	for _, name := range s.Writes {
		in.Tables = append(in.Tables, table.Get(name).Version)
	}
	return hashJSON("stage "+s.Name, in)
}

// digests are those of the tables that a stage reads.
func digests(s Stage, tables map[string][]lake.File) map[string]string {
	if len(s.Reads) == 0 {
		return nil
	}
	out := make(map[string]string, len(s.Reads))
	for _, name := range s.Reads {
		out[name] = lake.Digest(tables[name])
	}
	return out
}

// continues finds out how the parent's tables of a stage were made.
func (n *night) continues(s Stage, r *Run) error {
	was := headStage(n.head, s.Name)
	if was == nil {
		return nil
	}
	var err error
	if r.PriorAsOf, err = n.head.Date(); err != nil {
		return err
	}
	now, err := settings(s)
	if err != nil {
		return err
	}
	r.NewVersion = was.Version != s.Version
	r.Continues = was.Settings == now && maps.Equal(was.Inputs, digests(s, n.head.Tables))
	return nil
}

func hashJSON(what string, v any) (string, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("key of %s: %w", what, err)
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:]), nil
}

// checkStages finds mistakes in the list of stages before anything is run.
func checkStages(stages []Stage, upTo string) error {
	writer, found := map[string]string{}, upTo == ""
	names := map[string]bool{}
	for _, s := range stages {
		found = found || s.Name == upTo
		if names[s.Name] {
			return fmt.Errorf("two stages are called %s", s.Name)
		}
		names[s.Name] = true
		for _, list := range [][]string{s.Reads, s.Prior, s.Writes} {
			for _, name := range list {
				if table.Get(name) == nil {
					return fmt.Errorf("stage %s names table %s, which there is not", s.Name, name)
				}
			}
		}
		for _, name := range s.Reads {
			if writer[name] == "" {
				return fmt.Errorf("stage %s reads table %s, which no stage before it writes", s.Name, name)
			}
		}
		for _, name := range s.Writes {
			if writer[name] != "" && table.Get(name).Kind == table.State {
				return fmt.Errorf("stages %s and %s both write table %s", writer[name], s.Name, name)
			}
			writer[name] = s.Name
		}
	}
	if !found {
		return lake.Errorf(lake.Usage, "no stage is called %s", upTo)
	}
	return nil
}
