// SPDX-License-Identifier: Apache-2.0
/**
 * What goes into the packages beside the program: the bill of materials, the notices of third parties, and what Debian wants to
 * know.
 *
 * <p>Not a test: {@code ./mvnw package -Dnative -Pdist} runs {@link dev.puna.dist.Distribution} when the executable is there, and
 * Maven's plugins then pack what it leaves. What it leaves depends on nothing but the executable, the native libraries, the sources
 * and the time that it is given. One thread; what cannot be done is told as an {@link java.lang.IllegalStateException}'s sentence.
 */
@NullMarked
package dev.puna.dist;

import org.jspecify.annotations.NullMarked;
