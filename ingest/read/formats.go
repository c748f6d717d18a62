package read

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// formatsHead is what docs/formats.md has before the layouts.
const formatsHead = `# Formats: what senders may deliver

Generated from ingest/read/formats.go and ingest/layouts by ` + "`make docs`" + `.

A sender's files are read by the layout that its patterns in ` + "`miic.yaml`" + ` name. ` + "`hl7-vxu`" + ` is code; every other layout is a YAML file.

## hl7-vxu: vaccination updates (HL7 v2.5.1, profile Z22, and what older senders write)

One message is one unit. A dose that cannot be read is refused by itself; a message whose patient cannot be read is refused whole; a message of
another type is refused by its type's name, one marked T or D in MSH-11 as no production.

* Segments end in CR, LF or CR LF, or in the ` + "`<CR>`" + ` of printed examples. A line that begins no segment goes on with the one before it (warning).
  A message that begins in the middle of a line is read as its own; an order, a dose, an answer or what forbids to share (ORC, RXA, OBX, PD1) that does refuses its message.
  Delimiters come from each header; MSH-18 (table 0211 by its exact names, and the spellings in use: ISO-8859-1, WINDOWS-1252, UTF-8) goes
  before the sender's encoding; a set that is not read (UTF-16, CNS 11643) refuses a message with letters outside ASCII. A byte order mark, indentation
  and the frame of a captured message are passed over.
* FHS, BHS, BTS and FTS may be missing or damaged, and their counts wrong: a warning, and what came is taken. Fewer messages than a trailer counts, or a header
  without trailer in a file whose last line has no end: the file did not arrive whole and is refused.
* MSH-7 is the message's time: the newest wins, in whatever order messages arrive. PID-33 is when the sender last updated the person. MSH-10, with the system and the place it is from (MSH-3, 4), is its key in the file.
* An empty field means nothing; two quotes (` + "`\"\"`" + `) take back what was reported. Consent and contact change only by another value.

| what | from |
|---|---|
| numbers | PID-3 by type: MR before PI, PT, SR, and of several of one type that of the sending facility (MSH-4); SS, MA, BR apart; PID-19. PID-3.4 (assigning authority) is part of the number: equal numbers of two are of two people. Another state's Medicaid number (PID-3.9, or 3.4 where it is a state) has that state before it; a birth certificate's counts with state, year and number only |
| name | PID-5: L, else untyped, C, B, D; the others are aliases, a pseudonym (S) apart |
| mother | PID-6, NK1 with MTH |
| birth, death | PID-7, 23, 24, 25; PID-29, 30 |
| sex, race, ethnicity, language | PID-8, 10 (all), 22, 15; the alternate code where the first is the sender's own |
| address | PID-11: H, else others, B and O, BA (marked bad); the country of BDL, BR or N is that of birth; else NK1-4 |
| phones, e-mail | PID-13 (fax and pagers apart); else NK1-5 |
| responsible person | the first NK1 who answers for a child (MTH FTH PAR GRD GRP CGV FCH), else the first but SEL |
| consent, contact, status | PD1-12 with 13, PD1-11 with 18, PD1-16 with 17. Protection Y means that others may not see the record, the opposite of the flat files' consent |
| clinic | MSH-22, else MSH-4; of a dose RXA-11.4 |
| dose | RXA-3, 5 (CVX, NDC, CPT, either triplet), 6, 7, 9, 10, 15, 16, 17, 20, 22; RXR-1, 2; ORC-10, 12 |
| dose's id | ORC-3, else ORC-2; 9999 is none. With RXA-21 U the newer version holds, with D the dose is withdrawn. Its namespace (ORC-3.2) is part of it. An id of one namespace on two different doses of a message, or on doses of two people, identifies neither: they are known by their content (warning). One that comes back with the same date and product on another record of a person who is alike has moved with its dose (dose_moved) |
| eligibility, funding | OBX 64994-7, 30963-3 |
| information statements | OBX 69764-9, 30956-7, 29768-9, 29769-7, put together by OBX-4 |
| refusal | RXA-18 with RXA-20 RE: an observation for each reason, no dose. With RXA-21 U or D and an id, the dose of that id is withdrawn |
| immunity | OBX 59784-9, 75505-8, also under RXA-5 998 |
| contraindication, reaction, indication | OBX 30945-0, 31044-1, 59785-6. A reaction has the dose's vaccine; anaphylaxis counts as a contraindication to it |
| not given | RXA-20 NA, RXA-5 998: nothing. PA: a dose that does not count |

OBX-11 D or W, or RXA-21 D, withdraws an observation; X and N mean nothing.

## In every format

No-break spaces are blanks; zero-width characters, soft hyphens and marks of direction are taken out, of headers, values and codes alike. A line of nothing but
blanks, delimiters and empty quotes is no unit.

## Writing a layout

Put ` + "`<id>.yaml`" + ` into the folder that ` + "`layouts:`" + ` in miic.yaml names, and the id beside the sender's file pattern. It is checked when the configuration is.

` + "```yaml" + `
id: county-doses            # the file's name
doc: what the county's own system writes
makes: visit                # client, dose, visit, claim, comment, request, death or roster
form: csv                   # or fixed, with width: bytes of a record
between: semicolon          # comma (default), pipe, tab
encoding: windows-1252      # or utf-8; the sender's own in miic.yaml goes before it
dates: M/D/YYYY             # or YYYYMMDD, YYYY-MM-DD, MMDDYYYY: of every date; none is guessed
fields:
  - {to: source_client_id, column: Chart, required: true}
  - {column: Name, split: "last_name, first_name middle_name?", required: true}
  - {column: City/State/Zip, split: "city, state zip"}
  - {to: birth_date, column: Born, required: true, canary: date}
  - {to: administered_on, column: Given, required: true, shared: true}
  - {to: cvx, column: Vaccine, shared: true}
  - {to: source, column: Given here, map: {yes: "00", no: "01"}}
` + "```" + `

* ` + "`column`" + `: the header's name, whatever its case and place; other columns are passed over. ` + "`at: [[begin, width], …]`" + ` with ` + "`join`" + `: the place in a fixed record, from 1.
* ` + "`required`" + `: a line without it is refused. ` + "`optional`" + `: the header may lack the column. ` + "`value`" + `: what it is where a line has none; without a column, what it always is.
* ` + "`split`" + `: the fields that one column holds, and what separates them; blanks around a mark do not matter. ` + "`?`" + ` behind a field: it and its separator may be missing;
  ` + "`_`" + `: a piece that is passed over. A piece ends where its separator first comes, and the last one takes the rest; a ZIP is five or nine digits. A value of another form is dropped with a
  warning; if more than half of the lines have one, the file is refused.
* ` + "`map`" + `: what the sender's words are in ours, whatever their case. A word that is not there is dropped with a warning; if that is so in more than half of the lines, the file is refused.
  Words for sex, race, language and the like need none: they are read through the code tables.
* ` + "`M/D/YYYY`" + ` is read padded or not, and with a midnight behind it, as spreadsheets write it. Two digits for a year are not read.
* ` + "`shared`" + `: may come once, before the header, as a line of name and value that holds for every line without one of its own.
* ` + "`canary`" + `: date or sex; if one line in a hundred (and ten of them) cannot be read there, a column is shifted and the file is refused.
* ` + "`clients`" + `: of doses, claims and comments the layout whose files bring the people; ` + "`paired`" + `: it comes on the same day. ` + "`whole`" + `: a blank takes back what was reported.
* ` + "`dated`" + `: the day on which what a client record reports was true, and so which of two addresses holds. ` + "`record`" + ` (default): its own update time
  (updated_on, PID-33), else the newest dose given, or refused, in the same unit, or the day of the message or file if that is at most 30 days later.
  ` + "`certificate`" + `: the birth; of what an amended one changes the delivery. ` + "`doses`" + `: no day of its own, as where the update time is the export's.
  ` + "`delivery`" + `: the day of the file or message, as of returned mail. A sender's own ` + "`dated`" + ` in miic.yaml goes before it. Where a record has no day: [linkage.md](linkage.md).
* ` + "`comments`" + `: what a comment's code means: ` + "`\"33\": refusal NIP002:00`" + `. A code that is not there is kept as a comment, by which nothing is decided.

What a line makes: **client** a person as the sender knows them · **dose** a dose of such a person · **visit** both · **claim** a plan's claim line (status P paid, V void, A
adjustment; a reversal takes back only what the same line of the claim it names has added) · **comment** an observation · **request** what a family asks: opt_out, opt_in, lock,
no_contact, seal, access · **death** a death certificate · **roster** a person on a list that the sender wants answered: the list makes nobody known · **result** what
came of a notice, on a day, with the new address where there is one: mailed, returned, moved, phone_failed, no_mail, no_calls, no_texts, no_contact, wrong_person, vaccinated
(what each does: [operating.md](operating.md)).

A field of ` + "`to`" + ` has the name of its column in [vocabulary.md](vocabulary.md). Others:

| to | means |
|---|---|
| living | N: dead when reported |
| plurality | children born together; 2 and more make a multiple birth |
| share, protection | Y or N, of opposite sense: others may see the record; they may not |
| guardian_role, sex, race, ethnicity, language, contact, status, route | read through the code tables; a code that is not there is dropped with a warning |
| giver, orderer, enterer | the people behind a dose |
| void, replaces | not 0: a certificate that is withdrawn, or that replaces the one of the same number |
| updated_on | the sender's own time of the line; else that of the file's name |
| vaccine_group | a word for a group of vaccines, where nothing better is known |
| raw_code | a product's code as SYSTEM:CODE, in a system of the sender's own |
| namespace, event_namespace | the organisation that gave the client's number, or the dose's id (or claim's number), where a file has those of several |
| event_id | the sender's own id of a dose |
| notice_id | the number of a notice, as every file of letters has it |
| result_code, happened_on | what came of the notice, and the day on which it did |
| grade | PK (any program below kindergarten), K, or 1 to 12; 03, KG and 3rd are read too |
| enrolled_on, exemption_kind, exemption_on, exemption_vaccine | what a school has on file: the day of enrolment; a statement, medical, nonmedical or history, its day, and the vaccines it is about, with semicolons between them, or all |
| consent | Y: the family lets the school tell the dose. From a sender of kind school a dose without it is refused |
| death_date, lot_expiry, comment_code, comment_on, kind, received_on | as their names say |

## Built-in layouts
`

