/** Real servers for tests and local runs, each a process of its own with libraries of its own. */
package io.hongyan.servers;
