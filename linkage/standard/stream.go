package standard

import (
	"context"

	"golang.org/x/sync/errgroup"

	"miic/internal/parallel"
	"miic/internal/table"
)

// Source is what standardising reads of a record.
type Source struct {
	RecordID        string     `col:"record_id"`
	Sender          string     `col:"sender"`
	SenderKind      string     `col:"sender_kind,null"`
	Withdrawn       bool       `col:"withdrawn"`
	FirstName       string     `col:"first_name,null"`
	MiddleName      string     `col:"middle_name,null"`
	LastName        string     `col:"last_name,null"`
	Suffix          string     `col:"suffix,null"`
	Aliases         string     `col:"aliases,null"`
	MotherFirst     string     `col:"mother_first,null"`
	MotherMaiden    string     `col:"mother_maiden,null"`
	GuardianFirst   string     `col:"guardian_first,null"`
	GuardianLast    string     `col:"guardian_last,null"`
	GuardianRole    string     `col:"guardian_role,null"`
	BirthDate       table.Date `col:"birth_date"`
	BirthOrder      int32      `col:"birth_order,null"`
	MultipleBirth   string     `col:"multiple_birth,null"`
	Sex             string     `col:"sex,null"`
	Address1        string     `col:"address_1,null"`
	City            string     `col:"city,null"`
	ZIP             string     `col:"zip,null"`
	Phone           string     `col:"phone,null"`
	Phone2          string     `col:"phone_2,null"`
	Email           string     `col:"email,null"`
	Namespace       string     `col:"namespace,null"` // where the sender speaks for several organisations
	ChartNumber     string     `col:"chart_number,null"`
	SSN             string     `col:"ssn,null"`
	MedicaidID      string     `col:"medicaid_id,null"`
	BirthCertNumber string     `col:"birth_certificate_no,null"`
	Doses           string     `col:"doses,null"`
	Given           string     `col:"given,null"`
}

func (r *Source) record() *table.ClientRecord {
	return &table.ClientRecord{RecordID: r.RecordID, Sender: r.Sender, Withdrawn: r.Withdrawn,
		FirstName: r.FirstName, MiddleName: r.MiddleName, LastName: r.LastName, Suffix: r.Suffix, Aliases: r.Aliases,
		MotherFirst: r.MotherFirst, MotherMaiden: r.MotherMaiden,
		GuardianFirst: r.GuardianFirst, GuardianLast: r.GuardianLast, GuardianRole: r.GuardianRole,
		BirthDate: r.BirthDate, BirthOrder: r.BirthOrder, MultipleBirth: r.MultipleBirth, Sex: r.Sex,
		Address1: r.Address1, City: r.City, ZIP: r.ZIP, Phone: r.Phone, Phone2: r.Phone2, Email: r.Email,
		Namespace: r.Namespace, ChartNumber: r.ChartNumber, SSN: r.SSN, MedicaidID: r.MedicaidID, BirthCertNumber: r.BirthCertNumber}
}

// bulkChunk is how many records are standardised side by side, and handed to the engine at once.
const bulkChunk = 1 << 14

// Stream writes the rows that source gives in linkage form, on all cores, and hands them to sink in their order.
// Reading a chunk, writing the one before in linkage form, and handing on the one before that go side by side.
func Stream(ctx context.Context, keys [][]string, source func(func(*Source) error) error,
	sink func(*table.StandardRecord) error) error {
	group, ctx := errgroup.WithContext(ctx)
	read := make(chan []Source)
	written := make(chan []table.StandardRecord)
	group.Go(func() error {
		defer close(read)
		return readChunks(ctx, source, read)
	})
	group.Go(func() error {
		defer close(written)
		return standardiseChunks(ctx, keys, read, written)
	})
	group.Go(func() error {
		for rows := range written {
			for i := range rows {
				if err := sink(&rows[i]); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return group.Wait()
}

func readChunks(ctx context.Context, source func(func(*Source) error) error, to chan<- []Source) error {
	rows := make([]Source, 0, bulkChunk)
	send := func() error {
		if err := parallel.Send(ctx, to, rows); err != nil {
			return err
		}
		rows = make([]Source, 0, bulkChunk)
		return nil
	}
	if err := source(func(r *Source) error {
		if rows = append(rows, *r); len(rows) == bulkChunk {
			return send()
		}
		return nil
	}); err != nil {
		return err
	}
	return send()
}

func standardiseChunks(ctx context.Context, keys [][]string, from <-chan []Source,
	to chan<- []table.StandardRecord) error {
	workers := make([]*Standardiser, parallel.Workers())
	for i := range workers {
		workers[i] = New(keys)
	}
	for rows := range from {
		out := make([]table.StandardRecord, len(rows))
		err := parallel.Each(ctx, len(workers), func() func(int) error {
			return func(w int) error {
				first, end := parallel.Part(w, len(workers), len(rows))
				for i := first; i < end; i++ {
					out[i] = workers[w].standardise(rows[i].record(), rows[i].SenderKind, rows[i].Doses, rows[i].Given)
				}
				return nil
			}
		})
		if err != nil {
			return err
		}
		if err := parallel.Send(ctx, to, out); err != nil {
			return err
		}
	}
	return nil
}

// All writes records in linkage form, with the doses reported with each, as a clinic's.
func All(keys [][]string, records []table.ClientRecord, doses []string) []table.StandardRecord {
	s := New(keys)
	out := make([]table.StandardRecord, len(records))
	for i := range records {
		out[i] = s.Standardise(&records[i], Clinic, doses[i])
	}
	return out
}
