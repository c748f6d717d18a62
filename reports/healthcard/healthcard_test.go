package healthcard

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"miic/reports/healthcard/proof"
)

func aKey(t *testing.T) *Key {
	t.Helper()
	k, err := NewKey()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// aCard is a card of so many doses.
func aCard(issuer string, doses int) *Card {
	c := &Card{Issuer: issuer, Issued: time.Date(2026, 3, 2, 6, 0, 0, 0, time.UTC), Family: "Ñúñez-O'Hara & <Söhne>",
		Given: []string{"Xóchitl", "Mai"}, Birth: "2019-05-04", Doses: []Dose{}}
	products := []int16{8, 110, 20, 49, 133, 10, 3, 21, 83, 94, 208, 300}
	for i := range doses {
		c.Doses = append(c.Doses, Dose{products[i*7%len(products)], fmt.Sprintf("%d-%02d-%02d", 2019+i/12, 1+i*5%12, 1+i*11%28)})
	}
	return c
}

func signed(t *testing.T, k *Key, c *Card) string {
	t.Helper()
	text, err := k.Sign(c)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func texts(card string) []string {
	var list []string
	for _, c := range chunks(card) {
		list = append(list, c.head+c.digits)
	}
	return list
}

// published is an issuer of whom anybody can read the keys: a folder.
func published(t *testing.T, keys ...*Key) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, ".well-known"), 0o700); err != nil {
		t.Fatal(err)
	}
	set := &Set{}
	for _, k := range keys {
		set.Add(k)
	}
	text, err := set.JSON()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, ".well-known", "jwks.json"), text, 0o600); err != nil {
		t.Fatal(err)
	}
	return "file://" + dir
}

// changed are a card with one letter replaced, all along its length; the dots between its parts are left.
func changed(card string) []string {
	var list []string
	for i := 0; i < len(card); i += max(1, len(card)/60) {
		if card[i] == '.' {
			continue
		}
		other := byte('A')
		if card[i] == other {
			other = 'B'
		}
		list = append(list, card[:i]+string(other)+card[i+1:])
	}
	last := card[len(card)-1] // of its six bits only two are part of the signature
	for _, c := range "ABCDQRSTghijwxyz" {
		if byte(c) != last {
			list = append(list, card[:len(card)-1]+string(c))
		}
	}
	return list
}

// TestAnotherProgramAcceptsOurCardsAndRefusesChangedOnes: cards of one code and of several; what it reads is what we
// signed; a card of which one letter is another is refused, by it and by us.
func TestAnotherProgramAcceptsOurCardsAndRefusesChangedOnes(t *testing.T) {
	old, key := aKey(t), aKey(t)
	issuer := published(t, old, key)
	set := SetOf(key)
	var ask [][]string
	cards := []*Card{aCard(issuer, 0), aCard(issuer, 10), aCard(issuer, 70)}
	for i, c := range cards {
		lines := texts(signed(t, key, c))
		if want := []int{1, 1, 2}[i]; len(lines) != want {
			t.Errorf("%d doses: %d codes, want %d", len(c.Doses), len(lines), want)
		}
		ask = append(ask, lines)
	}
	ask = append(ask, texts(signed(t, old, cards[1]))) // a key that is not in use any more
	good := len(ask)
	for _, bad := range changed(signed(t, key, cards[1])) {
		if c, err := set.Verify(bad); err == nil {
			t.Errorf("a changed card is accepted: %+v", c)
		}
		if !strings.HasSuffix(bad[:len(bad)-1], signed(t, key, cards[1])[:len(bad)-1]) { // a last letter of the same bits is the same to others
			ask = append(ask, texts(bad))
		}
	}
	answers := proof.Cards(t, ask)
	for i, a := range answers[:good] {
		c := cards[min(i, 2)]
		if i == 3 {
			c = cards[1]
		}
		want, _ := c.payload()
		var text bytes.Buffer
		if err := json.Compact(&text, a.Payload); err != nil || !a.Verified {
			t.Fatalf("card %d: %+v, %v", i, a, err)
		}
		var got, ours any
		if json.Unmarshal(text.Bytes(), &got) != nil || json.Unmarshal(want, &ours) != nil || !reflect.DeepEqual(got, ours) {
			t.Errorf("card %d: it reads\n%s\nwe signed\n%s", i, text.Bytes(), want)
		}
		if a.Header["alg"] != "ES256" || a.Header["zip"] != "DEF" || len(a.Header) != 3 {
			t.Errorf("card %d: header %v", i, a.Header)
		}
	}
	if len(answers)-good < 50 {
		t.Errorf("only %d changed cards were asked about", len(answers)-good)
	}
	for i, a := range answers[good:] {
		if a.Verified || a.Refused == "" {
			t.Errorf("changed card %d is accepted by the other program", i)
		}
	}
}

// TestCodesAreRead: another program reads the squares of a card's codes, and they are the card.
func TestCodesAreRead(t *testing.T) {
	for _, doses := range []int{1, 25, 70} {
		card := signed(t, aKey(t), aCard("https://example.org/iis", doses))
		codes, err := Codes(card)
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		for _, q := range codes {
			const dot, white = 3, 4
			width := (q.Size() + 2*white) * dot
			dots := bytes.Repeat([]byte{255}, width*width)
			for i := range dots {
				if x, y := i%width/dot-white, i/width/dot-white; x >= 0 && y >= 0 && x < q.Size() && y < q.Size() && q.Black(x, y) {
					dots[i] = 0
				}
			}
			lines = append(proof.Scan(t, width, dots), lines...) // in any order
		}
		back, err := Cards(strings.Join(lines, "\n"))
		if err != nil || len(back) != 1 || back[0] != card {
			t.Errorf("%d doses, %d codes: %q, %v", doses, len(codes), back, err)
		}
	}
}

