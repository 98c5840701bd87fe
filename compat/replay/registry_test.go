package replay_test

import (
	"testing"

	"github.com/esgen-dev/esgen/compat/confluent/protobuf"
	"github.com/esgen-dev/esgen/compat/replay"
)

// TestCompare_registry holds that a change says why the registry allows it
// exactly if the rules of the registry do.
func TestCompare_registry(t *testing.T) {
	t.Parallel()
	for _, c := range changes() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			original, err := protobuf.Parse(protobuf.Source{Text: whole(c.was)})
			if err != nil {
				t.Skipf("the registry refuses the text: %v", err)
			}
			update, err := protobuf.Parse(protobuf.Source{Text: whole(c.is)})
			if err != nil {
				t.Skipf("the registry refuses the text: %v", err)
			}
			allowed := true
			differences := protobuf.Diff(protobuf.V2, original, update)
			for _, d := range differences {
				allowed = allowed && d.Type.Compatible()
			}
			said := true
			changes := replay.Compare(link(t, c.was), link(t, c.is), replay.Options{JSON: true})
			for _, change := range changes {
				said = said && change.Registry != ""
			}
			if said != allowed && len(changes) > 0 {
				t.Errorf("the registry allows it: %t (%v), but the changes are %+v", allowed, differences, changes)
			}
		})
	}
}
