//go:build unix

package realkafka

import "github.com/esgen-dev/esgen/internal/jvm"

// network is what nodes hear each other by.
type network struct {
	brokers  map[int32]*gate    // to what a node has for other brokers
	quorum   map[[2]int32]*gate // from a node to another one's controller
	internal map[int32]int      // ports for other brokers
}

// newNetwork makes gates between all nodes.
func newNetwork(all []place) (w *network, err error) {
	w = &network{brokers: make(map[int32]*gate), quorum: make(map[[2]int32]*gate), internal: make(map[int32]int)}
	defer func() {
		if err != nil {
			w.close()
		}
	}()
	for _, to := range all {
		port, err := jvm.FreePort()
		if err != nil {
			return nil, err
		}
		w.internal[to.id] = port
		if w.brokers[to.id], err = newGate(loopback(port)); err != nil {
			return nil, err
		}
		for _, from := range all {
			if from.id == to.id {
				continue
			}
			if w.quorum[[2]int32{from.id, to.id}], err = newGate(loopback(to.controller)); err != nil {
				return nil, err
			}
		}
	}
	return w, nil
}

// each does something with all gates.
func (w *network) each(do func(*gate)) {
	for _, g := range w.brokers {
		do(g)
	}
	for _, g := range w.quorum {
		do(g)
	}
}

// isolate shuts all gates to a node, and those from it to controllers.
func (w *network) isolate(node int32) {
	w.brokers[node].set(true)
	for way, g := range w.quorum {
		if way[0] == node || way[1] == node {
			g.set(true)
		}
	}
}

func (w *network) mend() { w.each(func(g *gate) { g.set(false) }) }

func (w *network) close() {
	w.each(func(g *gate) {
		if g != nil { // it could not be made
			g.close()
		}
	})
}

// voter returns the address by which a node reaches another one's controller.
// Without a network that is where it listens.
func (w *network) voter(from, to place) string {
	if w == nil || from.id == to.id {
		return loopback(to.controller)
	}
	return w.quorum[[2]int32{from.id, to.id}].address()
}

// listeners returns the properties by which brokers reach a node, with those of
// clients and controllers.
func (w *network) listeners(p place) map[string]string {
	all := map[string]string{
		"listeners":                      "PLAINTEXT://" + p.client() + ",CONTROLLER://" + loopback(p.controller),
		"advertised.listeners":           "PLAINTEXT://" + p.client(),
		"listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
	}
	if w != nil {
		all["listeners"] += ",BROKERS://" + loopback(w.internal[p.id])
		all["advertised.listeners"] += ",BROKERS://" + w.brokers[p.id].address()
		all["listener.security.protocol.map"] += ",BROKERS:PLAINTEXT"
		all["inter.broker.listener.name"] = "BROKERS"
	}
	return all
}
