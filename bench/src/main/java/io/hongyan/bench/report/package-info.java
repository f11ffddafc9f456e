/** What people and programs see: the progress line, the table, the JSON lines. */
package io.hongyan.bench.report;
