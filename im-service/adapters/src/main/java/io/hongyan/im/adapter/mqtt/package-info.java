/**
 * The MQTT face of the service: answers the broker's questions, turns payloads into calls of the use cases and stored
 * messages into deliveries. The contract is {@code io.hongyan.protocol}.
 */
package io.hongyan.im.adapter.mqtt;
