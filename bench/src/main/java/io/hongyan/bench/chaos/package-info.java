/** Fault runs and their judgement: what {@code scripts/chaos} does. */
package io.hongyan.bench.chaos;
