package linkage

import (
	"embed"
	"fmt"
	"maps"
	"slices"
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
// rules they meet. Only pairs with a dirty record are looked for if dirty is set. Blocks in the
// tables hot_NN are too large to be compared whole: there each record is paired with its
// neighbours only, in the order of birth date and names.
func blockSQL(m *Model, dirty bool, hot []bool) string {
	var parts []string
	for i := range m.Rules {
		parts = append(parts, ruleSQL(i, dirty, hot[i]))
		if hot[i] {
			parts = append(parts, hotSQL(i, dirty, m.BlockCap))
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

// hotWindow is how many neighbours of a record are compared in a block above the cap.
func hotWindow(limit int) int { return max(2, limit/10) }

// hotSQL is the SELECT of the pairs of neighbours in the hot blocks of rule i. Places are cut into
// buckets of the window's width, so that a join on equal buckets, and one on the next, finds all.
func hotSQL(i int, dirty bool, limit int) string {
	ranked := fmt.Sprintf("SELECT a.rid, a.key_%02d AS block_key, a.dirty, row_number() OVER (PARTITION BY a.key_%02d ORDER BY a.birth_iso NULLS LAST, a.last NULLS LAST, a.first NULLS LAST, a.rid) AS place FROM link_index AS a JOIN hot_%02d AS h ON h.block_key = a.key_%02d",
		i, i, i, i)
	bucketed := fmt.Sprintf("SELECT rid, block_key, dirty, place, CAST(floor(place / %d) AS BIGINT) AS bucket FROM (%s) AS ranked", hotWindow(limit), ranked)
	only := ""
	if dirty {
		only = " AND (a.dirty OR b.dirty)"
	}
	var parts []string
	for _, next := range []string{"a.bucket = b.bucket AND a.place < b.place", "a.bucket + 1 = b.bucket"} {
		parts = append(parts, fmt.Sprintf("SELECT least(a.rid, b.rid) AS l, greatest(a.rid, b.rid) AS r, %d AS rules FROM bucketed_%02d AS a JOIN bucketed_%02d AS b ON a.block_key = b.block_key AND %s AND b.place - a.place <= %d%s",
			1<<i, i, i, next, hotWindow(limit), only))
	}
	return fmt.Sprintf("SELECT l, r, rules FROM (WITH bucketed_%02d AS (%s) %s) AS near_%02d", i, bucketed, strings.Join(parts, " UNION ALL "), i)
}

// hotKeysSQL is the SELECT of the keys of rule i that lie on more records than the cap.
func hotKeysSQL(i int, dirty bool, limit int) string {
	where := fmt.Sprintf("key_%02d IS NOT NULL", i)
	if dirty {
		where += fmt.Sprintf(" AND key_%02d IN (SELECT key_%02d FROM link_dirty)", i, i)
	}
	return fmt.Sprintf("SELECT key_%02d AS block_key, count(*) AS records FROM link_index WHERE %s GROUP BY key_%02d HAVING count(*) > %d", i, where, i, limit)
}

// compareSQL is the SELECT of the comparison vectors of a table of pairs (l, r, rules), with the
// bits that term frequency adds. Three layers: columns of both sides with the similarities, each
// computed once and only where the values differ; the level of each comparison; the packed vector.
func compareSQL(m *Model, pairs string) string {
	fields := map[string]bool{}
	var similarities, levels, carried []string
	var packed, personal, family []string
	for i := range m.Comparisons {
		c := &m.Comparisons[i]
		for _, f := range append(slices.Clone(c.Fields), c.Reads...) {
			fields[f] = true
		}
		for _, name := range slices.Sorted(maps.Keys(c.Similarity)) {
			similarities = append(similarities, similaritySQL(c, name))
		}
		levels = append(levels, ladderSQL(c)+" AS level_"+c.Name)
		packed = append(packed, fmt.Sprintf("CAST(level_%s AS BIGINT) * %d", c.Name, int64(1)<<(levelBits*i)))
		if c.TermFreq != "" {
			carried = append(carried, "l_bits_"+c.Name, "r_bits_"+c.Name)
			if c.Kind == Personal {
				personal = append(personal, freqSQL(c))
			} else {
				family = append(family, freqSQL(c))
			}
		}
	}
	cols := []string{"p.l", "p.r", "p.rules"}
	for _, f := range slices.Sorted(maps.Keys(fields)) {
		cols = append(cols, fmt.Sprintf("a.%s AS l_%s, b.%s AS r_%s", f, f, f, f))
	}
	for i := range m.Comparisons {
		if n := m.Comparisons[i].Name; m.Comparisons[i].TermFreq != "" {
			cols = append(cols, fmt.Sprintf("a.bits_%s AS l_bits_%s, b.bits_%s AS r_bits_%s", n, n, n, n))
		}
	}
	sides := "SELECT " + strings.Join(cols, ", ") + "\nFROM " + pairs + " AS p JOIN link_index AS a ON a.rid = p.l JOIN link_index AS b ON b.rid = p.r"
	alike := "SELECT *, " + strings.Join(similarities, ",\n  ") + "\nFROM (\n" + sides + "\n) AS sides"
	graded := "SELECT l, r, rules, " + strings.Join(append(carried, levels...), ",\n  ") + "\nFROM (\n" + alike + "\n) AS alike"
	return "SELECT l, r, rules, " + strings.Join(packed, " + ") + " AS vector, " + sumSQL(personal) + " AS freq_personal, " + sumSQL(family) + " AS freq_family\nFROM (\n" +
		graded + "\n) AS graded"
}

// similaritySQL computes one similarity. Where the first level asks for equality alone it is needed
// only if the first field differs.
func similaritySQL(c *Comparison, name string) string {
	f := c.Fields[0]
	if strings.Contains(c.Levels[0].When, name) {
		return c.Similarity[name] + " AS " + name
	}
	return fmt.Sprintf("CASE WHEN l_%s <> r_%s THEN %s END AS %s", f, f, c.Similarity[name], name)
}

// ladderSQL is the CASE that gives a comparison's level.
func ladderSQL(c *Comparison) string {
	var b strings.Builder
	null := c.Null
	if null == "" {
		null = fmt.Sprintf("l_%s IS NULL OR r_%s IS NULL", c.Fields[0], c.Fields[0])
	}
	fmt.Fprintf(&b, "CASE WHEN %s THEN %d", null, nullLevel)
	for i, l := range c.Levels[:len(c.Levels)-1] {
		fmt.Fprintf(&b, " WHEN %s THEN %d", l.When, i)
	}
	fmt.Fprintf(&b, " ELSE %d END", len(c.Levels)-1)
	return b.String()
}

// freqSQL is the term-frequency adjustment of one comparison: whole where the values are equal, half
// by the more common of the two where they are close: the rarer spelling is likely the slip.
func freqSQL(c *Comparison) string {
	var b strings.Builder
	b.WriteString("CASE")
	for i, l := range c.Levels {
		switch l.Agree {
		case "exact":
			fmt.Fprintf(&b, " WHEN level_%s = %d THEN coalesce(l_bits_%s, 0)", c.Name, i, c.Name)
		case "close":
			fmt.Fprintf(&b, " WHEN level_%s = %d THEN (0.5) * least(coalesce(l_bits_%s, 0), coalesce(r_bits_%s, 0))", c.Name, i, c.Name, c.Name)
		}
	}
	b.WriteString(" ELSE 0 END")
	return b.String()
}

func sumSQL(parts []string) string {
	if len(parts) == 0 {
		return "CAST(0 AS DOUBLE)"
	}
	return "CAST(" + strings.Join(parts, " + ") + " AS DOUBLE)"
}

// indexSQL is the SELECT of the index with the term-frequency bits of each record's values.
func indexSQL(m *Model) string {
	base := query("link_index")
	var cols, joins []string
	for i := range m.Comparisons {
		c := &m.Comparisons[i]
		if c.TermFreq == "" {
			continue
		}
		alias := "frequency_" + c.Name
		cols = append(cols, fmt.Sprintf("coalesce(%s.bits, %s) AS bits_%s", alias, m.floorBits(c), c.Name))
		joins = append(joins, fmt.Sprintf("LEFT JOIN frequency AS %s ON %s.comparison = '%s' AND %s.value = i.%s", alias, alias, c.Name, alias, c.Fields[0]))
	}
	if len(cols) == 0 {
		return base
	}
	return "SELECT i.*, " + strings.Join(cols, ", ") + "\nFROM (\n" + base + "\n) AS i\n" + strings.Join(joins, "\n")
}
