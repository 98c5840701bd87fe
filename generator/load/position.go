package load

import (
	"slices"
	"unicode/utf8"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/esgen-dev/esgen/diag"
)

// Field numbers of descriptor.proto that lead to what a finding points at.
const (
	numberName         = 1 // of every named descriptor
	numberFileOptions  = 8 // FileDescriptorProto.options
	numberOptions      = 7 // DescriptorProto.options
	numberFieldOptions = 8 // FieldDescriptorProto.options
	numberFilePackage  = 2 // FileDescriptorProto.package
)

// Position returns where a message, field or file stands: its name, or for a
// file its package statement.
func (s *Set) Position(d protoreflect.Descriptor) diag.Position {
	file, path := d.ParentFile(), nameOf(d)
	if loc := file.SourceLocations().ByPath(path); len(path) > 0 && len(loc.Path) > 0 {
		return s.span(file.Path(), loc)
	}
	return diag.Position{Path: s.shown(file.Path()), Line: 1, Column: 1}
}

// nameOf returns the source path of a descriptor's name.
func nameOf(d protoreflect.Descriptor) protoreflect.SourcePath {
	if _, ok := d.(protoreflect.FileDescriptor); ok {
		return protoreflect.SourcePath{numberFilePackage}
	}
	path := d.ParentFile().SourceLocations().ByDescriptor(d).Path
	if path == nil {
		return nil
	}
	return append(slices.Clip(path), numberName)
}

// OptionPosition returns where a value inside an option of d stands. The path
// holds the extension's number and then field numbers and indices, as in a
// SourcePath. Where the compiler did not record the value itself, it is the
// position of the nearest thing around it: the option, or d.
func (s *Set) OptionPosition(d protoreflect.Descriptor, path ...int32) diag.Position {
	file, options := d.ParentFile(), optionsOf(d)
	locations := file.SourceLocations()
	for full := slices.Concat(options, path); len(full) > len(options) && len(options) > 0; full = full[:len(full)-1] {
		if loc := locations.ByPath(full); len(loc.Path) > 0 {
			return s.span(file.Path(), loc)
		}
	}
	return s.Position(d)
}

// optionsOf returns the source path of a descriptor's options.
func optionsOf(d protoreflect.Descriptor) protoreflect.SourcePath {
	number := int32(numberOptions)
	switch d.(type) {
	case protoreflect.FileDescriptor:
		return protoreflect.SourcePath{numberFileOptions}
	case protoreflect.FieldDescriptor:
		number = numberFieldOptions
	}
	path := d.ParentFile().SourceLocations().ByDescriptor(d).Path
	if path == nil {
		return nil
	}
	return append(slices.Clip(path), number)
}

// Span returns a location of a file as a position.
func (s *Set) Span(file protoreflect.FileDescriptor, loc protoreflect.SourceLocation) diag.Position {
	return s.span(file.Path(), loc)
}

func (s *Set) span(protoPath string, loc protoreflect.SourceLocation) diag.Position {
	src := s.sources[protoPath]
	return diag.Position{
		Path:      s.shown(protoPath),
		Line:      loc.StartLine + 1,
		Column:    src.byteColumn(loc.StartLine, loc.StartColumn) + 1,
		EndLine:   loc.EndLine + 1,
		EndColumn: src.byteColumn(loc.EndLine, loc.EndColumn) + 1,
	}
}

// shown returns the path of a file as a user would type it.
func (s *Set) shown(protoPath string) string {
	if src, ok := s.sources[protoPath]; ok {
		return src.disk
	}
	return protoPath
}

// Text returns the source text of a file by the path that findings show, or
// nil when it is not at hand.
func (s *Set) Text(shown string) []byte {
	for _, src := range s.sources {
		if src.disk == shown {
			return src.text
		}
	}
	return nil
}

// source is a file as it was read.
type source struct {
	disk  string // the path as a user would type it
	text  []byte
	lines []int // where each line starts
}

func newSource(disk string, text []byte) *source {
	lines := []int{0}
	for i, b := range text {
		if b == '\n' {
			lines = append(lines, i+1)
		}
	}
	return &source{disk: disk, text: text, lines: lines}
}

// place returns the line and the column of a byte, both counted from 1. What
// lies behind the text is at its end.
func (s *source) place(offset int) (line, column int) {
	offset = min(offset, len(s.text))
	line, _ = slices.BinarySearch(s.lines, offset+1) // the number of lines that start before
	return line, offset - s.lines[line-1] + 1
}

// tabStop is what compilers of Protobuf take a tab for when they count columns.
const tabStop = 8

// byteColumn turns a column as compilers of Protobuf count it, in characters
// and with tabs that go to the next multiple of eight, into one that counts
// bytes. Both count from 0. Without the text the column stays as it is.
func (s *source) byteColumn(line, column int) int {
	if s == nil || line >= len(s.lines) {
		return column
	}
	visual := 0
	for i, b := range s.text[s.lines[line]:] {
		if visual >= column && utf8.RuneStart(b) || b == '\n' {
			return i
		}
		switch {
		case b == '\t':
			visual += tabStop - visual%tabStop
		case utf8.RuneStart(b):
			visual++
		}
	}
	return len(s.text) - s.lines[line]
}
