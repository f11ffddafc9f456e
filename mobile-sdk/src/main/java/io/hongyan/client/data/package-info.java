/**
 * What a client knows and how it stays level with the server, without threads, clock or I/O: {@link
 * io.hongyan.client.data.SyncEngine} takes what happens and says what is to be written and done.
 */
package io.hongyan.client.data;
