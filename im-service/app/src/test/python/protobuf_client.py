"""A client of the server under test: Debian's python3-paho-mqtt and python3-protobuf.

It knows the messages from a FileDescriptorSet alone. Commands come on standard input, "ID UID HEX" with a Content; what
happens goes to standard output, one line each: "ready", "acked ID", "content ID HEX".
"""

import sys

import paho.mqtt.client as mqtt
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

host, port, uid, token, description = sys.argv[1:]
pool = descriptor_pool.DescriptorPool()
with open(description, "rb") as file:
    for described in descriptor_pb2.FileDescriptorSet.FromString(file.read()).file:
        pool.AddSerializedFile(described.SerializeToString())
if hasattr(message_factory, "GetMessageClass"):
    class_of = message_factory.GetMessageClass
else:
    class_of = message_factory.MessageFactory(pool).GetPrototype
InboxEntry = class_of(pool.FindMessageTypeByName("hongyan.v1.InboxEntry"))
SendRequest = class_of(pool.FindMessageTypeByName("hongyan.v1.SendRequest"))


def say(line):
    print(line, flush=True)


def on_message(client, userdata, message):
    entry = InboxEntry.FromString(message.payload)
    if entry.HasField("message"):
        content = entry.message.content.SerializeToString()
        say(f"content {entry.message.client_message_id} {content.hex()}")


client = mqtt.Client(client_id=f"{uid}:iot:protobuf", protocol=mqtt.MQTTv311)
client.username_pw_set(uid, token)
client.on_connect = lambda client, userdata, flags, code: client.subscribe(f"u/{uid}/inbox", qos=1)
client.on_subscribe = lambda client, userdata, mid, granted: say("ready")
client.on_message = on_message
client.connect(host, int(port))
client.loop_start()
for line in sys.stdin:
    request_id, to, content = line.split()
    request = SendRequest(client_message_id=request_id)
    request.to.kind = 1
    request.to.id = to
    request.content.ParseFromString(bytes.fromhex(content))
    published = client.publish("im/send", request.SerializeToString(), qos=1)
    published.wait_for_publish()
    say(f"acked {request_id}")
client.disconnect()
client.loop_stop()
