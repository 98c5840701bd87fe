// Package generator is the way from .proto files to generated files, on one
// page:
//
//	sources or a CodeGeneratorRequest -> load.Set -> model.Model -> []write.File
//
// [Generate] is pure: it returns files and findings, and touches nothing. A
// caller writes the files with package write, compares them, or hands them to
// protoc.
package generator
