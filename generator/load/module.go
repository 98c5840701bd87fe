package load

import (
	"fmt"
	"path"
	"strings"

	"google.golang.org/protobuf/compiler/protogen"
)

// cutModule splits the parameter module=... off the parameters of a request.
// protogen takes the module away from paths when it writes files; the Model
// needs the same paths before that.
func cutModule(parameter string) (module, rest string, err error) {
	var others []string
	relative := false
	for p := range strings.SplitSeq(parameter, ",") {
		if value, ok := strings.CutPrefix(p, "module="); ok {
			module = strings.TrimSuffix(value, "/")
			continue
		}
		relative = relative || p == "paths=source_relative"
		others = append(others, p)
	}
	if module != "" && relative {
		return "", "", fmt.Errorf("cannot use module=%s with paths=source_relative: leave one of them out", module)
	}
	return module, strings.Join(others, ","), nil
}

// trimModule takes the module away from where the files go.
func trimModule(plugin *protogen.Plugin, module string) error {
	for _, file := range plugin.Files {
		if !file.Generate {
			continue
		}
		prefix, ok := strings.CutPrefix(file.GeneratedFilenamePrefix, module+"/")
		if !ok {
			return fmt.Errorf("the Go package %s of %q is not below the module %s",
				path.Dir(file.GeneratedFilenamePrefix), file.Desc.Path(), module)
		}
		file.GeneratedFilenamePrefix = prefix
	}
	return nil
}
