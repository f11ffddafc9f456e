/** Brings hints to somebody outside. */
package io.hongyan.im.adapter.push;
