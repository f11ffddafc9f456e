/** Disturbs a real server while clients write to each other, and writes down what they saw. */
package io.hongyan.bench.chaos.run;
