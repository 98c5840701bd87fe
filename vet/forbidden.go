package vet

import (
	"go/types"
	"slices"
	"strings"
)

// effect is a row of what a behaviour must not use.
type effect struct {
	path    string   // of a package; "net/..." stands for those below net
	only    []string // names of functions and variables, T.Method, or T. for all methods; empty for all
	except  []string // the same
	does    string   // e.g. "reads the clock"
	instead string
}

const (
	useMeta    = "the time is in es.Meta"
	useCommand = "let the caller put it into the command"
	useNothing = "the engine calls it for one command of an aggregate at a time"
	useEvents  = "return events, and act on them where they are read"
)

// effects lists what is known to depend on more than its arguments.
func effects() []effect {
	return []effect{
		{path: "time", only: []string{"Now", "Since", "Until"}, does: "reads the clock", instead: useMeta},
		{path: "time", only: []string{"Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker"}, does: "waits", instead: useMeta},
		{path: "time", only: []string{"Local", "Time.Local", "LoadLocation"}, does: "depends on the machine's zones", instead: "es.Meta is in UTC"},
		{path: "google.golang.org/protobuf/types/known/timestamppb", only: []string{"Now"}, does: "reads the clock", instead: useMeta},
		{path: "math/rand", does: "draws random numbers", instead: useCommand},
		{path: "math/rand/v2", does: "draws random numbers", instead: useCommand},
		{path: "crypto/rand", does: "draws random numbers", instead: useCommand},
		{path: "hash/maphash", does: "hashes with a random seed", instead: "use hash/fnv"},
		{
			path: "github.com/google/uuid", only: []string{"New", "NewString", "NewRandom", "NewUUID", "NewV6", "NewV7"},
			does: "makes a random id", instead: useCommand,
		},
		{path: "github.com/gofrs/uuid", only: []string{"NewV1", "NewV4", "NewV6", "NewV7"}, does: "makes a random id", instead: useCommand},
		{path: "os", does: "does I/O", instead: useCommand},
		{path: "os/...", does: "does I/O", instead: useCommand},
		{path: "io/ioutil", does: "does I/O", instead: useCommand},
		{path: "path/filepath", only: []string{"Abs", "EvalSymlinks", "Glob", "Walk", "WalkDir"}, does: "does I/O", instead: useCommand},
		{
			path: "net", except: []string{
				"ParseIP", "ParseCIDR", "ParseMAC", "SplitHostPort", "JoinHostPort", "IPv4", "IPv4Mask", "CIDRMask",
				"IP.", "IPMask.", "IPNet.", "HardwareAddr.",
			},
			does: "does I/O", instead: useCommand,
		},
		{path: "net/http", only: []string{"Get", "Head", "Post", "PostForm", "DefaultClient", "Client."}, does: "does I/O", instead: useCommand},
		{path: "net/rpc", does: "does I/O", instead: useCommand},
		{path: "net/smtp", does: "does I/O", instead: useEvents},
		{path: "database/sql", does: "does I/O", instead: useCommand},
		{path: "syscall", does: "does I/O", instead: useCommand},
		{path: "log", does: "writes a log, once more for each replay", instead: useEvents},
		{path: "log/slog", does: "writes a log, once more for each replay", instead: useEvents},
		{path: "fmt", only: []string{"Print", "Printf", "Println", "Scan", "Scanf", "Scanln"}, does: "does I/O", instead: useEvents},
		{path: "sync", does: "synchronizes goroutines", instead: useNothing},
		{path: "sync/atomic", does: "synchronizes goroutines", instead: useNothing},
		{path: "runtime", does: "asks about the process", instead: "decide by the arguments alone"},
	}
}

// effectOf returns the row for what an identifier stands for.
func effectOf(rows []effect, obj types.Object) (effect, bool) {
	if obj == nil || obj.Pkg() == nil || !acts(obj) {
		return effect{}, false
	}
	i := slices.IndexFunc(rows, func(e effect) bool { return e.covers(obj) })
	if i < 0 {
		return effect{}, false
	}
	return rows[i], true
}

func (e effect) covers(obj types.Object) bool {
	path := obj.Pkg().Path()
	if below, ok := strings.CutSuffix(e.path, "..."); ok {
		return strings.HasPrefix(path, below)
	}
	return path == e.path &&
		(len(e.only) == 0 || listed(e.only, obj)) && !listed(e.except, obj)
}

func listed(names []string, obj types.Object) bool {
	name := localName(obj)
	return slices.ContainsFunc(names, func(n string) bool {
		return n == name || strings.HasSuffix(n, ".") && strings.HasPrefix(name, n)
	})
}

// acts reports whether an object can have an effect: a function, or a variable
// other than an error that something is compared with.
func acts(obj types.Object) bool {
	switch obj := obj.(type) {
	case *types.Func:
		return true
	case *types.Var:
		return obj.Parent() == obj.Pkg().Scope() && !types.Identical(obj.Type(), types.Universe.Lookup("error").Type())
	}
	return false
}

// qualified returns how a reader knows an object, e.g. "time.Now" or
// "sync.Mutex.Lock".
func qualified(obj types.Object) string { return obj.Pkg().Name() + "." + localName(obj) }

func localName(obj types.Object) string {
	if fn, ok := obj.(*types.Func); ok && fn.Signature().Recv() != nil {
		if t := typeName(fn.Signature().Recv().Type()); t != nil {
			return t.Name() + "." + obj.Name()
		}
	}
	return obj.Name()
}
