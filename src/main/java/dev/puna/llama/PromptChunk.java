// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

/** A piece of a prompt as it is decoded. Holds nothing native. */
public sealed interface PromptChunk {

    /** How many cells of the cache it takes. */
    int tokens();

    /**
     * Text.
     *
     * @param ids its tokens
     */
    record Text(int[] ids) implements PromptChunk {
        @Override
        public int tokens() {
            return ids.length;
        }
    }

    /**
     * An image or sound, or a slice of an image.
     *
     * @param image which of the prompt's images it came from, counted from 0
     * @param tokens cells of the cache
     * @param positions how far the text behind it is moved on, which may be less
     * @param nonCausal whether all its tokens see each other, so that they must be decoded together
     * @param origin the positions of an image that begins at 0, dimension after dimension
     * @param movement by how much each of them grows where the image begins one later
     */
    record Media(int image, int tokens, int positions, boolean nonCausal, int[] origin, int[] movement)
            implements PromptChunk {

        /** The positions of some tokens of an image that begins at {@code first}, dimension after dimension. */
        int[] positionsFrom(int first, int from, int count) {
            int dimensions = origin.length / tokens;
            var some = new int[dimensions * count];
            for (int dimension = 0; dimension < dimensions; dimension++) {
                for (int i = 0; i < count; i++) {
                    int at = dimension * tokens + from + i;
                    some[dimension * count + i] = origin[at] + movement[at] * first;
                }
            }
            return some;
        }
    }
}
