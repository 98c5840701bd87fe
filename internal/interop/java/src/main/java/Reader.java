import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.apicurio.registry.resolver.strategy.ArtifactReference;
import io.apicurio.registry.serde.protobuf.ProtobufKafkaDeserializer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Reads a topic of the bank's events to its end, and prints each as a line of JSON. The arguments
 * are the brokers, the address of the registry's own interface, and the topic.
 */
public final class Reader {
  private final ProtobufKafkaDeserializer<Message> deserializer = new ProtobufKafkaDeserializer<>();

  private Reader(String registry) {
    deserializer.configure(
        Map.of(
            "apicurio.registry.url", registry,
            // The wire format of Confluent: an id in four bytes, the path to the message, payload.
            "apicurio.registry.serde.read-type-ref", false,
            "apicurio.registry.serde.read-indexes", true,
            // Apicurio passes over the path. What names the class is this header.
            "apicurio.registry.headers.value.msgType.name", "ce_type"),
        false);
  }

  public static void main(String[] args) throws InvalidProtocolBufferException {
    Map<String, Object> config =
        Map.of(
            "bootstrap.servers", args[0],
            "isolation.level", "read_committed",
            "auto.offset.reset", "earliest",
            "enable.auto.commit", false);
    var reader = new Reader(args[1]);
    try (var consumer =
        new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer())) {
      var partitions =
          consumer.partitionsFor(args[2]).stream()
              .map(p -> new TopicPartition(p.topic(), p.partition()))
              .toList();
      consumer.assign(partitions);
      var ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        for (var record : consumer.poll(Duration.ofSeconds(1))) {
          System.out.println(reader.line(record));
        }
      }
    }
  }

  private JsonObject line(ConsumerRecord<String, byte[]> record)
      throws InvalidProtocolBufferException {
    var headers = new JsonObject();
    for (var header : record.headers()) {
      if (!header.key().equals("es")) { // which is binary
        headers.addProperty(header.key(), new String(header.value(), UTF_8));
      }
    }
    var event = deserializer.deserialize(record.topic(), record.headers(), record.value());
    var line = new JsonObject();
    line.addProperty("partition", record.partition());
    line.addProperty("offset", record.offset());
    line.addProperty("key", record.key());
    line.add("headers", headers);
    line.addProperty("schema", schema(record.value()));
    line.add("event", JsonParser.parseString(JsonFormat.printer().print(event)));
    return line;
  }

  /** Returns the first message of the schema that the registry has under the id in a value. */
  private String schema(byte[] value) {
    var id = ArtifactReference.builder().contentId((long) ByteBuffer.wrap(value).getInt(1)).build();
    var schema = deserializer.getSchemaResolver().resolveSchemaByArtifactReference(id);
    var file = schema.getParsedSchema().getParsedSchema().getFileDescriptor();
    return file.getMessageTypes().get(0).getFullName();
  }
}
