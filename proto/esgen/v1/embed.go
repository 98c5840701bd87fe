// Package esgenv1 is the declaration language of esgen: options.proto, its
// generated Go, and the text of the file itself. The documentation of every
// option is in the file.
package esgenv1

import _ "embed"

// Path is the name under which the options file is imported.
const Path = "esgen/v1/options.proto"

// Source is the text of the options file, with its documentation.
//
//go:embed options.proto
var Source string
