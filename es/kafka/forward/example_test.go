package forward_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/kafka"
	"github.com/esgen-dev/esgen/es/kafka/forward"
	"github.com/esgen-dev/esgen/es/kafka/kafkadev"
	"github.com/esgen-dev/esgen/es/kafka/topics"
)

// Every process of a service does this. A command may then be given to any of
// them.
func Example() {
	cluster, err := kafkadev.Start(kafkadev.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer cluster.Close()
	spec := ledgerv1.LedgerType(ledgerv1.Behavior{}).Spec()
	if err := cluster.CreateTopics(context.Background(), kafkadev.Aggregate(spec)); err != nil {
		fmt.Println(err)
		return
	}
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := runService(listener, cluster.Addresses()); err != nil {
		fmt.Println(err)
	}
	// Output: version 1, duplicate false
}

func runService(listener net.Listener, brokers []string) error {
	// Both sides share the secret, and the names of the errors of the service.
	secrets := forward.Secrets("from-the-environment")
	domain := forward.DomainErrors(map[string]error{"OVERDRAWN": ledgerv1.ErrOverdrawn})

	// This side sends commands to other processes, and tells them where it is. A
	// real service has https here, and gives the client forward.TLS.
	client, err := forward.NewClient(secrets, domain)
	if err != nil {
		return err
	}
	defer client.CloseIdleConnections()
	engine, err := kafka.Open("example", kafka.Client(kgo.SeedBrokers(brokers...)), kafka.Profile(topics.SingleBroker()),
		kafka.Forward(client), kafka.Advertise("http://"+listener.Addr().String()+"/forward"))
	if err != nil {
		return err
	}
	defer engine.Close()
	ledgers := ledgerv1.NewLedgerAggregate(engine, ledgerv1.Behavior{})

	// And this side takes what they send.
	handler, err := forward.NewHandler(engine, secrets, domain)
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("/forward", handler)
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second, IdleTimeout: 2 * time.Minute}
	defer server.Close()
	go func() { _ = server.Serve(listener) }() // until it is closed

	res, err := ledgers.OpenLedger(context.Background(), &ledgerv1.OpenLedger{LedgerId: "l-1"}, es.CommandID("request-7"))
	if err != nil {
		return err
	}
	fmt.Printf("version %d, duplicate %v\n", res.Version, res.Duplicate)
	return nil
}
