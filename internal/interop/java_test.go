//go:build unix

package interop

import (
	"path/filepath"
	"testing"

	"github.com/esgen-dev/esgen/internal/jvm"
)

// java reads the log with Kafka's own client and the deserializer of Apicurio,
// which finds classes by their full names: so they are generated into files of
// their own.
func (w *world) java(t *testing.T) []byte {
	t.Helper()
	if w.apicurio == "" {
		t.Skip("SKIPPED, NOT TESTED: the deserializer of Apicurio takes its registry: set ESGEN_REAL_REGISTRY=1")
	}
	java, err := jvm.Java()
	if err != nil {
		jvm.Missing(t, "a reader in Java", err)
	}
	dir := program{
		name: "java", sources: []source{{"java", "."}, {protos, "src/main/proto"}},
		tools: [][]string{{"mvn", "--version"}},
		build: [][]string{
			{"sh", "-c", "echo 'option java_multiple_files = true;' >>src/main/proto/bank/v1/account.proto"},
			{"mvn", "--batch-mode", "--quiet", "--strict-checksums", "package"},
		},
	}.ready(t)
	return output(t, dir, java, "-jar", filepath.Join(dir, "target", "reader.jar"), w.Brokers()[0], w.apicurio, account().Spec().Topic)
}
