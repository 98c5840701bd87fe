package load

import (
	"fmt"

	"google.golang.org/protobuf/types/pluginpb"
)

// Request links what protoc or buf hand to a plugin. Parameters that protogen
// does not know go to param.
//
// Positions come from the request: they name files as they are imported, and
// those inside an option value are as exact as the compiler made them.
func Request(data []byte, param func(name, value string) error) (*Set, error) {
	req := &pluginpb.CodeGeneratorRequest{}
	if err := asPlugin(data, req); err != nil {
		return nil, fmt.Errorf("standard input is not a CodeGeneratorRequest: %w", err)
	}
	if err := checkComments(req); err != nil {
		return nil, err
	}
	return newSet(req, param)
}
