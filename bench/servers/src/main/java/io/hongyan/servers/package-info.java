/** Real servers for tests and local runs, each a separate process with its own libraries. */
package io.hongyan.servers;
