/** The parts of the load: pairs of a sender and a receiver, their pace, checks and measurements. */
package io.hongyan.bench.load;
