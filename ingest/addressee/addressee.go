// Package addressee finds to whom a notice went, where, and who that person is by now: for the results of it that come back.
package addressee

import (
	"context"
	"embed"

	"miic/internal/engine"
	"miic/internal/table"
)

//go:embed sql/*.sql
var sqlFiles embed.FS

var queries = engine.LoadQueries(sqlFiles)

// Tables are what Find reads, as the night before has them. The caller makes them known to the engine as prior_<name>.
var Tables = []*table.Table{table.Notices, table.OpenNotices, table.Clients, table.ClientLinks, table.ClientChanges}

// Asked is a notice of which there is a result.
type Asked struct {
	NoticeID string `col:"notice_id" doc:"the notice"`
}

// personal are the codes of results that are about the person and not only about the notice: without a record of the person
// nobody could act on them.
var personal = []code{{"no_mail"}, {"no_calls"}, {"no_texts"}, {"no_contact"}, {"wrong_person"}, {"moved"}}

type code struct {
	Code string `col:"code" doc:"of a result"`
}

// Personal reports that a result of this code is about the person.
func Personal(of string) bool {
	for _, c := range personal {
		if c.Code == of {
			return true
		}
	}
	return false
}

// A follower is a person whose records another has by now.
type follower struct {
	ClientID int64 `col:"client_id" doc:"the person to whom a notice was written"`
	NowID    int64 `col:"now_id" doc:"who has that person's records by the night before"`
}

// Find makes the table addressee: of each notice of the table asked_notice that was written, when that was, where it went,
// and a record of whoever it was written to. There is no record where that person's were all withdrawn, or went to several.
// The table personal_code has the codes of Personal.
func Find(ctx context.Context, e *engine.Engine) error {
	steps, err := engine.Rows[follower](ctx, e, queries.Get("follow"))
	if err != nil {
		return err
	}
	if err := engine.Load(ctx, e, "follower", followed(steps)); err != nil {
		return err
	}
	if err := engine.Load(ctx, e, "personal_code", personal); err != nil {
		return err
	}
	return e.Materialize(ctx, "addressee", queries.Get("addressee"))
}

// followed follows people through several steps; the list is in the order in which they happened.
func followed(steps []follower) []follower {
	at := map[int64]int{}
	var list []follower
	for _, m := range steps {
		for i := range list {
			if list[i].NowID == m.ClientID {
				list[i].NowID = m.NowID
			}
		}
		if i, ok := at[m.ClientID]; ok {
			list[i].NowID = m.NowID
			continue
		}
		at[m.ClientID] = len(list)
		list = append(list, m)
	}
	return list
}
