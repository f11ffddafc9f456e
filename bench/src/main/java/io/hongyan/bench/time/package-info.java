/** The only place that reads the machine's clock and sleeps. */
package io.hongyan.bench.time;
