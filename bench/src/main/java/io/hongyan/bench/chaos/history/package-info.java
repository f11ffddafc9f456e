/** What happened in a run, as JSON lines: docs/chaos.md describes them, so that any checker can read them. */
package io.hongyan.bench.chaos.history;
