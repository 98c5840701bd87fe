package history

import "github.com/esgen-dev/esgen/diag"

// The rules of this package.
const (
	ruleSyntax     = "LOCK_SYNTAX"
	ruleFormat     = "LOCK_FORMAT"
	ruleUnreadable = "LOCK_UNREADABLE"
	ruleConflict   = "LOCK_CONFLICT"
	ruleTwice      = "LOCK_LINE_REPEATED"
	ruleChanged    = "LOCK_VERSION_CHANGED"
	ruleGap        = "LOCK_VERSION_MISSING"
	ruleMissing    = "LOCK_TEXT_MISSING"
	ruleStray      = "LOCK_TEXT_STRAY"
	ruleIncomplete = "LOCK_INCOMPLETE"
	ruleKey        = "LOCK_KEY_INVALID"
)

// Rules returns the rules about esgen.lock and the texts in schemas. None of
// them can be switched off: what a gate compares with has to be what was
// accepted.
func Rules() []diag.Rule {
	return []diag.Rule{
		rule(ruleSyntax, "a line of esgen.lock cannot be read",
			"The file is written by esgen lock update, line by line and always in the same way. A line that is different was edited by hand, or damaged.",
			"schema bank.v1.AccountOpened two PROTOBUF"),
		rule(ruleFormat, "esgen.lock was written by another version of esgen",
			"The second line names the format. A newer esgen may write one that this esgen does not know.", "format 2"),
		rule(ruleUnreadable, "esgen.lock or a schema text cannot be read",
			"Texts are regular files of at most 16 MiB. Symbolic links are not followed, because what they lead to is not part of the history.", ""),
		rule(ruleConflict, "a merge was not resolved",
			"The file holds the markers that git leaves where two branches disagree. For a schema text it means that both added a version of one event: "+
				"the one that was merged first keeps its number, the other becomes the next version.",
			"<<<<<<< HEAD"),
		rule(ruleTwice, "two lines of esgen.lock disagree",
			"After a merge the file holds the lines of both branches. Where both are about one thing, esgen lock update keeps the one that matches the text.", ""),
		rule(ruleChanged, "an accepted version was changed",
			"Events of that version are stored, and stay as they are. The text and the line of an accepted version are therefore never edited; "+
				"a change of the schema is a new version. The hash covers the text, the line and the version before.", ""),
		rule(ruleGap, "a version is missing in esgen.lock",
			"Versions are numbered from 1 without gaps, and are never removed: events of each of them may be stored.", ""),
		rule(ruleMissing, "the text of an accepted version is missing",
			"esgen.lock names a version whose file in schemas is not there. Both belong into version control.", ""),
		rule(ruleStray, "a file in schemas belongs to no version",
			"All files in schemas are written by esgen lock update together with their lines in esgen.lock. A text without a line was left over, or its line was removed.", ""),
		rule(ruleIncomplete, "esgen.lock names something that it does not hold",
			"A version refers to another one, an event to its aggregate, and a schema belongs to an event or to a file that others import. One of the two lines was removed.", ""),
		rule(ruleKey, "a schema cannot be kept as a file",
			"The texts of a schema are files in a directory that is called like the event, or the imported file. Names that differ by capitals alone are "+
				"one name on Windows and macOS, and a name has at most 255 bytes.",
			"message Opened {...} message opened {...}"),
	}
}

func rule(id, title, explain, example string) diag.Rule {
	return diag.Rule{ID: id, Category: diag.Generate, Severity: diag.Error, Title: title, Explain: explain, Example: example}
}
