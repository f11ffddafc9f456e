"""A client of the server under test: Debian's python3-paho-mqtt, MQTT 3.1.1, JSON form.

Commands come on standard input, one JSON object per line; what happens goes to standard output, one line each:
"ready", "acked ID", "inbox PAYLOAD".
"""

import json
import sys

import paho.mqtt.client as mqtt

host, port, uid, device, token = sys.argv[1:]
waiting = {}


def say(line):
    sys.stdout.buffer.write((line + "\n").encode())
    sys.stdout.buffer.flush()


def on_connect(client, userdata, flags, code):
    if code != 0:
        sys.exit(1)
    client.subscribe(f"json/u/{uid}/inbox", qos=1)


client = mqtt.Client(client_id=f"{uid}:iot:{device}", protocol=mqtt.MQTTv311)
client.username_pw_set(uid, token)
client.on_connect = on_connect
client.on_subscribe = lambda client, userdata, mid, granted: say("ready")
client.on_message = lambda client, userdata, message: say("inbox " + message.payload.decode())
client.connect(host, int(port))
client.loop_start()
for line in sys.stdin:
    command = json.loads(line)
    request = {
        "clientMessageId": command["id"],
        "to": {"kind": "DIRECT", "id": command["to"]},
        "content": {"text": {"text": command["text"]}},
    }
    published = client.publish("json/im/send", json.dumps(request), qos=1)
    published.wait_for_publish()
    say("acked " + command["id"])
client.disconnect()
client.loop_stop()
