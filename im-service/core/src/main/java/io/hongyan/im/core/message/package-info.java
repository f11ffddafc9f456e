/** What everything else speaks of: conversations, stored messages, devices, refusals. Content is bytes. */
package io.hongyan.im.core.message;
