/**
 * JSON from outside: one strict reader for all inputs of the service. {@link io.hongyan.protocol.json.JsonText} defines
 * what JSON is (RFC 8259 exactly), {@link io.hongyan.protocol.json.JsonMessages} how a message of the contract is
 * written in it.
 */
package io.hongyan.protocol.json;
