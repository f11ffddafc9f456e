/** Drives the engine with a model of the server on one thread, from a seed: cuts, losses, repetitions, crashes, new epochs. */
package io.hongyan.client.data.simulation;
