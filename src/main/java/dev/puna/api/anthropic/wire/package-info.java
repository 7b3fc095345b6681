// SPDX-License-Identifier: Apache-2.0
/**
 * The exact JSON of Anthropic's routes below {@code /v1}: records whose components are its keys, in their order.
 *
 * <p>No logic, no dependencies; made by the resources of {@code api.anthropic}, written by Jackson. Entry type: {@link
 * dev.puna.api.anthropic.wire.MessageObject}.
 */
@NullMarked
package dev.puna.api.anthropic.wire;

import org.jspecify.annotations.NullMarked;
