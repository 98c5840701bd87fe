"""Reads a topic of the bank's events to its end, and prints each as a line of JSON.

    read.py BROKERS REGISTRY TOPIC [text]

It is a consumer as anybody would write it with confluent-kafka: read_committed,
the deserializer of the wire format, and classes that protoc generated. The
deserializer asks the registry for descriptors in base64. Where the registry has
none, "text" keeps the deserializer from asking.
"""

import base64
import json
import re
import sys

from bank.v1 import account_pb2
from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, TopicPartition
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.protobuf import ProtobufDeserializer
from confluent_kafka.serialization import MessageField, SerializationContext
from google.protobuf import json_format
from google.protobuf.descriptor_pb2 import FileDescriptorProto


class Decoder:
    """Decodes values with the class that the header ce_type names."""

    def __init__(self, registry, text):
        self.registry = registry
        self.text = text
        self.deserializers = {}

    def decode(self, message, headers):
        name = headers["ce_type"].removeprefix("bank.v1.")
        if name not in self.deserializers:
            self.deserializers[name] = ProtobufDeserializer(
                getattr(account_pb2, name),
                {"subject.name.strategy.type": "TOPIC_RECORD"},
                None if self.text else self.registry)
        context = SerializationContext(message.topic(), MessageField.VALUE, message.headers())
        return self.deserializers[name](message.value(), context)

    def schema(self, value):
        """Returns the first message of the schema that the registry has under the id in a value."""
        schema_id = int.from_bytes(value[1:5], "big")
        if self.text:
            text = self.registry.get_schema(schema_id).schema_str
            return ".".join(re.search(r"^package (\S+);\s+^message (\w+)", text, re.MULTILINE).groups())
        descriptor = base64.b64decode(self.registry.get_schema(schema_id, fmt="serialized").schema_str)
        file = FileDescriptorProto.FromString(descriptor)
        return f"{file.package}.{file.message_type[0].name}"


def records(consumer, topic):
    """Yields what is stored in a topic now."""
    partitions = list(consumer.list_topics(topic).topics[topic].partitions)
    consumer.assign([TopicPartition(topic, p, OFFSET_BEGINNING) for p in partitions])
    remaining = set(partitions)
    while remaining:
        message = consumer.poll(30)
        if message is None:
            raise TimeoutError(f"heard nothing of partitions {sorted(remaining)}")
        if message.error() is None:
            yield message
        elif message.error().code() == KafkaError._PARTITION_EOF:
            remaining.remove(message.partition())
        else:
            raise RuntimeError(message.error())


def main(brokers, registry, topic, form=""):
    decoder = Decoder(SchemaRegistryClient({"url": registry}), form == "text")
    consumer = Consumer({
        "bootstrap.servers": brokers,
        "group.id": "reader",
        "isolation.level": "read_committed",
        "enable.auto.commit": False,
        "enable.partition.eof": True,
    })
    for message in records(consumer, topic):
        headers = {key: value.decode() for key, value in message.headers() if key != "es"}
        event = decoder.decode(message, headers)
        print(json.dumps({
            "partition": message.partition(),
            "offset": message.offset(),
            "key": message.key().decode(),
            "headers": headers,
            "schema": decoder.schema(message.value()),
            "event": json_format.MessageToDict(event),
        }))
    consumer.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
