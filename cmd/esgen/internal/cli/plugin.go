package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/pluginpb"

	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator"
	"github.com/esgen-dev/esgen/generator/golang"
	"github.com/esgen-dev/esgen/generator/load"
)

func newPlugin(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "plugin",
		GroupID: groupAuthor,
		Short:   "Run as a plugin of protoc or buf",
		Long: `Plugin reads a CodeGeneratorRequest from standard input and writes a
CodeGeneratorResponse to standard output. It is run by protoc or buf, which find
it under the name protoc-gen-esgen: link or copy esgen to that name.

Parameters are those of protoc-gen-go (paths, module, M...) and
  messages=true   write the .pb.go files too, instead of protoc-gen-go
  kit=false       do not write the test kits` +
			exitCodes(codeOK, codeFindings, codeUsage),
		Example: `  protoc -Iproto -Ithird_party --go_out=module=example.com/bank:. --esgen_out=module=example.com/bank:. bank/v1/account.proto

  # buf.gen.yaml
  plugins:
    - local: [go, tool, esgen, plugin]
      out: gen
      opt: paths=source_relative`,
		Args: atMost(0),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.plugin(cmd.Context()) },
	}
}

func (a *app) plugin(ctx context.Context) error {
	var data []byte
	if !isTerminal(a.env.Stdin) {
		var err error
		if data, err = readAll(ctx, a.env.Stdin); err != nil {
			return err
		}
	}
	if len(data) == 0 {
		return usage("to generate from the command line run: esgen generate\nfor protoc and buf see: esgen plugin --help",
			"this is a plugin of protoc: it expects a request on standard input, and there is none")
	}
	response, err := a.respond(data)
	if broken := (*defect)(nil); errors.As(err, &broken) {
		return err
	}
	if err != nil {
		return &failure{code: codeFindings, message: err.Error(), help: "let protoc or buf run the plugin, see: esgen plugin --help"}
	}
	out, err := proto.MarshalOptions{Deterministic: true}.Marshal(response)
	if err != nil {
		return fmt.Errorf("encode the response: %w", err)
	}
	if _, err := a.env.Stdout.Write(out); err != nil {
		return fmt.Errorf("write the response: %w", err)
	}
	return nil
}

// respond generates what a request asks for. What is wrong with the .proto
// files or the parameters goes into the response, so that protoc shows it. An
// error means that there is nobody to respond to.
func (a *app) respond(data []byte) (*pluginpb.CodeGeneratorResponse, error) {
	options := golang.Options{Kit: true}
	set, err := load.Request(data, func(name, value string) error { return setParameter(&options, name, value) })
	if err != nil {
		if proto.Unmarshal(data, &pluginpb.CodeGeneratorRequest{}) != nil {
			return nil, err
		}
		return respondWith(err.Error()), nil
	}
	result, err := generator.Generate(set, options)
	if err != nil {
		return nil, &defect{cause: err}
	}
	if diag.Worst(result.Findings) >= diag.Error {
		var text strings.Builder
		if err := (diag.Text{}).Print(&text, result.Findings); err != nil {
			return nil, fmt.Errorf("print the findings: %w", err)
		}
		return respondWith(strings.TrimSuffix(text.String(), "\n")), nil
	}
	if err := a.textPrinter(a.env.Stderr, nil).Print(a.env.Stderr, result.Findings); err != nil {
		return nil, fmt.Errorf("print the findings: %w", err)
	}
	response := respondWith("")
	for _, file := range result.Files {
		response.File = append(response.File, &pluginpb.CodeGeneratorResponse_File{
			Name: &file.Path, Content: new(string(file.Content)),
		})
	}
	return response, nil
}

// respondWith returns a response without files. It declares what esgen can
// read even when it failed, or protoc would complain about that instead.
func respondWith(message string) *pluginpb.CodeGeneratorResponse {
	response := &pluginpb.CodeGeneratorResponse{
		SupportedFeatures: proto.Uint64(uint64(pluginpb.CodeGeneratorResponse_FEATURE_PROTO3_OPTIONAL) |
			uint64(pluginpb.CodeGeneratorResponse_FEATURE_SUPPORTS_EDITIONS)),
		MinimumEdition: proto.Int32(int32(descriptorpb.Edition_EDITION_PROTO2)),
		MaximumEdition: proto.Int32(int32(descriptorpb.Edition_EDITION_2024)),
	}
	if message != "" {
		response.Error = &message
	}
	return response
}

// setParameter sets one of the parameters that protogen does not know.
func setParameter(o *golang.Options, name, value string) error {
	var into *bool
	switch name {
	case "messages":
		into = &o.Messages
	case "kit":
		into = &o.Kit
	default:
		known := []string{"messages", "kit", "paths", "module"}
		return fmt.Errorf("unknown parameter %q: %s", name,
			suggest(name, known, "the parameters are messages, kit and those of protoc-gen-go (paths, module, M...)"))
	}
	on, err := strconv.ParseBool(value)
	if err != nil {
		return fmt.Errorf("invalid value %q for the parameter %s: the values are true and false", value, name)
	}
	*into = on
	return nil
}

// readAll reads everything, unless the context ends first. The read itself
// cannot be stopped; it ends with the process.
func readAll(ctx context.Context, r io.Reader) ([]byte, error) {
	type result struct {
		data []byte
		err  error
	}
	done := make(chan result, 1)
	go func() {
		data, err := io.ReadAll(r)
		done <- result{data, err}
	}()
	select {
	case <-ctx.Done():
		return nil, fmt.Errorf("read standard input: %w", ctx.Err())
	case r := <-done:
		if r.err != nil {
			return nil, fmt.Errorf("read standard input: %w", r.err)
		}
		return r.data, nil
	}
}
