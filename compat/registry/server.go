package registry

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"

	"github.com/esgen-dev/esgen/compat/confluent/protobuf"
	"github.com/esgen-dev/esgen/generator/schema"
)

// Server says what runs at an address.
type Server struct {
	// Product is "Apicurio Registry" when the server says so; "" is one by
	// Confluent, or any that follows it.
	Product string
	Version string // e.g. "8.3.2"; "" when the server does not tell
	Profile protobuf.Profile
	// Assumed says why the profile is a guess; "" when the version tells it.
	Assumed string
	// Types are the schema types that the server takes, sorted; empty when it
	// does not tell.
	Types []schema.Type
}

// rules says by which rules esgen judges.
func (s Server) rules() string {
	if s.Product != "" {
		return "Confluent's registry, and " + s.Product + " " + s.Version + " has others"
	}
	name := "version " + s.Version
	if s.Version == "" {
		name = "the latest version"
	}
	if s.Profile == protobuf.V1 {
		return name + " (oneofs as before the middle of 2026)"
	}
	return name
}

// Server asks the registry what it is. A server that does not tell its version
// is taken for a new one.
func (c *Client) Server(ctx context.Context) (Server, error) {
	var answer struct {
		Version string `json:"version"`
	}
	var server Server
	err := c.sr.Do(ctx, http.MethodGet, "/v1/metadata/version", nil, &answer)
	switch {
	case err == nil:
		server.Version = clean(answer.Version, 60)
		server.Profile, server.Assumed = ProfileOf(answer.Version)
	case unsupported(err):
		if server.Version = c.apicurioVersion(ctx); server.Version != "" {
			server.Product = apicurio
			server.Profile = protobuf.V2
			server.Assumed = "this registry has rules of its own, in place of which those of Confluent's latest are taken"
			break
		}
		server.Profile, server.Assumed = protobuf.V2, "the server does not tell its version, so it is taken for a new one"
	default:
		return Server{}, c.failure("ask the registry for its version", err)
	}
	var types []string
	err = c.sr.Do(ctx, http.MethodGet, "/schemas/types", nil, &types)
	if err != nil && !unsupported(err) {
		return Server{}, c.failure("ask the registry for its types of schemas", err)
	}
	for _, name := range types {
		server.Types = append(server.Types, schema.Type(name))
	}
	slices.Sort(server.Types)
	return server, nil
}

// release finds the numbers of a version such as "8.3.1-ccs".
var release = regexp.MustCompile(`^v?(\d{1,6})\.(\d{1,6})(?:\.(\d{1,6}))?`)

// ProfileOf returns the rules for oneofs that a version of the registry has.
// They changed in patches of several branches at once. A version that cannot
// be read is taken for a new one, and the text says so.
func ProfileOf(version string) (profile protobuf.Profile, assumed string) {
	match := release.FindStringSubmatch(version)
	if match == nil {
		return protobuf.V2, fmt.Sprintf("the version %q is in an unknown form, so the server is taken for a new one", clean(version, 60))
	}
	number := func(i int) int { n, _ := strconv.Atoi(match[i]); return n }
	major, minor, patch := number(1), number(2), number(3)
	first := map[[2]int]int{ // the first patch of each branch with the new rules
		{7, 6}: 14, {7, 7}: 12, {7, 8}: 11, {7, 9}: 10,
		{8, 0}: 8, {8, 1}: 6, {8, 2}: 4, {8, 3}: 2,
	}
	if since, ok := first[[2]int{major, minor}]; ok {
		if patch >= since {
			return protobuf.V2, ""
		}
		return protobuf.V1, ""
	}
	if major < 8 {
		return protobuf.V1, ""
	}
	return protobuf.V2, ""
}
