// A client of the server under test: mqtt.js over WebSocket, JSON form. Commands come on standard input, one JSON
// object per line; what happens goes to standard output, one line each: "ready", "acked ID", "inbox PAYLOAD".
import mqtt from 'mqtt';
import { createInterface } from 'node:readline';

const [url, uid, device, token] = process.argv.slice(2);
const client = mqtt.connect(url, {
  clientId: `${uid}:iot:${device}`,
  username: uid,
  password: token,
  protocolVersion: 5,
  reconnectPeriod: 0,
});
client.on('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
client.on('message', (topic, payload) => console.log(`inbox ${payload.toString('utf8')}`));
client.on('connect', () => {
  client.subscribe(`json/u/${uid}/inbox`, { qos: 1 }, (error, granted) => {
    if (error || granted[0].qos !== 1) {
      process.exit(1);
    }
    console.log('ready');
  });
});
for await (const line of createInterface({ input: process.stdin })) {
  const { id, to, text } = JSON.parse(line);
  const request = { clientMessageId: id, to: { kind: 'DIRECT', id: to }, content: { text: { text } } };
  client.publish('json/im/send', JSON.stringify(request), { qos: 1 }, (error) => {
    if (!error) {
      console.log(`acked ${id}`);
    }
  });
}
client.end();
