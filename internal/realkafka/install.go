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
	"os/exec"
	"path/filepath"
)

// Version is the version of Kafka that is taken where none is asked for.
const Version = "4.3.1"

//go:embed pom.xml
var pom []byte

//go:embed log4j2.xml
var log4j []byte

const (
	logConfig  = "log4j2.xml"
	dependency = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
)

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
	if in.java, err = java(); err != nil {
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

func java() (string, error) {
	if home := os.Getenv("JAVA_HOME"); home != "" {
		return filepath.Join(home, "bin", "java"), nil
	}
	file, err := exec.LookPath("java")
	if err != nil {
		return "", fmt.Errorf("install Java 17 or newer, or set JAVA_HOME: %w", err)
	}
	return file, nil
}

// directory returns where a version is kept. Another list of artifacts makes
// another directory.
func directory(version string) (string, error) {
	root := os.Getenv("ESGEN_KAFKA_DIR")
	if root == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return "", fmt.Errorf("set ESGEN_KAFKA_DIR: %w", err)
		}
		root = filepath.Join(cache, "esgen-kafka")
	}
	list := sha256.New()
	list.Write(pom)
	list.Write(log4j)
	return filepath.Join(root, fmt.Sprintf("%s-%x", version, list.Sum(nil)[:4])), nil
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
	if err := os.MkdirAll(filepath.Dir(dir), 0o750); err != nil {
		return Installation{}, err //nolint:wrapcheck // names the path
	}
	work, err := os.MkdirTemp(filepath.Dir(dir), "fetching-")
	if err != nil {
		return Installation{}, err //nolint:wrapcheck // names the path
	}
	defer os.RemoveAll(work) //nolint:errcheck // it was moved, or matters no more
	if err := fetchTo(ctx, work, version, output); err != nil {
		return Installation{}, err
	}
	if err := os.Rename(work, dir); err != nil {
		if in, missing := Find(version); missing == nil {
			return in, nil // somebody else was quicker
		}
		return Installation{}, err //nolint:wrapcheck // names the paths
	}
	return Find(version)
}

func fetchTo(ctx context.Context, dir, version string, output io.Writer) error {
	for name, content := range map[string][]byte{"pom.xml": pom, logConfig: log4j} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			return err //nolint:wrapcheck // names the path
		}
	}
	mvn := exec.CommandContext(ctx, "mvn", "--batch-mode", "--quiet", "--strict-checksums",
		"-Dkafka.version="+version, dependency, "-DincludeScope=runtime", "-DoutputDirectory="+dir)
	mvn.Dir, mvn.Stdout, mvn.Stderr = dir, output, output
	if err := mvn.Run(); err != nil {
		return fmt.Errorf("fetching Kafka %s with Maven: %w", version, err)
	}
	return nil
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
