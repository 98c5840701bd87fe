package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/esgen-dev/esgen/diag"
)

// goVet runs go vet with this program as its tool, and returns the JSON that
// it prints.
func (a *app) goVet(ctx context.Context, args []string) ([]byte, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find the program itself: %w", err)
	}
	if len(args) == 0 {
		args = []string{"./..."}
	}
	var stdout, stderr bytes.Buffer
	args = append([]string{"vet", "-json", "-vettool=" + self}, args...)
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = a.flags.dir, &stdout, &stderr
	err = cmd.Run()
	var failed *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return nil, fmt.Errorf("run go vet: %w", ctx.Err())
	case errors.As(err, &failed):
		_, _ = a.env.Stderr.Write(stderr.Bytes()) // there is no better place to say so
		return nil, usage("correct what it says above, and run esgen vet again", "go vet cannot look at the packages")
	case err != nil:
		return nil, usage("install Go, or put it into the PATH", "cannot run go vet: %v", err)
	}
	return stdout.Bytes(), nil
}

// vetDiagnostic is what go vet -json prints for a finding.
type vetDiagnostic struct {
	Posn    string `json:"posn"`
	End     string `json:"end"`
	Message string `json:"message"`
}

// vetFindings reads what go vet -json prints: one object for each package.
func vetFindings(output []byte) ([]diag.Finding, error) {
	here, err := filepath.Abs(".")
	if err != nil {
		return nil, fmt.Errorf("find the directory: %w", err)
	}
	var findings []diag.Finding
	decoder := json.NewDecoder(bytes.NewReader(output))
	for {
		var packages map[string]map[string]json.RawMessage
		if err := decoder.Decode(&packages); errors.Is(err, io.EOF) {
			return findings, nil
		} else if err != nil {
			return nil, fmt.Errorf("read what go vet printed: %w", err)
		}
		for name, analyzers := range packages { // the findings are sorted later
			for analyzer, result := range analyzers {
				var diagnostics []vetDiagnostic
				if err := json.Unmarshal(result, &diagnostics); err != nil {
					return nil, fmt.Errorf("analyze %s with %s: %s", name, analyzer, result)
				}
				for _, d := range diagnostics {
					findings = append(findings, d.finding(vetRule(analyzer), here))
				}
			}
		}
	}
}

func (d vetDiagnostic) finding(rule, here string) diag.Finding {
	path, line, column := splitPosition(d.Posn)
	_, endLine, endColumn := splitPosition(d.End)
	if endLine == 0 {
		endLine, endColumn = line, column
	}
	if near, err := filepath.Rel(here, path); err == nil {
		path = near
	}
	message, help, _ := strings.Cut(d.Message, ": ")
	return diag.Finding{
		Rule: rule, Severity: diag.Error, Message: message, Help: help,
		Position: diag.Position{Path: path, Line: line, Column: column, EndLine: endLine, EndColumn: endColumn},
	}
}

// splitPosition splits "path:line:column".
func splitPosition(text string) (path string, line, column int) {
	rest, last := cutLast(text)
	path, middle := cutLast(rest)
	line, _ = strconv.Atoi(middle) // 0 is unknown
	column, _ = strconv.Atoi(last)
	return path, line, column
}

func cutLast(text string) (before, after string) {
	i := strings.LastIndexByte(text, ':')
	return text[:max(i, 0)], text[i+1:]
}
