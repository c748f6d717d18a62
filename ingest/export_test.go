package ingest

// CheckIDs lists the rules that need more than one value, which refuse nothing.
func CheckIDs() []string {
	var ids []string
	for _, c := range rules {
		if c.About != "reader" {
			ids = append(ids, c.ID)
		}
	}
	return ids
}
