// SPDX-License-Identifier: Apache-2.0
/**
 * Processes that this one starts, and what passes between them: a child with exactly the descriptors that it is given, locked up
 * before its program begins, that ends with its parent; sockets; and turns at what they share.
 *
 * <p>Java's own {@code ProcessBuilder} gives a child whatever has no {@code FD_CLOEXEC}, among it the JDK's sockets, runs nothing between
 * fork and exec, and does not tell by which signal a child ended. All is done by {@code libpuna-process}, on Linux only; elsewhere
 * {@link dev.puna.process.ChildProcess#supported} is false. One daemon thread starts, hears and buries all children; it begins with
 * the first. Entry types: {@link dev.puna.process.ProcessLibrary}, {@link dev.puna.process.ChildProcess},
 * {@link dev.puna.process.LocalSocket}, {@link dev.puna.process.SharedTurns}.
 */
@NullMarked
package dev.puna.process;

import org.jspecify.annotations.NullMarked;
