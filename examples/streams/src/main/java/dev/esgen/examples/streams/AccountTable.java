package dev.esgen.examples.streams;

import bank.v1.AccountOuterClass.Account;
import java.io.FileInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Keeps a table of the bank's accounts, built from its events: each event has its effect on the
 * table exactly once. Prints accounts as they change.
 */
public final class AccountTable {
  private static final String EVENTS = "bank.v1.account";

  private AccountTable() {}

  /** Runs until it is interrupted. The argument is a file with properties of Kafka Streams. */
  public static void main(String[] args) throws IOException, InterruptedException {
    if (args.length != 1) {
      System.err.println("usage: java -jar accounts.jar FILE.properties");
      System.exit(2);
    }
    var stopped = new CountDownLatch(1);
    var streams = new KafkaStreams(topology(), properties(args[0]));
    streams.setStateListener(
        (now, before) -> {
          if (now.hasCompletedShutdown()) {
            stopped.countDown();
          }
        });
    Runtime.getRuntime().addShutdownHook(new Thread(streams::close));
    streams.start();
    stopped.await();
    if (streams.state() == KafkaStreams.State.ERROR) {
      System.exit(1);
    }
  }

  /**
   * The key of an event is the id of its account, so one partition of events makes one part of the
   * table, and nothing is sent from one to another.
   */
  static Topology topology() {
    var builder = new StreamsBuilder();
    builder.stream(EVENTS, Consumed.with(Serdes.String(), Codec.events()))
        .groupByKey()
        .aggregate(
            Account::getDefaultInstance,
            (id, event, account) -> Fold.apply(account, event),
            Materialized.<String, Account, KeyValueStore<Bytes, byte[]>>as("accounts")
                .withKeySerde(Serdes.String())
                .withValueSerde(Codec.accounts()))
        .toStream()
        .foreach((id, account) -> System.out.println(id + "  " + text(account)));
    return builder.build();
  }

  private static Properties properties(String file) throws IOException {
    var properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "bank-accounts");
    try (var in = new FileInputStream(file)) {
      properties.load(in);
    }
    // Not a setting: no event may count twice, and what the engine aborted must not be seen. With
    // this guarantee, consumers read what is committed only.
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    return properties;
  }

  private static String text(Account account) {
    var balance = BigDecimal.valueOf(account.getBalanceCents(), 2);
    return "%-8s %-14s %10s".formatted(account.getOwner(), account.getStatus(), balance);
  }
}
