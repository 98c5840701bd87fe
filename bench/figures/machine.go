package figures

import (
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
)

// Machine is where it was measured.
type Machine struct {
	Go         string `json:"go"`
	System     string `json:"system"`
	Processors int    `json:"processors"`
	// Where the system tells: the model of the processors, and the load of the
	// last minute, by which one sees whether anything else was going on.
	Model string `json:"model,omitempty"`
	Load  string `json:"load,omitempty"`
}

// ThisMachine describes the machine that the program runs on, as it is now.
func ThisMachine() Machine {
	return Machine{
		Go: runtime.Version(), System: runtime.GOOS + "/" + runtime.GOARCH,
		Processors: runtime.GOMAXPROCS(0), Model: model(), Load: load(),
	}
}

// model looks where Linux tells the model of processors.
func model() string {
	content, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(content)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// load looks where Linux tells the load.
func load() string {
	content, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return ""
	}
	lastMinute, _, _ := strings.Cut(string(content), " ")
	return lastMinute
}

// ModuleVersions returns the versions of modules that the program is built of.
func ModuleVersions(paths ...string) map[string]string {
	versions := make(map[string]string)
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			if slices.Contains(paths, m.Path) {
				versions[m.Path] = m.Version
			}
		}
	}
	return versions
}
