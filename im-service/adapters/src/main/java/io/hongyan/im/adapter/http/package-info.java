/** The HTTP face of the service: health, readiness, metrics, and tokens for development. */
package io.hongyan.im.adapter.http;
