package diag

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

// JUnit prints findings as a test report in the XML of JUnit: a suite for each
// file, or for each symbol that is in none, and in it a test for each rule and
// symbol. What is as it should be can be listed too, so that a report says how
// much was looked at.
type JUnit struct {
	Passed []Check
	// Limit is the severity from which on a finding is a failure. Milder ones
	// are tests that passed, and their text is what the test printed.
	Limit Severity
}

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Cases    []*junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	Failure *junitFailure `xml:"failure"`
	Output  string        `xml:"system-out,omitempty"`
}

type junitFailure struct {
	Type    string `xml:"type,attr"`
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// Print writes the passed checks and the findings, suites and tests in the
// order in which they come up. The error is the writer's.
func (j JUnit) Print(w io.Writer, findings []Finding) error {
	report := junitReport{cases: map[Check]*junitCase{}, index: map[string]int{}}
	for _, check := range j.Passed {
		report.test(check)
	}
	for _, f := range findings {
		if err := j.add(&report, f); err != nil {
			return err
		}
	}
	suites := junitSuites{Name: "esgen", Suites: report.suites}
	for i := range suites.Suites {
		suite := &suites.Suites[i]
		suite.Tests = len(suite.Cases)
		for _, test := range suite.Cases {
			if test.Failure != nil {
				suite.Failures++
			}
		}
		suites.Tests += suite.Tests
		suites.Failures += suite.Failures
	}
	text, err := xml.MarshalIndent(suites, "", "  ")
	if err != nil {
		return fmt.Errorf("print the findings: %w", err)
	}
	if _, err := io.WriteString(w, xml.Header+string(text)+"\n"); err != nil {
		return fmt.Errorf("print the findings: %w", err)
	}
	return nil
}

// junitReport collects tests by suite and name.
type junitReport struct {
	suites []junitSuite
	index  map[string]int // of a suite
	cases  map[Check]*junitCase
}

// test returns the test of that name, a new one that passed if need be.
func (r *junitReport) test(c Check) *junitCase {
	if test, ok := r.cases[c]; ok {
		return test
	}
	i, ok := r.index[c.Suite]
	if !ok {
		i = len(r.suites)
		r.index[c.Suite] = i
		r.suites = append(r.suites, junitSuite{Name: clean(c.Suite)})
	}
	test := &junitCase{Class: clean(c.Suite), Name: clean(c.Name)}
	r.suites[i].Cases = append(r.suites[i].Cases, test)
	r.cases[c] = test
	return test
}

// add adds a finding to its test. The first failure names the test's cause;
// readers show no more than one.
func (j JUnit) add(r *junitReport, f Finding) error {
	var text strings.Builder
	if err := (Text{}).Print(&text, []Finding{f}); err != nil {
		return err
	}
	test := r.test(Check{
		Suite: cmp.Or(f.Position.Path, f.Symbol, "esgen"),
		Name:  cmp.Or(strings.TrimSpace(f.Rule+" "+f.Symbol), "esgen"),
	})
	switch {
	case f.Severity < j.Limit:
		test.Output += text.String()
	case test.Failure == nil:
		test.Failure = &junitFailure{Type: f.Severity.String(), Message: f.title(), Text: text.String()}
	default:
		test.Failure.Text += text.String()
	}
	return nil
}
