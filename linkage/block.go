package linkage

import (
	"embed"
	"fmt"
	"strings"
)

//go:embed sql/*.sql
var sqlFiles embed.FS

// query returns the SELECT of a file of the sql folder. Each pair of args is a name, written $name
// in the file, and the text that takes its place.
func query(name string, args ...any) string {
	data, err := sqlFiles.ReadFile("sql/" + name + ".sql")
	if err != nil {
		panic(err)
	}
	text := strings.TrimSpace(string(data))
	for i := 0; i < len(args); i += 2 {
		text = strings.ReplaceAll(text, fmt.Sprint("$", args[i]), fmt.Sprint(args[i+1]))
	}
	return text
}

// blockSQL is the SELECT of all pairs that meet at least one blocking rule, with the mask of the
// rules they meet. Only pairs with a dirty record are looked for if dirty is set. Where a rule has hot
// keys, their records lie in hot_member_NN: there two records must agree in the rule's refinement too.
func blockSQL(m *Model, dirty bool, hot []bool) string {
	var parts []string
	for i := range m.Rules {
		parts = append(parts, ruleSQL(i, dirty, hot[i]))
		if hot[i] {
			parts = append(parts, refinedSQL(i, dirty, m.BlockCap), neighbourSQL(i, dirty, m.BlockCap))
		}
	}
	return "SELECT l, r, CAST(bit_or(rules) AS INTEGER) AS rules FROM (\n" + strings.Join(parts, "\nUNION ALL\n") + "\n) AS met GROUP BY l, r"
}

// ruleSQL is the SELECT of the pairs that share the key of rule i, its hot keys apart.
func ruleSQL(i int, dirty, hot bool) string {
	where := ""
	if hot {
		where = fmt.Sprintf(" WHERE NOT EXISTS (SELECT 1 FROM hot_%02d AS h WHERE h.block_key = a.key_%02d)", i, i)
	}
	if dirty {
		return fmt.Sprintf("SELECT least(a.rid, b.rid) AS l, greatest(a.rid, b.rid) AS r, %d AS rules FROM link_dirty AS a JOIN link_index AS b ON a.key_%02d = b.key_%02d AND a.rid <> b.rid%s",
			1<<i, i, i, where)
	}
	return fmt.Sprintf("SELECT a.rid AS l, b.rid AS r, %d AS rules FROM link_index AS a JOIN link_index AS b ON a.key_%02d = b.key_%02d AND a.rid < b.rid%s",
		1<<i, i, i, where)
}

// hotKeysSQL is the SELECT of the keys of rule i that lie on more records than the cap.
func hotKeysSQL(i int, dirty bool, limit int) string {
	where := fmt.Sprintf("key_%02d IS NOT NULL", i)
	if dirty {
		where += fmt.Sprintf(" AND key_%02d IN (SELECT key_%02d FROM link_dirty)", i, i)
	}
	return fmt.Sprintf("SELECT key_%02d AS block_key, count(*) AS records FROM link_index WHERE %s GROUP BY key_%02d HAVING count(*) > %d", i, where, i, limit)
}

// hotMemberSQL is the SELECT of the records of rule i's hot keys, each with its part of the block and the
// part's size. A record that lacks what refines the key is in no part.
func hotMemberSQL(m *Model, i int) string {
	refine := []string{"''"}
	for _, part := range m.Rules[i].Refine {
		refine = append(refine, keyParts[part].sql)
	}
	return fmt.Sprintf("SELECT rid, dirty, block_key, part, birth_iso, last, first, count(*) OVER (PARTITION BY block_key, part) AS records FROM "+
		"(SELECT a.rid, a.dirty, h.block_key, %s AS part, a.birth_iso, a.last, a.first FROM link_index AS a JOIN hot_%02d AS h ON h.block_key = a.key_%02d) AS hot WHERE part IS NOT NULL",
		strings.Join(refine, " || '|' || "), i, i)
}

// refinedSQL is the SELECT of the pairs in the parts of hot blocks that are within the limit.
func refinedSQL(i int, dirty bool, limit int) string {
	only := "a.rid < b.rid"
	if dirty {
		only = "a.rid < b.rid AND (a.dirty OR b.dirty)"
	}
	return fmt.Sprintf("SELECT a.rid AS l, b.rid AS r, %d AS rules FROM hot_member_%02d AS a JOIN hot_member_%02d AS b ON a.block_key = b.block_key AND a.part = b.part AND %s WHERE a.records <= %d",
		1<<i, i, i, only, limit)
}

// hotWindow is how many neighbours of a record are compared in a part above the limit.
func hotWindow(limit int) int { return max(2, limit/10) }

// neighbourSQL is the SELECT of the pairs of neighbours, in the order of birth date and names, in the
// parts of rule i's hot blocks that are above the limit. Places are cut into buckets of the window's
// width, so that a join on equal buckets, and one on the next, finds all.
func neighbourSQL(i int, dirty bool, limit int) string {
	ranked := fmt.Sprintf("SELECT rid, block_key, part, dirty, row_number() OVER (PARTITION BY block_key, part ORDER BY birth_iso NULLS LAST, last NULLS LAST, first NULLS LAST, rid) AS place FROM hot_member_%02d WHERE records > %d",
		i, limit)
	bucketed := fmt.Sprintf("SELECT rid, block_key, part, dirty, place, CAST(floor(place / %d) AS BIGINT) AS bucket FROM (%s) AS ranked", hotWindow(limit), ranked)
	only := ""
	if dirty {
		only = " AND (a.dirty OR b.dirty)"
	}
	var parts []string
	for _, next := range []string{"a.bucket = b.bucket AND a.place < b.place", "a.bucket + 1 = b.bucket"} {
		parts = append(parts, fmt.Sprintf("SELECT least(a.rid, b.rid) AS l, greatest(a.rid, b.rid) AS r, %d AS rules FROM bucketed_%02d AS a JOIN bucketed_%02d AS b ON a.block_key = b.block_key AND a.part = b.part AND %s AND b.place - a.place <= %d%s",
			1<<i, i, i, next, hotWindow(limit), only))
	}
	return fmt.Sprintf("SELECT l, r, rules FROM (WITH bucketed_%02d AS (%s) %s) AS near_%02d", i, bucketed, strings.Join(parts, " UNION ALL "), i)
}
