package household

import (
	"strings"

	"miic/internal/name"
)

// streetWords are the words of addresses with their postal abbreviation (USPS Publication 28).
var streetWords = pairsOf(`
ALLEY ALY ALLEE ALY ANNEX ANX ARCADE ARC AVENUE AVE AV AVE AVEN AVE AVENU AVE BEACH BCH BEND BND BLUFF BLF
BOULEVARD BLVD BOUL BLVD BRANCH BR BRIDGE BRG BROOK BRK BURG BG BYPASS BYP CANYON CYN CAPE CPE CAUSEWAY CSWY
CENTER CTR CENTRE CTR CIRCLE CIR CIRC CIR CLIFF CLF CLUB CLB COMMON CMN CORNER COR COURSE CRSE COURT CT COURTS CTS
COVE CV CREEK CRK CRESCENT CRES CREST CRST CROSSING XING DALE DL DIVIDE DV DRIVE DR DRV DR ESTATE EST ESTATES ESTS
EXPRESSWAY EXPY EXTENSION EXT FALLS FLS FERRY FRY FIELD FLD FLAT FLT FORD FRD FOREST FRST FORGE FRG FORK FRK FORT FT
FREEWAY FWY GARDEN GDN GARDENS GDNS GATEWAY GTWY GLEN GLN GREEN GRN GROVE GRV HARBOR HBR HAVEN HVN HEIGHTS HTS
HIGHWAY HWY HILL HL HILLS HLS HOLLOW HOLW INLET INLT ISLAND IS JUNCTION JCT KNOLL KNL LAKE LK LAKES LKS LANDING LNDG
LANE LN LIGHT LGT LODGE LDG LOOP LOOP MANOR MNR MEADOW MDW MEADOWS MDWS MILL ML MILLS MLS MISSION MSN MOUNT MT
MOUNTAIN MTN NECK NCK ORCHARD ORCH OVAL OVAL PARK PARK PARKWAY PKWY PKY PKWY PASS PASS PATH PATH PIKE PIKE PINE PNE
PINES PNES PLACE PL PLAIN PLN PLAZA PLZ POINT PT PORT PRT PRAIRIE PR RADIAL RADL RANCH RNCH RAPID RPD REST RST
RIDGE RDG RIVER RIV ROAD RD ROUTE RTE RUN RUN SHOAL SHL SHORE SHR SPRING SPG SPRINGS SPGS SQUARE SQ STATION STA
STREAM STRM STREET ST STR ST STRT ST SUMMIT SMT TERRACE TER TERR TER TRACE TRCE TRACK TRAK TRAIL TRL TRAILER TRLR
TUNNEL TUNL TURNPIKE TPKE UNION UN VALLEY VLY VIADUCT VIA VIEW VW VILLAGE VLG VILLE VL VISTA VIS WALK WALK WAY WAY
WELLS WLS NORTH N SOUTH S EAST E WEST W NORTHEAST NE NORTHWEST NW SOUTHEAST SE SOUTHWEST SW FIRST 1ST SECOND 2ND
THIRD 3RD FOURTH 4TH FIFTH 5TH SIXTH 6TH SEVENTH 7TH EIGHTH 8TH NINTH 9TH TENTH 10TH SAINT ST`)

// unitWords begin the part of an address inside a building: it is left out, senders write it in many ways.
var unitWords = name.Set("APT APARTMENT UNIT STE SUITE RM ROOM FL FLOOR BLDG BUILDING LOT TRLR SPC SPACE DEPT NO NUM")

func pairsOf(s string) map[string]string {
	f := strings.Fields(s)
	m := make(map[string]string, len(f)/2)
	for i := 0; i+1 < len(f); i += 2 {
		m[f[i]] = f[i+1]
	}
	return m
}

// Street writes a street line in one form: capitals, postal abbreviations, no unit, no punctuation.
func Street(s string) string {
	s = name.ASCII(s)
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
			b.WriteByte(c)
		case c == '\'' || c == '.':
		case c == '#':
			b.WriteString(" UNIT ")
		default:
			b.WriteByte(' ')
		}
	}
	w := strings.Fields(b.String())
	if len(w) >= 2 && w[0] == "P" && w[1] == "O" {
		w = append([]string{"PO"}, w[2:]...)
	}
	out := w[:0]
	for i, x := range w {
		if i > 1 && unitWords[x] {
			break
		}
		if a := streetWords[x]; a != "" && i > 0 {
			x = a
		}
		out = append(out, x)
	}
	return strings.Join(out, " ")
}
