package model

import (
	"slices"
	"testing"

	"google.golang.org/protobuf/reflect/protoreflect"
)

func TestUnexported(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Account": "account", "HTTPRoute": "httpRoute", "HTTP": "http", "URL2": "url2", "A": "a",
		"AB": "ab", "ABc": "aBc", "X_1": "x_1",
	} {
		if got := unexported(name); got != want {
			t.Errorf("unexported(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestSplitWords(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][]string{
		"AccountOpened":  {"Account", "Opened"},
		"HTTPRouteAdded": {"HTTP", "Route", "Added"},
		"DepositedV2":    {"Deposited", "V2"},
		"amount_cents":   {"amount", "cents"},
		"__x__":          {"x"},
		"":               nil,
		"OrderÄnderung":  {"Order", "Änderung"},
	} {
		if got := splitWords(name); !slices.Equal(got, want) {
			t.Errorf("splitWords(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestTopicName(t *testing.T) {
	t.Parallel()
	for full, want := range map[string]string{
		"bank.v1.Account": "bank.v1.account", "ShoppingCart": "shopping-cart", "a.HTTPRoute": "a.http-route",
	} {
		if got := topicName(protoreflect.FullName(full)); got != want {
			t.Errorf("topicName(%q) = %q, want %q", full, got, want)
		}
	}
}
