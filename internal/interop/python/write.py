"""Writes a record into a topic behind the back of the engine.

    write.py BROKERS TOPIC PARTITION KEY
"""

import sys

from confluent_kafka import Producer


def main(brokers, topic, partition, key):
    def delivered(error, message):
        if error is not None:
            raise RuntimeError(error)
        print(message.offset())

    producer = Producer({"bootstrap.servers": brokers, "acks": "all"})
    producer.produce(topic, key=key, value=b"by hand", partition=int(partition), on_delivery=delivered)
    if producer.flush(30) != 0:
        raise TimeoutError("the record was not delivered")


if __name__ == "__main__":
    main(*sys.argv[1:])
