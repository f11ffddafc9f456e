/** Certificates from files, renewed while the server runs, and the TLS of one connection. */
package io.hongyan.broker.server.tls;
