// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.token;

import dev.puna.model.Digest;

/**
 * A slice of an image.
 *
 * @param image digest of the image as the client sent it
 * @param slice counted from 0
 */
public record ImageKey(Digest image, int slice) {}
