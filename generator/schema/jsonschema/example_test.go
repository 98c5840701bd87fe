package jsonschema_test

import (
	"fmt"

	"google.golang.org/protobuf/types/known/sourcecontextpb"

	"github.com/esgen-dev/esgen/generator/schema/jsonschema"
)

func ExampleEmit() {
	var event *sourcecontextpb.SourceContext
	text, err := jsonschema.Emit(event.ProtoReflect().Descriptor(), jsonschema.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(text)

	// Output:
	// {
	//   "$schema": "http://json-schema.org/draft-07/schema#",
	//   "title": "google.protobuf.SourceContext",
	//   "type": "object",
	//   "properties": {
	//     "fileName": {
	//       "type": [
	//         "string",
	//         "null"
	//       ]
	//     }
	//   },
	//   "additionalProperties": false
	// }
}
