/**
 * How a device reaches the server. So far there are the rules that need no network: where to connect and when, when not to any
 * more, and how often to ping.
 */
package io.hongyan.client.net;
