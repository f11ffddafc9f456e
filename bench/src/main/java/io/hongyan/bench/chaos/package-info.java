/** Fault runs and the check of their histories: the programs of {@code scripts/chaos}. */
package io.hongyan.bench.chaos;
