/** What the load is made of: pairs of a sender and a receiver, their pace, what they check and what they measure. */
package io.hongyan.bench.load;
