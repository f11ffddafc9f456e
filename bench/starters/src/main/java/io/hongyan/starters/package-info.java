/**
 * Real servers for tests, bench and chaos: MariaDB, MySQL, Redis and RocketMQ as processes on free ports of 127.0.0.1, with
 * data of their own. How each is started stands in {@code scripts/servers}, once.
 */
package io.hongyan.starters;
