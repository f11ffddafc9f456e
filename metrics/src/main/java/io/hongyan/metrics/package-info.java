/** Measurements for all modules, without knowledge of how they are published. */
package io.hongyan.metrics;
