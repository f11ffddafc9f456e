/**
 * What a broker asks the program that hosts it, and what that program may ask of the broker.
 *
 * <p>The broker knows topics, bytes, quality of service and connections; what they mean is the host's business. The
 * interfaces are the same whether both live in one JVM or talk over a network.
 */
package io.hongyan.broker.hook;
