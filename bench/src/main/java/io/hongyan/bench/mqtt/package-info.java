/**
 * A cheap MQTT 3.1.1 client for tens of thousands of connections: one selector thread per
 * {@link io.hongyan.bench.mqtt.MqttLoop}, packets read and written in place, one write per connection and loop turn.
 *
 * <p>Only its own thread uses a loop's connections; other threads give it tasks with
 * {@link io.hongyan.bench.mqtt.MqttLoop#execute} and {@link io.hongyan.bench.mqtt.MqttLoop#ask}.
 */
package io.hongyan.bench.mqtt;
