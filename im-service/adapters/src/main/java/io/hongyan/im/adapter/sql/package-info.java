/** Storage in SQL: the ports of the core on SQLite, in one file, written by one connection. */
package io.hongyan.im.adapter.sql;
