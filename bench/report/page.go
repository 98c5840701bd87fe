package report

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/template"

	"github.com/esgen-dev/esgen/bench/figures"
)

//go:embed page.md.tmpl
var text string

// Page returns the files of the page by their names in docs, made from the
// figures in a directory.
func Page(dir string) (map[string][]byte, error) {
	all := make(parts)
	for _, name := range names() {
		p, err := figures.Load(dir, name)
		if err != nil {
			return nil, err
		}
		all[name] = p
	}
	files := make(map[string][]byte)
	for _, d := range plots() {
		f, err := d.figure(all)
		if err != nil {
			return nil, err
		}
		if files[d.file()], err = f.SVG(); err != nil {
			return nil, err
		}
	}
	page, err := all.page()
	files["benchmarks.md"] = page
	return files, err
}

func (d drawn) file() string { return "benchmarks/" + d.name + ".svg" }

// page fills the text in.
func (all parts) page() ([]byte, error) {
	t, err := template.New("page").Funcs(template.FuncMap{
		"table":    all.table,
		"plot":     link,
		"command":  func(part string) string { return "    " + all[part].Command },
		"measured": all.measured,
		"minutes":  all.minutes,
		"version":  all.version,
	}).Parse(text)
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	if err := t.Execute(&b, nil); err != nil {
		return nil, err
	}
	return []byte(b.String()), nil
}

// table returns a table of a part, by its name.
func (all parts) table(part, name string) (string, error) {
	for _, t := range Tables(all[part]) {
		if t.Name == name {
			return strings.TrimSuffix(t.Markdown(), "\n"), nil
		}
	}
	return "", fmt.Errorf("part %s has no table %q", part, name)
}

// link returns the Markdown for a plot.
func link(name string) (string, error) {
	for _, d := range plots() {
		if d.name == name {
			return fmt.Sprintf("![%s](%s)", d.title, d.file()), nil
		}
	}
	return "", fmt.Errorf("there is no plot %q", name)
}

// measured says when, where and how all parts were measured.
func (all parts) measured() string {
	t := Table{Header: []string{"", "day", "took", "Go", "system", "processors", "load before"}}
	for _, name := range names() {
		p := all[name]
		processors := strings.TrimSpace(fmt.Sprintf("%d %s", p.Machine.Processors, p.Machine.Model))
		t.Rows = append(t.Rows, []string{
			name, p.Day, fmt.Sprintf("%d s", p.Seconds), p.Machine.Go, p.Machine.System, processors, p.Machine.Load,
		})
	}
	return strings.TrimSuffix(t.Markdown(), "\n")
}

// minutes is how long all of it took.
func (all parts) minutes() string {
	seconds := 0
	for _, p := range all {
		seconds += p.Seconds
	}
	return fmt.Sprintf("%d minutes", (seconds+59)/60)
}

// version returns that of something that was compared.
func (all parts) version(part, name string) (string, error) {
	if v, ok := all[part].Versions[name]; ok {
		return v, nil
	}
	return "", fmt.Errorf("part %s has the versions of %v only", part, slices.Sorted(maps.Keys(all[part].Versions)))
}
