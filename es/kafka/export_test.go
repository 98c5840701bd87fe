package kafka

// PieceEntries sets how many records one piece of a checkpoint holds, about.
func PieceEntries(n int) Option {
	return func(c *config) { c.piece.entries = n }
}
