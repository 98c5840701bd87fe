package confluent

import (
	"crypto/md5" //nolint:gosec // the registry's choice, and not for secrecy
	"encoding/binary"
	"fmt"

	"github.com/esgen-dev/esgen/generator/schema"
)

// GUID returns the id that a version has in every registry, and that a record
// may carry in its header: a hash of the canonical text and of the references,
// whose versions have to be known. It holds for versions without metadata and
// rules.
func GUID(canonical string, references []schema.Reference) string {
	hash := md5.New() //nolint:gosec // see above
	_, _ = hash.Write([]byte(canonical))
	for _, ref := range references {
		_, _ = hash.Write([]byte(ref.Name + ref.Subject))
		_, _ = hash.Write(binary.BigEndian.AppendUint32(nil, uint32(ref.Version))) //nolint:gosec // versions are small
	}
	sum := hash.Sum(nil)
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:])
}
