package vet //nolint:testpackage // the table is looked at directly: its modules are not among the dependencies

import (
	"go/types"
	"testing"
)

// TestEffectOf looks at packages that the test data cannot import.
func TestEffectOf(t *testing.T) {
	t.Parallel()
	tests := []struct {
		path, name string
		want       string
	}{
		{"github.com/google/uuid", "NewString", "makes a random id"},
		{"github.com/google/uuid", "NewV7", "makes a random id"},
		{"github.com/google/uuid", "NewSHA1", ""},
		{"github.com/google/uuid", "Parse", ""},
		{"github.com/gofrs/uuid", "NewV4", "makes a random id"},
		{"example.com/uuid", "NewString", ""},
		{"os/exec", "Command", "does I/O"},
		{"osmosis", "Command", ""},
		{"net/netip", "ParseAddr", ""},
		{"net/rpc", "Dial", "does I/O"},
	}
	for _, tt := range tests {
		pkg := types.NewPackage(tt.path, "p")
		fn := types.NewFunc(0, pkg, tt.name, types.NewSignatureType(nil, nil, nil, nil, nil, false))
		if e, _ := effectOf(effects(), fn); e.does != tt.want {
			t.Errorf("%s.%s %q, want %q", tt.path, tt.name, e.does, tt.want)
		}
	}
}

// TestEffects_words makes sure that every row says what to do instead.
func TestEffects_words(t *testing.T) {
	t.Parallel()
	for _, e := range effects() {
		if e.does == "" || e.instead == "" {
			t.Errorf("%s: %q, %q", e.path, e.does, e.instead)
		}
	}
}
