package write

import "github.com/esgen-dev/esgen/diag"

// The rules that a directory of generated files can break.
const (
	ruleChanged = "OUTPUT_CHANGED"
	ruleMissing = "OUTPUT_MISSING"
	ruleOrphan  = "OUTPUT_ORPHAN"
)

// Rules returns the rules behind [Findings].
func Rules() []diag.Rule {
	return []diag.Rule{
		{
			ID: ruleChanged, Category: diag.Generate, Severity: diag.Error,
			Title: "a generated file is not what would be generated now",
			Explain: "The file was edited by hand, or a .proto file or the version of esgen changed and nobody " +
				"generated again. Generated files are never edited: generate them again and commit the result.",
		},
		{
			ID: ruleMissing, Category: diag.Generate, Severity: diag.Error,
			Title: "a generated file is not there",
			Explain: "A .proto file was added and nobody generated the code for it, or the file was deleted or " +
				"never committed. Generate again and commit the result.",
		},
		{
			ID: ruleOrphan, Category: diag.Generate, Severity: diag.Error,
			Title: "a generated file has lost its .proto file",
			Explain: "The .proto file was deleted, renamed or lost its declarations, and the Go file that was made " +
				"from it stayed behind. Generating again removes it, unless --no-clean is given.",
		},
	}
}

// Findings returns a finding of severity error for each change.
func Findings(changes []Change) []diag.Finding {
	findings := make([]diag.Finding, 0, len(changes))
	for _, change := range changes {
		f := diag.Finding{
			Severity: diag.Error,
			Position: diag.Position{Path: change.Path},
			Help:     `run "go tool esgen generate" and commit the result`,
		}
		switch change.Kind {
		case Changed:
			f.Rule, f.Message = ruleChanged, "the file differs from what is generated"
		case Missing:
			f.Rule, f.Message = ruleMissing, "the file is missing"
		case Orphan:
			f.Rule, f.Message = ruleOrphan, "the file is no longer generated"
		}
		findings = append(findings, f)
	}
	return findings
}
