package ledgerv1

import "github.com/esgen-dev/esgen/es"

// digest is a running 64-bit FNV-1a hash. It allocates nothing.
type digest uint64

const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

// digestOf continues the digest of a state with the envelope of an event.
func digestOf(s *Ledger, m es.Meta, kind uint64) digest {
	d := digest(s.GetDigest())
	if d == 0 {
		d = fnvOffset
	}
	d = d.number(kind).number(m.Version).number(uint64(m.Time.UnixMicro()))
	return d.text(m.AggregateID).text(m.CommandID).text(m.CorrelationID).text(m.Actor)
}

func (d digest) sum() uint64 { return uint64(d) }

func (d digest) number(n uint64) digest {
	for range 8 {
		d = (d ^ digest(n&0xff)) * fnvPrime
		n >>= 8
	}
	return d
}

func (d digest) text(s string) digest {
	d = d.number(uint64(len(s)))
	for i := range len(s) {
		d = (d ^ digest(s[i])) * fnvPrime
	}
	return d
}

func (d digest) bytes(b []byte) digest {
	d = d.number(uint64(len(b)))
	for _, c := range b {
		d = (d ^ digest(c)) * fnvPrime
	}
	return d
}
