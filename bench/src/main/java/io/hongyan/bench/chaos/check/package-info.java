/** Proves the promises P1 to P4 from a history alone; knows nothing of the workload that wrote it. */
package io.hongyan.bench.chaos.check;
