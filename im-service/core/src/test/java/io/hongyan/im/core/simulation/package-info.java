/**
 * The messaging core in virtual time: many devices, a bad network, a bad disk and restarts, all drawn from one seed, and
 * a checker that reads what happened.
 */
package io.hongyan.im.core.simulation;
