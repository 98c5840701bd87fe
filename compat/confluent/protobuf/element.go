package protobuf

// The tree of a file as it is written: nothing is linked, and nothing is added
// that the text does not say. It is not changed after it was read.

// label is what is written in front of a field.
type label int8

const (
	noLabel label = iota // nothing is written
	optional
	repeated
	required
)

// file is a .proto file. Messages and enums are apart from each other, because
// the registry looks at them so, and writes them so.
type file struct {
	syntax        string // "" when not written
	pkg           string // "" when not written, which is not the same as any name
	imports       []string
	publicImports []string
	options       []option
	messages      []*message
	enums         []*enum
	extends       []extend
	services      []service
}

// message is a message with what stands in it, each kind in the order of the
// text.
type message struct {
	name       string
	reserved   []ranges
	options    []option
	fields     []field
	oneofs     []oneof
	groups     []group
	extensions []ranges
	extends    []extend
	messages   []*message
	enums      []*enum
}

// field is a field of a message, a oneof, a group or an extension.
type field struct {
	label    label
	typ      string // as written; a map is "map<K, V>"
	name     string
	tag      int32
	fallback *string // option default, without quotes
	jsonName *string // option json_name
	options  []option
	offset   int // of the type, in bytes
}

type oneof struct {
	name    string
	options []option
	fields  []field
	groups  []group
}

type group struct {
	label  label
	name   string
	tag    int32
	fields []field
}

type enum struct {
	name      string
	reserved  []ranges
	options   []option
	constants []constant
}

type constant struct {
	name    string
	tag     int32
	options []option
}

type extend struct {
	name   string
	fields []field
	offset int
}

type service struct {
	name    string
	options []option
	rpcs    []rpc
}

type rpc struct {
	name                        string
	request, response           string
	streamRequest, streamAnswer bool
	options                     []option
	offset, answerOffset        int
}

// ranges is a reserved or extensions declaration.
type ranges struct {
	items   []rangeItem
	options []option // of extensions only
}

// rangeItem is a name, or the numbers from first to last.
type rangeItem struct {
	name        string
	quoted      bool // it is a name
	span        bool // it is written with "to"
	first, last int32
}

// maxTag is what "max" stands for, where it is not the largest number at all.
const maxTag = 1<<29 - 1

// kind says what an option's value is.
type kind int8

const (
	enumKind kind = iota // a word that is none of the others
	stringKind
	boolKind
	numberKind
	mapKind
	listKind
	optionKind // a path goes on: the value is an option itself
)

// option is "name = value", or "name.sub = value" with an option as value.
type option struct {
	name   string
	parens bool // the name stands in parentheses
	value  value
}

type value struct {
	kind    kind
	text    string   // of a string, without quotes and escapes; of a word as written
	items   []value  // of a list
	entries []option // of a map
	sub     *option  // of a path
}

// isMapEntry reports whether the message says that it is the entry of a map,
// as the messages do that descriptors have for maps.
func (m *message) isMapEntry() bool {
	for i := range m.options {
		if m.options[i].name == "map_entry" && m.options[i].value.text == "true" {
			return true
		}
	}
	return false
}
