// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import static java.util.Objects.requireNonNull;

/** A piece of a prompt that holds images or sound. */
public sealed interface PromptPart {

    /** Text, in which names of control tokens stand for these. */
    record Text(String text) implements PromptPart {
        /** Checks that there is a text. */
        public Text {
            requireNonNull(text, "text is null");
        }
    }

    /** An image or sound, which belongs to this part only. */
    record Media(Bitmap image) implements PromptPart {
        /** Checks that there is an image. */
        public Media {
            requireNonNull(image, "picture is null");
        }
    }
}
