/** The feed in the two forms of its contract, for whoever carries it. */
package io.hongyan.im.adapter.feed;
