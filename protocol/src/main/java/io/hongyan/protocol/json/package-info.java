/**
 * JSON from outside: one strict reader for every entry of the service. {@link io.hongyan.protocol.json.JsonText} says what
 * is JSON (RFC 8259 to the letter), {@link io.hongyan.protocol.json.JsonMessages} what a message of the contract is in it.
 */
package io.hongyan.protocol.json;
