package io.hongyan.im.core.work;

/**
 * Work that is due again and again. Whoever drives it leaves at least the period between two runs and never runs one
 * task twice at once; a run may block.
 */
public record PeriodicTask(String name, long periodMillis, Runnable work) {}