// Formats is docs/formats.md: what senders may deliver, how a layout is written, and the built-in ones.
func Formats() string {
	var b strings.Builder
	b.WriteString(formatsHead)
	for _, id := range slices.Sorted(maps.Keys(Builtin)) {
		l := Builtin[id]
		fmt.Fprintf(&b, "\n### %s\n\n%s. Makes: %s. Dates: %s. Encoding: %s.", l.ID, strings.ToUpper(l.Doc[:1])+
			l.Doc[1:], l.Makes, l.Dates, l.Encoding)
		if l.Dated != "" {
			fmt.Fprintf(&b, " Dated: %s.", l.Dated)
		}
		if l.Clients != "" {
			fmt.Fprintf(&b, " People come with %s.", l.Clients)
		}
		b.WriteString("\n\n| to | from | |\n|---|---|---|\n")
		for i := range l.Fields {
			f := &l.Fields[i]
			var from string
			switch {
			case f.Column != "":
				from = f.Column
			case len(f.At) == 0:
				from = "always " + f.Value
			default:
				var places []string
				for _, at := range f.At {
					places = append(places, fmt.Sprintf("%d/%d", at[0], at[1]))
				}
				from = strings.Join(places, " ")
			}
			var notes []string
			for _, n := range []struct {
				holds bool
				note  string
			}{{f.Required, "required"}, {f.Optional, "optional"}, {f.Shared, "shared"}, {f.Canary != "", "canary"},
				{f.Column != "" && f.Value != "", "else " + f.Value}} {
				if n.holds {
					notes = append(notes, n.note)
				}
			}
			fmt.Fprintf(&b, "| %s | %s | %s |\n", cmp.Or(f.To, f.Split), from, strings.Join(notes, ", "))
		}
	}
	return b.String()
}
