// A stock client that reconnects whatever the reason was: mqtt.js with its defaults. It prints what the server says:
// "connack CODE REASON", "disconnect CODE". It ends with its input.
import mqtt from 'mqtt';

const [url, clientId, token, version] = process.argv.slice(2);
const client = mqtt.connect(url, {
  clientId,
  username: clientId.split(':')[0],
  password: token,
  protocolVersion: Number(version),
});
client.on('error', () => {});
client.on('packetreceive', (packet) => {
  if (packet.cmd === 'connack') {
    console.log(`connack ${packet.reasonCode ?? packet.returnCode} ${packet.properties?.reasonString ?? ''}`);
  } else if (packet.cmd === 'disconnect') {
    console.log(`disconnect ${packet.reasonCode}`);
  }
});
process.stdin.on('end', () => process.exit(0)).resume();
