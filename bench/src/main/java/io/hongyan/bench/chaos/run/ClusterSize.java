package io.hongyan.bench.chaos.run;

/**
 * How many there are of each part of a cluster; one MariaDB has all databases.
 *
 * @param databases 1, or 2: then slots are moved between them
 */
public record ClusterSize(int gates, int nodes, int databases) {}