// TestTheSameCardHasTheSameBytes, and says after signing what it said before.
func TestTheSameCardHasTheSameBytes(t *testing.T) {
	k := aKey(t)
	for _, doses := range []int{0, 1, 40} {
		c := aCard("https://example.org", doses)
		one, two := signed(t, k, c), signed(t, k, c)
		if one != two {
			t.Error("two signatures of one card differ")
		}
		got, err := SetOf(k).Verify(one)
		if err != nil || !reflect.DeepEqual(got, c) {
			t.Errorf("%+v, %v; want %+v", got, err, c)
		}
		file, err := File(one)
		if err != nil {
			t.Fatal(err)
		}
		if list, err := Cards(string(file)); err != nil || len(list) != 1 || list[0] != one {
			t.Errorf("from the file: %q, %v", list, err)
		}
	}
}

func TestACardIsDividedIntoCodesOfOneSize(t *testing.T) {
	for _, c := range []struct{ letters, codes int }{{1, 1}, {1195, 1}, {1196, 2}, {2382, 2}, {2383, 3}, {5000, 5}} {
		card := strings.Repeat("abcdefghij-_.", c.letters)[:c.letters]
		list := chunks(card)
		least, most := c.letters, 0
		for i, k := range list {
			n := len(k.digits) / 2
			least, most = min(least, n), max(most, n)
			if head := fmt.Sprintf("shc:/%d/%d/", i+1, c.codes); c.codes > 1 && k.head != head || c.codes == 1 && k.head != "shc:/" {
				t.Errorf("%d letters: code %d begins with %s", c.letters, i+1, k.head)
			}
		}
		if len(list) != c.codes || most > 1195 || c.codes > 1 && (most > 1191 || most-least > 1) {
			t.Errorf("%d letters: %d codes of %d to %d letters", c.letters, len(list), least, most)
		}
		if back, err := join(texts(card)); err != nil || back != card {
			t.Errorf("%d letters: %v", c.letters, err)
		}
	}
}

func TestWhatIsNoCardIsRefused(t *testing.T) {
	k := aKey(t)
	card := signed(t, k, aCard("https://example.org", 70))
	two := texts(card)
	if len(two) != 2 {
		t.Fatal("the card has not two codes")
	}
	for text, want := range map[string]string{
		"": "nothing to check", `{"a":1}`: "no verifiableCredential", two[0]: "missing or there twice",
		two[0] + "\n" + two[0]: "missing or there twice", "shc:/123": "cut off", "shc:/zz": "pairs of digits", "shc:/": "cut off",
		two[0] + "\nhello": "begins with shc:/", "shc:/99": "pairs of digits",
	} {
		if _, err := Cards(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.20q: %v, want %q", text, err, want)
		}
	}
	for text, want := range map[string]string{"hello": "no SMART Health Card", "a.b.c": "no SMART Health Card"} {
		if _, err := SetOf(k).Verify(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
	if _, err := SetOf(aKey(t)).Verify(card); err == nil || !strings.Contains(err.Error(), "not among the public keys") {
		t.Errorf("a key of nobody: %v", err)
	}
	// A card that unpacks to more than a card can be.
	huge, err := packed(bytes.Repeat([]byte(" "), most+1))
	if err != nil {
		t.Fatal(err)
	}
	s, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: signer{k}}, (&jose.SignerOptions{}).WithHeader("zip", "DEF"))
	if err != nil {
		t.Fatal(err)
	}
	object, err := s.Sign(huge)
	if err != nil {
		t.Fatal(err)
	}
	text, _ := object.CompactSerialize()
	if _, err := SetOf(k).Verify(text); err == nil {
		t.Error("a megabyte of blanks is a card")
	}
}

func TestKeysThatCannotSignAreNamed(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string, mode os.FileMode) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	k := aKey(t)
	private, err := k.Private()
	if err != nil {
		t.Fatal(err)
	}
	public, err := SetOf(k).JSON()
	if err != nil {
		t.Fatal(err)
	}
	alone, _ := json.Marshal(k.Public())
	other, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p384, err := json.Marshal(jose.JSONWebKey{Key: other})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string][2]string{
		"absent":      {filepath.Join(dir, "absent.json"), "absent.json cannot be read: no such file"},
		"not a key":   {file("text.json", "secret words", 0o600), "text.json is no JSON Web Key"},
		"public":      {file("public.json", string(alone), 0o600), "public.json is no private key"},
		"a set":       {file("jwks.json", string(public), 0o600), "jwks.json is no JSON Web Key"},
		"other curve": {file("p384.json", string(p384), 0o600), "p384.json is on the curve P-384"},
		"open to all": {file("open.json", string(private), 0o644), "open.json may be read by others"},
	} {
		if _, err := ReadKey(c[0]); err == nil || !strings.Contains(err.Error(), c[1]) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v, want %q", name, err, c[1])
		}
	}
	back, err := ReadKey(file("good.json", string(private), 0o600))
	if err != nil || back.ID() != k.ID() {
		t.Fatalf("%+v, %v", back, err)
	}
	set, err := ReadSet(filepath.Join(dir, "jwks.json"))
	if err != nil || set.Len() != 1 {
		t.Fatal(err)
	}
	if _, err := set.Verify(signed(t, back, aCard("https://example.org", 3))); err != nil {
		t.Error(err)
	}
	if _, err := ReadSet(file("secret.json", `{"keys":[`+string(private)+`]}`, 0o600)); err == nil {
		t.Error("private keys pass as public ones")
	}
	if text, err := json.Marshal(k); err != nil || string(text) != `"`+k.ID()+`"` {
		t.Errorf("a key in settings is %s, %v", text, err)
	}
}
