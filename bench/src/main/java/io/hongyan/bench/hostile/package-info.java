/** Clients that mean harm, or behave as if: the attackers of {@code scripts/bench hostile}. */
package io.hongyan.bench.hostile;
