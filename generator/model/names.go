package model

import "strings"

// Names are the identifiers that are emitted for one aggregate, computed in
// one place. All carry the aggregate's name, so that several aggregates live
// in one Go package.
type Names struct {
	Event      string // e.g. "AccountEvent"
	Stored     string // e.g. "AccountStoredEvent"
	Command    string // e.g. "AccountCommand"
	Behavior   string // e.g. "AccountBehavior"
	Upcasts    string // e.g. "AccountUpcasts"
	Aggregate  string // e.g. "AccountAggregate"
	New        string // e.g. "NewAccountAggregate"
	Reader     string // e.g. "AccountReader"
	NewReader  string // e.g. "NewAccountReader"
	Type       string // e.g. "AccountType"
	TypeImpl   string // e.g. "accountType"
	EventsImpl string // e.g. "accountEvents"
	NewEvents  string // e.g. "newAccountEvents"
	IsEvent    string // e.g. "isAccountEvent"
	IsStored   string // e.g. "isAccountStoredEvent"
	IsCommand  string // e.g. "isAccountCommand"
	Kit        string // e.g. "AccountKit", in the test kit's package
	KitStarter string // e.g. "Account", in the test kit's package
}

// NewNames returns the names for an aggregate whose message has the given Go
// name, e.g. "Account".
func NewNames(goName string) Names {
	return Names{
		Event:      goName + "Event",
		Stored:     goName + "StoredEvent",
		Command:    goName + "Command",
		Behavior:   goName + "Behavior",
		Upcasts:    goName + "Upcasts",
		Aggregate:  goName + "Aggregate",
		New:        "New" + goName + "Aggregate",
		Reader:     goName + "Reader",
		NewReader:  "New" + goName + "Reader",
		Type:       goName + "Type",
		TypeImpl:   unexported(goName) + "Type",
		EventsImpl: unexported(goName) + "Events",
		NewEvents:  "new" + goName + "Events",
		IsEvent:    "is" + goName + "Event",
		IsStored:   "is" + goName + "StoredEvent",
		IsCommand:  "is" + goName + "Command",
		Kit:        goName + "Kit",
		KitStarter: goName,
	}
}

// OutcomeName returns the name of the interface of a command's events, e.g.
// "WithdrawOutcome".
func OutcomeName(command string) string { return command + "Outcome" }

// OutcomeMethod returns the method that seals it, e.g. "outcomeOfWithdraw".
func OutcomeMethod(command string) string { return "outcomeOf" + command }

// unexported puts the first word of a Go name in lower case: "Account" becomes
// "account", "HTTPRoute" becomes "httpRoute". Names from Protobuf are ASCII.
func unexported(name string) string {
	upper := 0
	for upper < len(name) && isUpper(name[upper]) {
		upper++
	}
	if upper > 1 && upper < len(name) && isLower(name[upper]) {
		upper-- // the last capital begins the next word
	}
	return strings.ToLower(name[:upper]) + name[upper:]
}

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }
func isLower(c byte) bool { return 'a' <= c && c <= 'z' }
