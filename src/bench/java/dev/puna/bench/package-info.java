// SPDX-License-Identifier: Apache-2.0
/**
 * What Puna costs beside its peers, measured in one run, in turns, on the same libraries and with the same number of threads.
 *
 * <p>Not a test: {@code ./mvnw -Pbench verify} runs {@link dev.puna.bench.Benchmark} and prints a table of medians and ratios.
 */
@NullMarked
package dev.puna.bench;

import org.jspecify.annotations.NullMarked;
