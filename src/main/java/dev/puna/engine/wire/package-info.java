// SPDX-License-Identifier: Apache-2.0
/**
 * What the server and the process of a model say to each other: the messages, and their form as bytes.
 *
 * <p>Both ends are the same program of the same version, so numbers and orders here are free to change with
 * {@link dev.puna.engine.wire.Protocol#PROTOCOL_VERSION}; but an end believes nothing that it reads: whatever is no message is a
 * {@link dev.puna.engine.wire.ProtocolException}, found before memory is taken for it. Used by {@code engine.remote} and
 * {@code engine.runner}, which own the connection; nothing here knows sockets or starts threads. Entry types:
 * {@link dev.puna.engine.wire.FrameWriter} and {@link dev.puna.engine.wire.FrameReader}. The form: {@code src/docs/runner.md}.
 */
@NullMarked
package dev.puna.engine.wire;

import org.jspecify.annotations.NullMarked;
