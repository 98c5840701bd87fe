//go:build unix

package realregistry

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/esgen-dev/esgen/internal/jvm"
)

// Version is the version of Apicurio Registry that is taken where none is asked
// for: the last one that Java 17 runs.
const Version = "2.6.13.Final"

// Installation is Java and a registry for it.
type Installation struct {
	Version string

	java string
	jar  string
}

// Find returns the installation of a version; "" is [Version]. When something
// is missing, the error says what to do.
func Find(version string) (Installation, error) {
	in := Installation{Version: cmp.Or(version, Version)}
	var err error
	if in.java, err = jvm.Java(); err != nil {
		return in, err
	}
	dir, err := directory(in.Version)
	if err != nil {
		return in, err
	}
	if _, err := os.Stat(dir); err != nil {
		return in, fmt.Errorf("apicurio registry %s is not there: run go run ./internal/realregistry/cmd fetch %s (%w)", in.Version, in.Version, err)
	}
	in.jar, err = program(dir)
	return in, err
}

func directory(version string) (string, error) {
	cache := jvm.Cache{Name: "esgen-registry", Variable: "ESGEN_REGISTRY_DIR"}
	return cache.Directory(version)
}

// program returns the archive that Java runs: versions have it under different
// names and in different places.
func program(dir string) (string, error) {
	for _, pattern := range []string{"quarkus-run.jar", "quarkus-app/quarkus-run.jar", "apicurio-registry-app-*-runner.jar"} {
		files, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			return "", err //nolint:wrapcheck // names the pattern
		}
		if len(files) == 1 {
			return files[0], nil
		}
	}
	return "", fmt.Errorf("%s holds no archive to run: remove it, and fetch it again", dir)
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
	err = jvm.Fill(dir, func(work string) error {
		err := jvm.Maven(ctx, work, output, "unpack",
			"-Dartifact=io.apicurio:apicurio-registry-app:"+version+":tar.gz:all", "-DoutputDirectory="+work)
		return errors.Join(err, os.RemoveAll(filepath.Join(work, "${project.basedir}"))) // where the plugin remembers it
	})
	if err != nil {
		return Installation{}, fmt.Errorf("apicurio registry %s: %w", version, err)
	}
	return Find(version)
}

// command returns the command that runs the registry.
func (in Installation) command(dir string, o Options) []string {
	command := []string{
		in.java, "-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", // starts quickly, on a machine with other work
		"-Djava.awt.headless=true", "-Djava.net.preferIPv4Stack=true", "-Djava.io.tmpdir=" + dir,
	}
	return slices.Concat(command, o.JVM, []string{"-jar", in.jar})
}

// environment returns the settings: each under the name that 2.6 reads, and the
// one that 3 does where they differ.
func (Installation) environment(port int, dir string, o Options) []string {
	storage := "jdbc:h2:mem:registry"
	if o.Durable {
		// Without a delay a transaction is in the file before it is answered for.
		storage = "jdbc:h2:file:" + filepath.Join(dir, "registry") + ";WRITE_DELAY=0"
	}
	settings := []string{
		"QUARKUS_HTTP_HOST=127.0.0.1", "QUARKUS_HTTP_PORT=" + strconv.Itoa(port), "HTTP_PORT=" + strconv.Itoa(port),
		"QUARKUS_MANAGEMENT_HOST=127.0.0.1", "QUARKUS_MANAGEMENT_PORT=0",
		"REGISTRY_DATASOURCE_URL=" + storage, "APICURIO_DATASOURCE_URL=" + storage,
		"APICURIO_STORAGE_SNAPSHOT_LOCATION=" + dir,
	}
	return append(settings, o.Environment...)
}

// String says which registry it is, and where.
func (in Installation) String() string {
	return fmt.Sprintf("Apicurio Registry %s in %s", in.Version, in.jar)
}
