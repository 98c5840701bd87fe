package registry

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/esgen-dev/esgen/generator/schema"
)

// apicurio is the name of a registry that does not judge as Confluent's does.
const apicurio = "Apicurio Registry"

// apicurioPath is where Apicurio has the interface that it shares with
// Confluent's registry.
var apicurioPath = regexp.MustCompile(`/apis/ccompat/v\d+/?$`)

// apicurioURLs returns where a registry has its own interface if it is Apicurio;
// nil when an address is not of that form.
func apicurioURLs(urls []*url.URL) []*url.URL {
	own := make([]*url.URL, len(urls))
	for i, u := range urls {
		at := apicurioPath.FindStringIndex(u.Path)
		if at == nil {
			return nil
		}
		beside := *u
		beside.Path, beside.RawPath = u.Path[:at[0]]+"/apis/registry/v2", ""
		own[i] = &beside
	}
	return own
}

// acceptJSON asks for plain JSON: that interface does not know the media type of
// Confluent's.
func acceptJSON(req *http.Request) error {
	req.Header.Set("Accept", "application/json")
	return nil
}

// apicurioVersion returns the version of a registry that says that it is
// Apicurio; "" of others. That it cannot be asked is no failure: the address
// alone proves nothing.
func (c *Client) apicurioVersion(ctx context.Context) string {
	if c.apicurio == nil {
		return ""
	}
	var about struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}
	err := c.apicurio.Do(ctx, http.MethodGet, "/system/info", nil, &about)
	if err != nil || !strings.HasPrefix(strings.ToLower(about.Name), "apicurio") {
		return ""
	}
	return clean(about.Version, 60)
}

// reportProduct reports a registry with rules of its own, when it compared
// something by them.
func (p *planner) reportProduct(steps []Step) {
	if p.server.Product == "" {
		return
	}
	compared := 0
	var first schema.Schema
	for _, step := range steps {
		if len(step.Against) == 0 || step.Action == Unchanged {
			continue
		}
		if compared++; compared == 1 {
			first = step.Schema
		}
	}
	if compared == 0 {
		return
	}
	p.report(first, ruleProduct,
		fmt.Sprintf("%s %s compares %s by rules of its own", p.server.Product, p.server.Version, count(compared, "changed schema")),
		"what esgen says without the registry is by the rules of Confluent's; register plans with the answers of this one")
}
