// SPDX-License-Identifier: Apache-2.0
/**
 * The end of the protocol at which models are: what the process of a model does with what the server says.
 *
 * <p>Called by {@code server}. Entry type: {@link dev.puna.engine.runner.RunnerService}.
 */
@NullMarked
package dev.puna.engine.runner;

import org.jspecify.annotations.NullMarked;
