package doctor

// Sharing is who may receive what.
type Sharing struct {
	Folder     string
	Recipients int
	Refused    []string // entries with a mistake: file, line and what
	NotWritten []string // what nobody receives, and why
	EndsSoon   []string // agreements that end soon
	NotSent    []string // mistakes for which no notice is sent: file, line and what
}

func (s Sharing) judge() []Finding {
	var list []Finding
	for _, text := range s.Refused {
		list = append(list, fault("mend the entry; until then this recipient gets no file", "%s", text))
	}
	for _, text := range s.NotSent {
		list = append(list, fault("correct it; until then nobody is sent a reminder or a recall", "%s", text))
	}
	for _, text := range s.NotWritten {
		list = append(list, note("write an entry, or renew the agreement: docs/recipients.md", "not written: %s", text))
	}
	for _, text := range s.EndsSoon {
		list = append(list, note("renew it, and write the new end into the entry", "%s", text))
	}
	if len(list) == 0 {
		list = append(list, ok("%d in %s, each under an agreement", s.Recipients, s.Folder))
	}
	return list
}
