/** What business systems learn of: messages, sessions, receipts, reports, pushes, each at least once, in order per key. */
package io.hongyan.im.core.feed;
