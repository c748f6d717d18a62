package read

// SplitCSV cuts a line at delimiters outside quotes; doubled quotes inside quotes mean one. Cells
// that hold doubled quotes are rebuilt in scratch. ok is false when a quote stays open.
func SplitCSV(line []byte, delimiter byte, cells [][]byte, scratch []byte) (_ [][]byte, ok bool) {
	for {
		if len(line) > 0 && line[0] == '"' {
			start := len(scratch)
			i := 1
			for {
				j := i
				for j < len(line) && line[j] != '"' {
					j++
				}
				if j == len(line) {
					return cells, false
				}
				scratch = append(scratch, line[i:j]...)
				if j+1 < len(line) && line[j+1] == '"' {
					scratch = append(scratch, '"')
					i = j + 2
					continue
				}
				line = line[j+1:]
				break
			}
			cells = append(cells, scratch[start:len(scratch):len(scratch)])
			if len(line) == 0 {
				return cells, true
			}
			if line[0] != delimiter {
				return cells, false
			}
			line = line[1:]
			continue
		}
		j := 0
		for j < len(line) && line[j] != delimiter {
			j++
		}
		cells = append(cells, line[:j])
		if j == len(line) {
			return cells, true
		}
		line = line[j+1:]
	}
}
