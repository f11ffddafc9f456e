/** What a client asks for to be level again: pages of the inbox, of the logs, and the list of its conversations. */
package io.hongyan.im.core.sync;
