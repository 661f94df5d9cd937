// Package leak holds the nouns of leakwatch: what a listing is, what it
// offers, how it is identified, how the values in it that identify a victim
// are masked and coded, and how large anything may grow.
//
// It imports nothing of ours. Every other package speaks in its types.
package leak

import "slices"

// Category says what kind of data a listing offers. The ids are stable: they
// stand in the index, in queries and in exports.
type Category string

// The sixteen categories.
const (
	FacePhoto      Category = "face_photo"      // photographs of faces
	FaceVideo      Category = "face_video"      // recorded liveness: turn the head, nod, blink
	IDCardPhoto    Category = "id_card_photo"   // photos or scans of an identity document
	IDHandheld     Category = "id_handheld"     // a person holding the document
	IDNumber       Category = "id_number"       // ID numbers, usually with names
	PhoneNumber    Category = "phone_number"    // lists of phone numbers
	PersonalName   Category = "personal_name"   // lists of names or personal records
	BankCard       Category = "bank_card"       // bank cards, card numbers, accounts with card
	Fingerprints   Category = "fingerprint"     // fingerprint images or templates
	IDChipData     Category = "id_chip_data"    // data read from the chip of a document
	NetworkID      Category = "network_id"      // network identity certificates
	SIMCard        Category = "sim_card"        // resold real-name SIM cards
	IMAccount      Category = "im_account"      // real-name messenger accounts
	AppFaceData    Category = "app_face_data"   // faces collected or leaked by an app or device
	IdentityBundle Category = "identity_bundle" // sets that make a person
	KYCBypass      Category = "kyc_bypass"      // passing a face check for someone
)

// Categories returns all categories in their documented order.
func Categories() []Category {
	return []Category{FacePhoto, FaceVideo, IDCardPhoto, IDHandheld, IDNumber, PhoneNumber,
		PersonalName, BankCard, Fingerprints, IDChipData, NetworkID, SIMCard, IMAccount,
		AppFaceData, IdentityBundle, KYCBypass}
}

// Known reports whether c is one of the sixteen categories.
func (c Category) Known() bool { return slices.Contains(Categories(), c) }

// Intent says what the author of a listing wants. All but Mention make a hit.
type Intent string

// The intents.
const (
	Sell    Intent = "sell"
	Buy     Intent = "buy"
	Rent    Intent = "rent"
	Service Intent = "service"
	Mention Intent = "mention"
)

// Intents returns all intents.
func Intents() []Intent { return []Intent{Sell, Buy, Rent, Service, Mention} }

// Severity ranks listings, watches and alerts.
type Severity string

// The severities, from the least to the most urgent.
const (
	Low      Severity = "low"
	Medium   Severity = "medium"
	High     Severity = "high"
	Critical Severity = "critical"
)

// Severities returns all severities from low to critical.
func Severities() []Severity { return []Severity{Low, Medium, High, Critical} }

// Rank returns the position of s from 0 (low) to 3 (critical), -1 if unknown.
func (s Severity) Rank() int { return slices.Index(Severities(), s) }

// ContactKind names a channel through which a seller is reached.
type ContactKind string

// The contact kinds.
const (
	Telegram       ContactKind = "telegram"
	TelegramInvite ContactKind = "telegram_invite"
	WeChat         ContactKind = "wechat"
	QQ             ContactKind = "qq"
	QQGroup        ContactKind = "qq_group"
	Bat            ContactKind = "bat"
	Potato         ContactKind = "potato"
	KakaoTalk      ContactKind = "kakaotalk"
	Line           ContactKind = "line"
	WhatsApp       ContactKind = "whatsapp"
	Signal         ContactKind = "signal"
	Session        ContactKind = "session"
	Wickr          ContactKind = "wickr"
	XMPP           ContactKind = "xmpp"
	ICQ            ContactKind = "icq"
	Discord        ContactKind = "discord"
	EmailContact   ContactKind = "email"
	PhoneContact   ContactKind = "phone"
	Onion          ContactKind = "onion"
	URLContact     ContactKind = "url"
	BTC            ContactKind = "btc"
	ETH            ContactKind = "eth"
	TRON           ContactKind = "tron"
	XMR            ContactKind = "xmr"
)

// ContactKinds returns all contact kinds.
func ContactKinds() []ContactKind {
	return []ContactKind{Telegram, TelegramInvite, WeChat, QQ, QQGroup, Bat, Potato, KakaoTalk,
		Line, WhatsApp, Signal, Session, Wickr, XMPP, ICQ, Discord, EmailContact, PhoneContact,
		Onion, URLContact, BTC, ETH, TRON, XMR}
}

// IdentifierKind names a kind of value that identifies a victim.
type IdentifierKind string

// The identifier kinds.
const (
	PRCID       IdentifierKind = "prc_id"
	HKID        IdentifierKind = "hk_id"
	TWID        IdentifierKind = "tw_id"
	MOID        IdentifierKind = "mo_id"
	RRN         IdentifierKind = "rrn"
	KRForeigner IdentifierKind = "kr_foreigner"
	Passport    IdentifierKind = "passport"
	MRZ         IdentifierKind = "mrz"
	BankCardNo  IdentifierKind = "bank_card"
	Phone       IdentifierKind = "phone"
	Email       IdentifierKind = "email"
	SSN         IdentifierKind = "ssn"
	USCC        IdentifierKind = "uscc"
	NameRow     IdentifierKind = "name_row"
)

// IdentifierKinds returns all identifier kinds.
func IdentifierKinds() []IdentifierKind {
	return []IdentifierKind{PRCID, HKID, TWID, MOID, RRN, KRForeigner, Passport, MRZ, BankCardNo,
		Phone, Email, SSN, USCC, NameRow}
}
