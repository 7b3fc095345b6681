// SPDX-License-Identifier: Apache-2.0
/**
 * What readers of strangers' bytes are given: a target for each, seeds and former findings in {@code src/test/resources/fuzz}, and the
 * program that lets Jazzer look for more ({@code ./mvnw -Pfuzz process-test-classes}).
 *
 * <p>The same targets run over their seeds in every build. Targets of readers that are not public live beside these.
 */
@NullMarked
package dev.puna.fuzz;

import org.jspecify.annotations.NullMarked;
