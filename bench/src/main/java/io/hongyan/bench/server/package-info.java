/** The servers under test: how each is started, and what it uses of the machine. */
package io.hongyan.bench.server;
