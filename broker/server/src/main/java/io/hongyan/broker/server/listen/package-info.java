/** Where clients connect: a port, what stands in front of it (a proxy, TLS), and who a client is by its address. */
package io.hongyan.broker.server.listen;
