package kafka

// framing says how values name their schema.
type framing struct{}
