// A client of the server under test: mqtt.js and protobuf-es, which knows the messages from a FileDescriptorSet alone.
// Commands come on standard input, "ID UID HEX" with a Content; what happens goes to standard output, one line each:
// "ready", "acked ID", "content ID HEX".
import { create, createFileRegistry, fromBinary, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import mqtt from 'mqtt';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const [url, uid, token, description] = process.argv.slice(2);
const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(description)));
const [Content, InboxEntry, SendRequest] = ['Content', 'InboxEntry', 'SendRequest'].map((name) =>
  registry.getMessage(`hongyan.v1.${name}`),
);
const client = mqtt.connect(url, {
  clientId: `${uid}:iot:protobuf`,
  username: uid,
  password: token,
  protocolVersion: 5,
  reconnectPeriod: 0,
});
client.on('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
client.on('message', (topic, payload) => {
  const { entry } = fromBinary(InboxEntry, payload);
  if (entry.case === 'message') {
    const { clientMessageId, content } = entry.value;
    console.log(`content ${clientMessageId} ${Buffer.from(toBinary(Content, content)).toString('hex')}`);
  }
});
client.on('connect', () => client.subscribe(`u/${uid}/inbox`, { qos: 1 }, () => console.log('ready')));
for await (const line of createInterface({ input: process.stdin })) {
  const [id, to, hex] = line.split(' ');
  const content = fromBinary(Content, Buffer.from(hex, 'hex'));
  const request = create(SendRequest, { clientMessageId: id, to: { kind: 1, id: to }, content });
  client.publish('im/send', Buffer.from(toBinary(SendRequest, request)), { qos: 1 }, (error) =>
    error ? console.error(`${id}: ${error.message}`) : console.log(`acked ${id}`),
  );
}
client.end();
