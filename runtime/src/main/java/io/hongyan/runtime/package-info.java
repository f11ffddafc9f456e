/**
 * What every module needs, built on the JDK alone: {@link io.hongyan.runtime.RateLimitedLog} for what clients cause too
 * often to be logged one by one, {@link io.hongyan.runtime.ThreadWatch} and {@link io.hongyan.runtime.FatalErrors} for
 * the threads that a process depends on; in {@code pem}, certificates and keys in files.
 */
package io.hongyan.runtime;
