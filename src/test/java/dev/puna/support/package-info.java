// SPDX-License-Identifier: Apache-2.0
/**
 * Fakes and fixtures that the tests of several packages share.
 *
 * <p>{@link dev.puna.support.ScriptedEngineLoader} stands in for the native library: what it answers, how long it takes and how it
 * fails is written by the test in a {@link dev.puna.support.Script}.
 */
@NullMarked
package dev.puna.support;

import org.jspecify.annotations.NullMarked;
