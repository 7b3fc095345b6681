// SPDX-License-Identifier: Apache-2.0
/**
 * What a child that computes a model may still do: which files it reads, which devices it uses, and how much of that this system
 * enforces.
 *
 * <p>The rules are made here, and put on the child by {@code native-libs/process/lock.c} before its program begins. Nothing of it restricts
 * this process. Linux only; elsewhere nothing is in force, and a {@link dev.puna.sandbox.SandboxReport} says so. Nothing here
 * starts a thread. Entry types: {@link dev.puna.sandbox.SandboxRules}, {@link dev.puna.sandbox.Sandbox}.
 */
@NullMarked
package dev.puna.sandbox;

import org.jspecify.annotations.NullMarked;
