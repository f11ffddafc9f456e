/** The feed in the two encodings of its contract. */
package io.hongyan.im.adapter.feed;
