package golang

import (
	"fmt"
	"iter"

	gengo "google.golang.org/protobuf/cmd/protoc-gen-go/internal_gengo"
	"google.golang.org/protobuf/compiler/protogen"
	"google.golang.org/protobuf/types/gofeaturespb"

	"github.com/esgen-dev/esgen/generator/write"
)

// This file is all that knows protoc-gen-go. Its generator is importable, but
// no promised API.

// messageJobs yields a job for every file of p that is to be generated.
//
// The text is written while the sequence is iterated over, in the order of the
// files: for the hybrid API protoc-gen-go changes the file and whatever it
// imports publicly on the way, and what it writes depends on that. The jobs
// then parse and format the text, which is most of the work and touches the
// text alone.
func messageJobs(p *protogen.Plugin) iter.Seq[job] {
	return func(yield func(job) bool) {
		defer restoreLevels(p)()
		for _, f := range p.Files {
			if !f.Generate {
				continue
			}
			// A Plugin keeps a list of the files it made. With a copy for
			// every file, each has a list of its own.
			own := *p
			gengo.GenerateFile(&own, f)
			if !yield(func() ([]write.File, error) { return contents(&own, f) }) {
				return
			}
		}
	}
}

// contents formats what was generated from one .proto file: one Go file, or
// two for the hybrid API.
func contents(p *protogen.Plugin, f *protogen.File) ([]write.File, error) {
	response := p.Response()
	if response.Error != nil {
		return nil, fmt.Errorf("generate the Go messages of %s: %s", f.Desc.Path(), response.GetError())
	}
	files := make([]write.File, len(response.GetFile()))
	for i, file := range response.GetFile() {
		files[i] = write.File{Path: file.GetName(), Content: []byte(file.GetContent())}
	}
	return files, nil
}

// restoreLevels returns a function that sets the API levels of all files back
// to what they are now.
func restoreLevels(p *protogen.Plugin) func() {
	files := map[*protogen.File]gofeaturespb.GoFeatures_APILevel{}
	messages := map[*protogen.Message]gofeaturespb.GoFeatures_APILevel{}
	var note func([]*protogen.Message)
	note = func(list []*protogen.Message) {
		for _, m := range list {
			messages[m] = m.APILevel
			note(m.Messages)
		}
	}
	for _, f := range p.Files {
		if f.APILevel == gofeaturespb.GoFeatures_API_HYBRID {
			files[f] = f.APILevel
			note(f.Messages)
		}
	}
	return func() {
		for f, level := range files {
			f.APILevel = level
		}
		for m, level := range messages {
			m.APILevel = level
		}
	}
}
