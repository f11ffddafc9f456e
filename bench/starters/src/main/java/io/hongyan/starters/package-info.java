/**
 * Real servers for tests, bench and chaos: MariaDB, MySQL, Redis and RocketMQ as processes on free ports of 127.0.0.1,
 * with their own data. {@code scripts/servers} starts them.
 */
package io.hongyan.starters;
