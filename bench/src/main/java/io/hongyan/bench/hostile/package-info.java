/** Clients that mean harm, or behave as if: what {@code scripts/bench hostile} lets loose on a server of its own. */
package io.hongyan.bench.hostile;
