/** The whole system in one process: configuration, wiring, start and stop. */
package io.hongyan.im.app;
