//go:build unix

package interop

import (
	"path/filepath"
	"testing"
)

// python runs one of the programs in Python, and returns what it printed.
func python(t *testing.T, script string, args ...string) []byte {
	t.Helper()
	interpreter := filepath.Join("venv", "bin", "python")
	dir := program{
		name: "python", sources: []source{{"python/requirements.txt", "."}, {protos, "."}},
		tools: [][]string{{"python3", "-c", "import ensurepip, sys; assert sys.version_info >= (3, 11)"}},
		build: [][]string{
			{"python3", "-m", "venv", "venv"},
			{interpreter, "-m", "pip", "install", "--quiet", "--only-binary=:all:", "--requirement=requirements.txt"},
			{interpreter, "-m", "grpc_tools.protoc", "--proto_path=.", "--python_out=.", "bank/v1/account.proto"},
		},
	}.ready(t)
	path, err := filepath.Abs(filepath.Join("python", script))
	if err != nil {
		t.Fatal(err)
	}
	args = append([]string{"PYTHONPATH=" + dir, "PYTHONDONTWRITEBYTECODE=1", filepath.Join(dir, interpreter), path}, args...)
	return output(t, dir, "env", args...)
}

// python reads the log with confluent-kafka. Its deserializer asks the registry
// for descriptors in base64, which Apicurio does not give.
func (w *world) python(t *testing.T) []byte {
	t.Helper()
	args := []string{w.Brokers()[0], w.registry, account().Spec().Topic}
	if w.apicurio != "" {
		args = append(args, "text")
	}
	return python(t, "read.py", args...)
}
