package cli

import (
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"strings"
)

// profiles are what ESGEN_DEBUG asks for: paths of files, or "".
type profiles struct{ cpu, memory string }

// parseDebug reads ESGEN_DEBUG: a list such as "cpuprofile=cpu.out".
func parseDebug(list string) (profiles, error) {
	var p profiles
	into := map[string]*string{"cpuprofile": &p.cpu, "memprofile": &p.memory}
	for setting := range strings.SplitSeq(list, ",") {
		if setting == "" {
			continue
		}
		key, value, _ := strings.Cut(setting, "=")
		field, ok := into[key]
		switch {
		case !ok:
			return profiles{}, usage(suggest(key, []string{"cpuprofile", "memprofile"}, "the keys are cpuprofile, memprofile"),
				"unknown key %q in ESGEN_DEBUG", key)
		case value == "":
			return profiles{}, usage("write it as "+key+"=file", "the key %q in ESGEN_DEBUG needs a value", key)
		}
		*field = value
	}
	return p, nil
}

// start begins to measure, and returns what ends it and writes the files.
func (p profiles) start() (stop func() error, err error) {
	if p.cpu == "" {
		return p.writeMemory, nil
	}
	file, err := os.Create(p.cpu)
	if err != nil {
		return nil, usage("name a file in ESGEN_DEBUG that can be written", "cannot write the profile: %v", err)
	}
	if err := pprof.StartCPUProfile(file); err != nil {
		return nil, fmt.Errorf("start the profile: %w", err)
	}
	return func() error {
		pprof.StopCPUProfile()
		if err := file.Close(); err != nil {
			return fmt.Errorf("write the profile: %w", err)
		}
		return p.writeMemory()
	}, nil
}

func (p profiles) writeMemory() (err error) {
	if p.memory == "" {
		return nil
	}
	file, err := os.Create(p.memory)
	if err != nil {
		return usage("name a file in ESGEN_DEBUG that can be written", "cannot write the profile: %v", err)
	}
	defer func() {
		if closed := file.Close(); err == nil && closed != nil {
			err = fmt.Errorf("write the profile: %w", closed)
		}
	}()
	runtime.GC() // what is still in use counts
	if err := pprof.WriteHeapProfile(file); err != nil {
		return fmt.Errorf("write the profile: %w", err)
	}
	return nil
}
