// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.token;

/**
 * What an image, a sound, or a slice of an image takes of a sequence. The arrays belong to the shape and are not written to.
 *
 * @param tokens cells of the cache
 * @param positions how far the text behind it is moved on, which may be less
 * @param nonCausal whether all its tokens see each other, so that they must be decoded together
 * @param origin the positions of an image that begins at 0, dimension after dimension
 * @param movement by how much each of them grows where the image begins one later
 */
public record ImageShape(int tokens, int positions, boolean nonCausal, int[] origin, int[] movement) {}
