// Package forward carries commands over HTTP to the process that owns their
// aggregate, so that a command may be given to any process of a service.
//
//	secrets := forward.Secrets(os.Getenv("FORWARD_SECRET"))
//	client, err := forward.NewClient(secrets)
//	...
//	engine, err := kafka.Open("bank", kafka.Client(kgo.SeedBrokers("broker:9092")),
//		kafka.Forward(client), kafka.Advertise("https://10.0.3.7:8443/forward"))
//	...
//	handler, err := forward.NewHandler(engine, secrets)
//	...
//	mux.Handle("/forward", handler)
//
// What a process gives as [kafka.Advertise] is the URL of its [Handler]. A
// [Client] sends one POST request there, and does nothing that a caller of the
// engine would have to know of: receipts, events, states and errors are those
// that the engine at the other end returned.
//
// # One hop
//
// The handler calls [kafka.Engine.Local], which never forwards. When the
// partition has moved on, the caller gets a [*kafka.NotOwnerError] with the
// newer address. Neither side follows it: by the time of a retry it is the
// engine's first choice.
//
// # What became of a command
//
// The client sends a command once. It then says one of these:
//
//   - No error, or a [*RemoteError]: the engine at the other end answered. The
//     error unwraps to all the errors of packages es and kafka that are in it,
//     and to those of the service that are named by [DomainErrors].
//   - [*UndeliveredError]: the command did not come to that engine. Nothing was
//     done, and it is safe to try again. There was no connection, or the context
//     ended before the last byte of the request was handed to the network, or
//     the answer was one that stands for a request which was not processed: 301,
//     302, 307, 308, 400, 401, 403, 404, 405, 411, 413, 414, 415, 417, 421, 426,
//     429 or 431.
//   - [es.ErrOutcomeUnknown]: anything else, such as a connection that broke, a
//     deadline, an answer with another status (502 and 504 are what proxies say),
//     or one that cannot be read. Retry with the same command id, through any
//     process.
//
// The handler reads a request to its end before it looks at it, which is why
// one whose last byte was kept back cannot have been executed. HTTP/1.1 is all
// that a client speaks, over one connection for each command under way: after
// some errors of HTTP/2 net/http sends a request again which may have arrived.
//
// A Load fails in the same cases. Where it would be unknown what became of a
// command, its error has no type.
//
// # Who may call
//
// A handler takes nobody's word: it is made with [Secrets], or with
// [RequireClientCertificate], or with both, or says [InsecureAnyCaller]. A
// client talks to https addresses with the settings of [TLS]. It talks to http
// addresses only with a secret, which anybody on the way can read then, or
// after [InsecurePlainHTTP]. Who may call may execute any command of the
// aggregate types that are bound, as any actor.
//
// Addresses come from the state topic: who may write there can have commands,
// and the secret with them, sent to a server of his own, unless the addresses
// are https and the certificates are checked.
//
// # Limits
//
// [MaxRequest], [MaxResponse] and [Timeout] bound what a call may take. The
// deadline of the caller's context travels with the call, and ends it at the
// other end too. A client has up to 512 connections to one process; further
// calls wait. The service's http.Server sets its own bounds: ReadHeaderTimeout
// for slow callers, and an IdleTimeout above the 30 seconds after which a client
// closes a connection that it does not use, or some commands meet a connection
// that is just being closed, and their outcome is unknown.
//
// # Different versions of the code
//
// Events and commands are read as Protobuf does: what the reader's code does
// not know of a message is left out. An event that is not emitted any more by
// the caller's code is upcast, and one that it does not know makes the outcome
// unknown: a retry returns the receipt of the duplicate, which has no events. A
// state is only passed between processes whose code has the same fingerprint
// and state version of it, as with snapshots; else Load fails with an
// [*UndeliveredError] until all processes run the same version.
//
// # What it does not do
//
// It does not retry, balance, or look for the owner: that is the engine's
// business. It does not forward History and Feed, which any process reads from
// the log. It carries no errors of the service with fields: what [errors.As]
// would find is a code and a text at the other end. It ignores the proxies of
// the environment. It does not log.
package forward

import (
	"github.com/esgen-dev/esgen/es/kafka"
	"github.com/esgen-dev/esgen/es/kafka/forward/internal/wire"
)

var _ kafka.Forwarder = (*Client)(nil)

// The headers, beside those of HTTP.
const (
	versionHeader = "Esgen-Forward" // of requests, and of everything that a handler answers
	timeoutHeader = "Esgen-Timeout" // what is left of the caller's deadline, e.g. "1.5s"
)

const (
	version     = wire.Version
	contentType = "application/protobuf"
)
