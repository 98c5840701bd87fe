//go:build unix

package realkafka

import (
	"cmp"
	"context"
	"crypto/sha256"
	_ "embed"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/esgen-dev/esgen/internal/jvm"
)

// Version is the version of Kafka that is taken where none is asked for.
const Version = "4.3.1"

//go:embed pom.xml
var pom []byte

//go:embed log4j2.xml
var log4j []byte

const logConfig = "log4j2.xml"

// Installation is Java and a Kafka for it.
type Installation struct {
	Version string

	java string
	dir  string // of the jars, and the configuration of their log
}

// Find returns the installation of a version; "" is [Version]. When something
// is missing, the error says what to do.
func Find(version string) (Installation, error) {
	in := Installation{Version: cmp.Or(version, Version)}
	var err error
	if in.java, err = jvm.Java(); err != nil {
		return in, err
	}
	if in.dir, err = directory(in.Version); err != nil {
		return in, err
	}
	if _, err := os.Stat(in.dir); err != nil {
		return in, fmt.Errorf("kafka %s is not there: run go run ./internal/realkafka/cmd fetch %s (%w)", in.Version, in.Version, err)
	}
	return in, nil
}

// directory returns where a version is kept. Another list of artifacts makes
// another directory.
func directory(version string) (string, error) {
	list := sha256.New()
	list.Write(pom)
	list.Write(log4j)
	cache := jvm.Cache{Name: "esgen-kafka", Variable: "ESGEN_KAFKA_DIR"}
	return cache.Directory(fmt.Sprintf("%s-%x", version, list.Sum(nil)[:4]))
}

// Fetch has Maven fetch a version, "" being [Version], unless it is there. What
// Maven has to say goes to output. The directory appears when it is complete.
func Fetch(ctx context.Context, version string, output io.Writer) (Installation, error) {
	if in, err := Find(version); err == nil {
		return in, nil
	}
	version = cmp.Or(version, Version)
	dir, err := directory(version)
	if err != nil {
		return Installation{}, err
	}
	fill := func(work string) error { return fetchTo(ctx, work, version, output) }
	if err := jvm.Fill(dir, fill); err != nil {
		return Installation{}, fmt.Errorf("kafka %s: %w", version, err)
	}
	return Find(version)
}

func fetchTo(ctx context.Context, dir, version string, output io.Writer) error {
	for name, content := range map[string][]byte{"pom.xml": pom, logConfig: log4j} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			return err //nolint:wrapcheck // names the path
		}
	}
	return jvm.Maven(ctx, dir, output, "copy-dependencies",
		"-Dkafka.version="+version, "-DincludeScope=runtime", "-DoutputDirectory="+dir)
}

// arguments returns the arguments of Java for a class of Kafka.
func (in Installation) arguments(jvm []string, class string, args ...string) []string {
	all := []string{
		"-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", // starts quickly, on a machine with other work
		"-Djava.awt.headless=true", "-Djava.net.preferIPv4Stack=true",
		"-Dlog4j2.configurationFile=" + filepath.Join(in.dir, logConfig),
	}
	all = append(append(all, jvm...), "-cp", filepath.Join(in.dir, "*"), class)
	return append(all, args...)
}

// String says which Kafka it is, and where.
func (in Installation) String() string { return fmt.Sprintf("Kafka %s in %s", in.Version, in.dir) }
