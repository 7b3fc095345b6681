// SPDX-License-Identifier: Apache-2.0
/**
 * Safetensors files, strictly read: what their headers say is checked as a whole before a weight is read. Whatever is wrong with
 * one is an {@link dev.puna.failure.InvalidRequest} that names the file.
 *
 * <p>Bytes are read by position and never mapped, since a file that is cut off while it is mapped would end the process. Entry
 * type: {@link dev.puna.conversion.safetensors.Weights}.
 */
@NullMarked
package dev.puna.conversion.safetensors;

import org.jspecify.annotations.NullMarked;
