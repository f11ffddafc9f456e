/** Where clients connect: ports, proxies and TLS in front of them, and the address of a client. */
package io.hongyan.broker.server.listen;
