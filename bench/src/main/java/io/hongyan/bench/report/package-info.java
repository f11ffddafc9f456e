/** Output for people and programs: the progress line, the table, the JSON lines. */
package io.hongyan.bench.report;
