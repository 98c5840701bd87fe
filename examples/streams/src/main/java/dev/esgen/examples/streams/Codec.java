package dev.esgen.examples.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import bank.v1.AccountOuterClass.Account;
import bank.v1.AccountOuterClass.AccountClosed;
import bank.v1.AccountOuterClass.AccountFrozen;
import bank.v1.AccountOuterClass.AccountOpened;
import bank.v1.AccountOuterClass.Deposited;
import bank.v1.AccountOuterClass.DepositedV2;
import bank.v1.AccountOuterClass.WithdrawalDeclined;
import bank.v1.AccountOuterClass.Withdrawn;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** How events are read, and accounts are kept. */
final class Codec {
  /** The events by their stored names, of which none is ever removed or renamed. */
  private static final Map<String, Parser<? extends Message>> EVENTS =
      Map.of(
          "bank.v1.AccountOpened", AccountOpened.parser(),
          "bank.v1.Deposited", Deposited.parser(),
          "bank.v1.DepositedV2", DepositedV2.parser(),
          "bank.v1.Withdrawn", Withdrawn.parser(),
          "bank.v1.WithdrawalDeclined", WithdrawalDeclined.parser(),
          "bank.v1.AccountFrozen", AccountFrozen.parser(),
          "bank.v1.AccountClosed", AccountClosed.parser());

  private Codec() {}

  static Serde<Message> events() {
    return Serdes.serdeFrom(
        (topic, event) -> {
          throw new SerializationException("the engine alone writes events");
        },
        new EventDeserializer());
  }

  static Serde<Account> accounts() {
    return Serdes.serdeFrom(
        (topic, account) -> account.toByteArray(),
        (topic, data) -> parse(Account.parser(), ByteBuffer.wrap(data)));
  }

  private static final class EventDeserializer implements Deserializer<Message> {
    @Override
    public Message deserialize(String topic, byte[] value) {
      throw new SerializationException("an event is read with its headers");
    }

    @Override
    public Message deserialize(String topic, Headers headers, byte[] value) {
      var header = headers.lastHeader("ce_type");
      var type = header == null ? "unknown" : new String(header.value(), UTF_8);
      var parser = EVENTS.get(type);
      if (parser == null) {
        throw new SerializationException(
            "event type " + type + " is not known: deploy code that knows it");
      }
      return parse(parser, payload(value));
    }
  }

  /**
   * Returns what follows the id of the schema, where values carry one: a zero byte, which no message
   * starts with, the id in four bytes, and a zero for the first message of the schema.
   */
  private static ByteBuffer payload(byte[] value) {
    var start = value.length > 0 && value[0] == 0 ? 6 : 0;
    return ByteBuffer.wrap(value, start, value.length - start);
  }

  private static <M extends Message> M parse(Parser<M> parser, ByteBuffer data) {
    try {
      return parser.parseFrom(data);
    } catch (InvalidProtocolBufferException e) {
      throw new SerializationException(e);
    }
  }
}
