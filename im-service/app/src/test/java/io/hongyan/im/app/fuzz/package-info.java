/**
 * Entry points for coverage-guided fuzzing: each {@code *Target} has the method {@code fuzzerTestOneInput} that Jazzer calls
 * ({@code scripts/fuzz}), and {@code CorpusTest} runs every input that was kept through it in the ordinary tests.
 */
package io.hongyan.im.app.fuzz;
