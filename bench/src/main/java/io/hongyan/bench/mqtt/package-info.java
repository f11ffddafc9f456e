/**
 * A cheap MQTT 3.1.1 client for tens of thousands of connections: one selector thread per {@link
 * io.hongyan.bench.mqtt.MqttLoop}, packets read and written in place, one write per connection and loop turn.
 *
 * <p>A loop's connections are touched by its own thread only; other threads hand it tasks through {@link
 * io.hongyan.bench.mqtt.MqttLoop#execute} and {@link io.hongyan.bench.mqtt.MqttLoop#ask}.
 */
package io.hongyan.bench.mqtt;
