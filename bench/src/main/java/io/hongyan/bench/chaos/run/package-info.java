/** Disturbs a real server while clients write to each other, and records what they saw. */
package io.hongyan.bench.chaos.run;
