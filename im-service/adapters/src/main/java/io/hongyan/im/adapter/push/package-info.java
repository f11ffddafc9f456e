/** Sends hints to an outside service. */
package io.hongyan.im.adapter.push;
