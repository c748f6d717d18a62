package healthcard

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"slices"

	"miic/internal/prose"

	"github.com/go-jose/go-jose/v4"
)

// A Key signs cards. Its JSON form is its public name alone, so that it may be part of a stage's settings.
type Key struct {
	private *ecdsa.PrivateKey
	id      string
}

// MarshalJSON writes the key's id, and never the key.
func (k *Key) MarshalJSON() ([]byte, error) { return json.Marshal(k.id) }

// ID is the key's thumbprint (RFC 7638), by which verifiers find its public part.
func (k *Key) ID() string { return k.id }

// NewKey makes a key on the curve P-256, as cards must have.
func NewKey() (*Key, error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	return keyOf(private)
}

func keyOf(private *ecdsa.PrivateKey) (*Key, error) {
	sum, err := (&jose.JSONWebKey{Key: private.Public()}).Thumbprint(crypto.SHA256)
	if err != nil {
		return nil, err
	}
	return &Key{private, base64.RawURLEncoding.EncodeToString(sum)}, nil
}

// Private is the key as a file has it (a private JWK).
func (k *Key) Private() ([]byte, error) {
	text, err := json.MarshalIndent(jose.JSONWebKey{Key: k.private, KeyID: k.id, Use: "sig", Algorithm: string(jose.ES256)}, "", "  ")
	return append(text, '\n'), err
}

// Public is the key's public part.
func (k *Key) Public() jose.JSONWebKey {
	return jose.JSONWebKey{Key: k.private.Public(), KeyID: k.id, Use: "sig", Algorithm: string(jose.ES256)}
}

// ReadKey reads the file of a key. An error names the file and what to do, and nothing of what stands in it.
func ReadKey(path string) (*Key, error) {
	file := filepath.Base(path)
	info, err := os.Stat(path)
	if err == nil && info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("key %s may be read by others: chmod 600 %s, and think about a new key ('miic key new')", file, file)
	}
	var text []byte
	if err == nil {
		text, err = os.ReadFile(path)
	}
	if err != nil {
		return nil, fmt.Errorf("key %s cannot be read: %s; restore it from its backup, or make a new one with 'miic key new'", file,
			prose.Cause(err))
	}
	var jwk jose.JSONWebKey
	if json.Unmarshal(text, &jwk) != nil {
		return nil, fmt.Errorf("key %s is no JSON Web Key: restore it from its backup, or make a new one with 'miic key new'", file)
	}
	private, ok := jwk.Key.(*ecdsa.PrivateKey)
	switch {
	case !ok:
		return nil, fmt.Errorf("key %s is no private key for ES256: name the file that 'miic key new' has written, not jwks.json", file)
	case private.Curve != elliptic.P256():
		return nil, fmt.Errorf("key %s is on the curve %s: cards are signed on P-256; make one with 'miic key new'",
			file, private.Curve.Params().Name)
	}
	return keyOf(private)
}

// A Set is the public keys of an issuer, as jwks.json publishes them.
type Set struct{ keys jose.JSONWebKeySet }

// ReadSet reads jwks.json.
func ReadSet(path string) (*Set, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("the public keys %s cannot be read: %s", filepath.Base(path), prose.Cause(err))
	}
	var s Set
	if json.Unmarshal(text, &s.keys) != nil || len(s.keys.Keys) == 0 ||
		slices.ContainsFunc(s.keys.Keys, func(k jose.JSONWebKey) bool { return !k.IsPublic() }) {
		return nil, fmt.Errorf("%s is no list of public keys (jwks.json)", filepath.Base(path))
	}
	return &s, nil
}

// SetOf is a set of one key.
func SetOf(k *Key) *Set { return &Set{jose.JSONWebKeySet{Keys: []jose.JSONWebKey{k.Public()}}} }

// Add puts a key before those that are there: what these have signed can still be checked.
func (s *Set) Add(k *Key) { s.keys.Keys = append([]jose.JSONWebKey{k.Public()}, s.keys.Keys...) }

// Len is how many keys there are.
func (s *Set) Len() int { return len(s.keys.Keys) }

// JSON is the set as jwks.json has it.
func (s *Set) JSON() ([]byte, error) {
	text, err := json.MarshalIndent(s.keys, "", "  ")
	return append(text, '\n'), err
}

// SignPayload signs by RFC 6979: without a random number, so that the same card has the same signature.
func (k *Key) SignPayload(text []byte, _ jose.SignatureAlgorithm) ([]byte, error) {
	sum := sha256.Sum256(text)
	der, err := k.private.Sign(nil, sum[:], crypto.SHA256)
	if err != nil {
		return nil, err
	}
	var both struct{ R, S *big.Int }
	if rest, err := asn1.Unmarshal(der, &both); err != nil || len(rest) > 0 {
		return nil, errors.New("the signature cannot be read")
	}
	const side = 32
	out := make([]byte, 2*side)
	both.R.FillBytes(out[:side])
	both.S.FillBytes(out[side:])
	return out, nil
}

// signer is a Key as go-jose takes it.
type signer struct{ *Key }

func (s signer) Public() *jose.JSONWebKey        { k := s.Key.Public(); return &k }
func (s signer) Algs() []jose.SignatureAlgorithm { return []jose.SignatureAlgorithm{jose.ES256} }

// Sign signs a card: the text that a .smart-health-card file and the QR codes hold.
func (k *Key) Sign(c *Card) (string, error) {
	text, err := c.payload()
	if err != nil {
		return "", err
	}
	data, err := packed(text)
	if err != nil {
		return "", err
	}
	s, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: signer{k}}, (&jose.SignerOptions{}).WithHeader("zip", "DEF"))
	if err != nil {
		return "", err
	}
	signed, err := s.Sign(data)
	if err != nil {
		return "", err
	}
	return signed.CompactSerialize()
}

// Verify checks a card against the issuer's public keys, and returns what it says.
func (s *Set) Verify(card string) (*Card, error) {
	signed, err := jose.ParseSignedCompact(card, []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		return nil, errors.New("this is no SMART Health Card: it is not signed with ES256")
	}
	// The same bytes can be written in several ways: only one is a card.
	if same, err := signed.CompactSerialize(); err != nil || same != card {
		return nil, errors.New("the card was changed: it is not written as it was signed")
	}
	head := signed.Signatures[0].Protected
	if head.ExtraHeaders["zip"] != "DEF" {
		return nil, errors.New("this is no SMART Health Card: what is signed is not compressed")
	}
	keys := s.keys.Key(head.KeyID)
	if len(keys) == 0 {
		return nil, errors.New("the card was signed with a key that is not among the public keys: it is of another issuer, or false")
	}
	data, err := signed.Verify(keys[0].Key)
	if err != nil {
		return nil, errors.New("the signature is wrong: the card was changed, or is false")
	}
	text, err := unpacked(data)
	if err != nil {
		return nil, err
	}
	if !bytes.HasPrefix(text, []byte("{")) {
		return nil, errors.New("what is signed is no SMART Health Card")
	}
	return read(text)
}
