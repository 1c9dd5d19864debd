/**
 * Fuzzing. {@link dev.pillion.fuzz.FuzzTarget} lists the targets. Each target is in the package that it tests. {@code bench/fuzz} runs one
 * under Jazzer, and {@link dev.pillion.fuzz.FuzzCorpusTest} replays the committed inputs in each build.
 */
@NullMarked
package dev.pillion.fuzz;

import org.jspecify.annotations.NullMarked;
