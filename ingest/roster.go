package ingest

// rosterEntry fills r from the unit's values: a person on a list that its sender wants answered. It takes what may
// be answered: the sender's own number, a surname and a birth date. The list makes nobody known to the registry.
func (u *unit) rosterEntry(r *stagedRosterEntry) {
	*r = stagedRosterEntry{unitColumns: u.columns()}
	r.EntryID = u.arena.join(u.from.BatchID, ":", u.arena.number(u.line))
	r.Sender, r.Snapshot, r.BatchID, r.Line, r.SenderTime = u.from.Sender, u.from.Snapshot, u.from.BatchID, u.line, u.fileTime
	r.ListID1, r.ListID2, r.ListID3 = u.identifier(listID1), u.text(listID2), u.text(listID3)
	r.ListID4, r.ListID5, r.ListID6 = u.text(listID4), u.text(listID5), u.text(listID6)
	r.FirstName, r.MiddleName, r.LastName = u.text(firstName), u.text(middleName), u.text(lastName)
	r.BirthDate = u.requiredDate(birthDate, ruleBirthMissing, ruleBirthBad, ruleBirthFuture)
	r.Sex = u.word(sex, "sex")
	r.Address1, r.Address2, r.City = u.text(address1), u.text(address2), u.text(city)
	r.State = u.state(state)
	r.ZIP, r.CountyFIPS = u.zip(zip), u.county(county, r.State)
	r.MedicaidID = u.identifier(medicaidID)
	r.CoveredFrom, r.CoveredUntil = u.optionalDate(coveredFrom, true), u.optionalDate(coveredUntil, true)
	h := fingerprintSeed.text(r.ListID1)
	r.UnitKey = h.sum()
	for _, s := range [...]string{r.ListID2, r.ListID3, r.ListID4, r.ListID5, r.ListID6, r.FirstName, r.MiddleName, r.LastName, r.Sex,
		r.Address1, r.Address2, r.City, r.State, r.ZIP, r.CountyFIPS, r.MedicaidID} {
		h = h.text(s)
	}
	r.ContentHash = h.number(int64(r.BirthDate)).number(int64(r.CoveredFrom)).number(int64(r.CoveredUntil)).sum()
	r.UnitHash = r.ContentHash
}
