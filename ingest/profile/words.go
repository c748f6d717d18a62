package profile

import (
	"strings"

	"miic/ingest/field"
)

// headerWords are words that senders put over their columns, without case, blanks and punctuation, and the field of
// ours they may be. The words of a whole, and of an answer of yes or no, are in wholes and answers.
var headerWords = parseWords(`
source_client_id id clientid patientid patid ptid memberid chartid recordid personid studentid mrn mrnumber medrec medrecno medicalrecordnumber medicalrecordno uniqueid localid externalid acct account accountnumber
first_name first firstname fname givenname given namefirst patientfirstname patientfirst ptfirst ptfirstname childfirstname studentfirstname forename
middle_name middle middlename mname namemiddle mi middleinitial patientmiddlename ptmiddle
last_name last lastname lname surname familyname namelast patientlastname patientlast ptlast ptlastname childlastname studentlastname
suffix namesuffix suffixname
birth_date dob birthdate dateofbirth birthdt birthday bdate born patientdob ptdob childdob patientbirthdate dobmmddyyyy
death_date dod deathdate dateofdeath
sex gender sexcode administrativesex patientsex ptsex legalsex sexatbirth
race racecode race1 patientrace
ethnicity ethnicitycode ethnic hispanic
language lang languagecode primarylanguage preferredlanguage
address_1 address street address1 addr addr1 streetaddress addressline1 mailingaddress homeaddress patientaddress staddress
address_2 address2 addr2 otheraddress addressline2 apt unit aptno apartment
city town cityname patientcity
state st statecode patientstate
zip zipcode postalcode postcode zip5 patientzip
county countycode countyfips countyname
phone phonenumber telephone homephone homeph phone1 tel ph phoneno hmphone patientphone phonehome contactphone
phone_2 phone2 cellphone cell cellph mobile mobilephone otherphone
email emailaddress
mother_first mom mother motherfirst motherfirstname mothersfirstname momfirstname momsname
mother_maiden mothermaiden mothermaidenname mothersmaidenname maidenname mommaidenname
guardian_first guardianfirst guardianfirstname parentfirstname
guardian_last guardianlast guardianlastname parentlastname
ssn socialsecuritynumber socsec
medicaid_id medicaidid medicaidnumber maid
chart_number chartnumber chart chartno
administered_on vaccinationdate vaccdate vaccinedt vaxdate shotdate shotdt dosedate dategiven givendate dtgiven dateadministered administereddate administeredon admindate admindt dateadmin servicedate servicedt dateofservice dos immunizationdate immdate vaccinedate givenon administrationdate
cvx cvxcode vaccinecvx vaccinecode cvxcd vaccvx
cpt cptcode procedurecode
ndc ndccode ndcnumber
mvx mvxcode manufacturer manufacturercode mfr mfg mfgr manuf mfrcode
trade_name tradename brand brandname trademarkname productname product vaccine vaccinename vax vaxname vaccinebrand immunization immunizationname shot shotname
vaccine_group vaccinegroup vaccinegroupname group
lot lotnumber lotno lotnum lotnbr
lot_expiry expiration expirationdate lotexpiration expiry expdate exp expdt lotexp
route administrationroute routecode administrationroutecode
site bodysite bodysitecode sitecode injectionsite
volume dose dosevolume amount doseamount
giver vaccinator administeredby givenby renderingnpi nurse
provider clinic facility facilityid providerid organization billingnpi orgid location clinicname
funding fundingsource fundingcode
eligibility vfc vfceligibility vfcstatus eligibilitycode financialclass
event_id eventid vaccinationid immunizationid doseid shotid vacceventid
claim_id claimid claimnumber claimno
claim_line line lineno claimline linenumber
claim_status claimstatus
updated_on updatedon updated lastupdated modified modifiedon updatedate lastmodified
`)

// wholes are columns that hold several fields of ours, and the split of each, with a comma in the value and without.
var wholes = parseWords(`
name name fullname patientname patient ptname pt clientname client childname child studentname student membername patientfullname lastfirst lastnamefirstname namelastfirst namelastfirstmi
guardian guardianname parentname parent parentguardian parentguardianname guardianfullname responsibleparty
mother mothername mothersname momname mothersfullname
place citystatezip citystzip cityststatezip citystatezipcode citystzipcode csz citystate cityst
`)

var splits = map[string][2]string{
	"name":     {"last_name, first_name middle_name?", "first_name last_name"},
	"guardian": {"guardian_last, guardian_first", "guardian_first guardian_last"},
	"mother":   {"mother_last, mother_first", "mother_first mother_last"},
	"place":    {"city, state zip?", "city state zip"},
}

// answers are columns of yes or no about a dose, and what yes and no make of its source: given there, or reported.
var answers = map[string][2]string{}

func init() {
	for _, w := range strings.Fields("givenhere administeredhere adminhere givenatclinic givenonsite givenbyus administeredbyus ourdose administered given new") {
		answers[w] = [2]string{"00", "01"}
	}
	for _, w := range strings.Fields("historical history hist ishistorical historicaldose outsiderecord givenelsewhere outside") {
		answers[w] = [2]string{"01", "00"}
	}
}

func parseWords(text string) map[string]string {
	m := map[string]string{}
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		f := strings.Fields(line)
		for _, w := range append(f[1:], strings.ReplaceAll(f[0], "_", "")) {
			m[w] = f[0]
		}
	}
	return m
}

// plain is a column's name without case, blanks and punctuation.
func plain(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(name))
}

// fieldNamed returns the field of ours that a column's name means, or nothing.
func fieldNamed(name string) string {
	if _, ok := field.ByName[name]; ok {
		return name
	}
	return headerWords[plain(name)]
}
