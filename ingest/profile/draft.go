package profile

import (
	"fmt"
	"strings"

	"miic/ingest/field"
	"miic/ingest/read"
)

// headerWords are words that senders put over their columns, without case, blanks and punctuation, and the field of
// ours they may be.
var headerWords = func() map[string]string {
	m := map[string]string{}
	for _, line := range strings.Split(strings.TrimSpace(`
source_client_id id clientid patientid patid memberid chartid recordid personid studentid mrn uniqueid localid externalid
first_name first firstname fname givenname given namefirst patientfirstname forename
middle_name middle middlename mname namemiddle mi middleinitial
last_name last lastname lname surname familyname namelast patientlastname
suffix namesuffix suffixname
birth_date dob birthdate dateofbirth birthdt bdate born patientdob
death_date dod deathdate dateofdeath
sex gender sexcode administrativesex
race racecode race1
ethnicity ethnicitycode ethnic hispanic
language lang languagecode primarylanguage preferredlanguage
address_1 address street address1 addr addr1 streetaddress addressline1 mailingaddress
address_2 address2 addr2 otheraddress addressline2 apt unit
city town cityname
state st statecode
zip zipcode postalcode postcode zip5
county countycode countyfips countyname
phone phonenumber telephone homephone phone1 tel
phone_2 phone2 cellphone mobile otherphone
email emailaddress
mother_first motherfirst motherfirstname mothersfirstname momfirstname
mother_maiden mothermaiden mothermaidenname mothersmaidenname maidenname
guardian_first guardianfirst guardianfirstname parentfirstname
guardian_last guardianlast guardianlastname parentlastname
ssn socialsecuritynumber socsec
medicaid_id medicaidid medicaidnumber maid
chart_number chartnumber chart chartno
administered_on vaccinationdate vaccdate shotdate dosedate dateadministered administereddate admindate servicedate dateofservice immunizationdate vaccinedate givenon
cvx cvxcode vaccinecvx vaccinecode
cpt cptcode procedurecode
ndc ndccode
mvx mvxcode manufacturer manufacturercode mfr mfg
trade_name tradename brand brandname trademarkname productname product vaccine vaccinename
vaccine_group vaccinegroup vaccinegroupname group
lot lotnumber lotno lotnum
lot_expiry expiration expirationdate lotexpiration expiry expdate
route administrationroute routecode administrationroutecode
site bodysite bodysitecode sitecode
volume dose dosevolume amount
giver vaccinator administeredby givenby renderingnpi
provider clinic facility facilityid providerid organization billingnpi orgid
funding fundingsource fundingcode
eligibility vfc vfceligibility eligibilitycode financialclass
event_id eventid vaccinationid immunizationid doseid shotid vacceventid
claim_id claimid claimnumber claimno
claim_line line lineno claimline linenumber
claim_status claimstatus
updated_on updatedon updated lastupdated modified modifiedon updatedate lastmodified
`), "\n") {
		f := strings.Fields(line)
		for _, w := range append(f[1:], strings.ReplaceAll(f[0], "_", "")) {
			m[w] = f[0]
		}
	}
	return m
}()

// fieldNamed returns the field of ours that a column's name means, or nothing.
func fieldNamed(name string) string {
	if _, ok := field.ByName[name]; ok {
		return name
	}
	return headerWords[strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(name))]
}

// draft writes a layout for the file: what was recognised, and the rest as remarks for a person to settle.
func (p *profiler) draft() string {
	if p.Form != "fixed" && (p.Form != "csv" || !p.Header) || len(p.Columns) == 0 {
		return ""
	}
	dates, form := map[string]int{}, "YYYYMMDD"
	taken := map[string]bool{}
	var known, unknown []string
	for _, c := range p.Columns {
		if c.Dates != "" {
			if dates[c.Dates]++; dates[c.Dates] > dates[form] {
				form = c.Dates
			}
		}
		where := fmt.Sprintf("at: [[%d, %d]]", c.Begin, c.Width)
		if p.Form == "csv" {
			where = fmt.Sprintf("column: %q", strings.ToLower(c.Name))
		}
		if c.Looks == "" || taken[c.Looks] {
			shape := ""
			if len(c.Shapes) > 0 {
				shape = c.Shapes[0].Text
			}
			unknown = append(unknown, fmt.Sprintf("  # - {to: , %s} # filled %.0f%%, %d to %d long, mostly %q", where,
				c.Share*100, c.Shortest, c.Longest, shape))
			continue
		}
		taken[c.Looks] = true
		more := ""
		switch c.Looks {
		case "source_client_id", "birth_date", "administered_on", "claim_id", "claim_status":
			more = ", required: true"
		}
		if c.Looks == "sex" {
			more += ", canary: sex"
		} else if c.Dates != "" && more != "" {
			more += ", canary: date"
		}
		known = append(known, fmt.Sprintf("  - {to: %s, %s%s}", c.Looks, where, more))
	}
	makes := "client"
	if taken["administered_on"] {
		switch makes = "dose"; {
		case taken["claim_id"]:
			makes = "claim"
		case taken["birth_date"]:
			makes = "visit"
		}
	}
	encoding := p.Encoding
	if encoding == "ascii" {
		encoding = read.UTF8
	}
	var b strings.Builder
	fmt.Fprintf(&b, "id: new-sender # the name of this file without .yaml\ndoc: drafted from one file; a person "+
		"must check every field\nmakes: %s\nform: %s\n", makes, p.Form)
	if p.Form == "fixed" {
		fmt.Fprintf(&b, "width: %d\n", p.Width)
	}
	for name, mark := range read.Delimiters {
		if p.Form == "csv" && mark == p.delimiter && mark != ',' {
			fmt.Fprintf(&b, "between: %s\n", name)
		}
	}
	fmt.Fprintf(&b, "encoding: %s\ndates: %s\nfields:", encoding, form)
	if len(known) == 0 {
		b.WriteString(" []")
	}
	for _, line := range append(known, unknown...) {
		b.WriteString("\n" + line)
	}
	return b.String() + "\n"
}
