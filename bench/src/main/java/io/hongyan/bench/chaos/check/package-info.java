/** Checks the promises by a history alone; knows nothing of the workload that wrote it. */
package io.hongyan.bench.chaos.check;
