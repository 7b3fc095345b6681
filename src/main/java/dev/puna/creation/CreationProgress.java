// SPDX-License-Identifier: Apache-2.0
package dev.puna.creation;

import static java.util.Objects.requireNonNull;

import dev.puna.registry.PullProgress;

/** How far a {@link CreationJob} is. */
public sealed interface CreationProgress {

    /** Steps that carry no data. */
    enum Step implements CreationProgress {
        /** The header of a file is looked at. */
        PARSING_FILE,
        /** Weights are brought into the form in which they are kept, or have been. */
        VERIFYING_CONVERSION,
        /** All files are there. */
        WRITING_MANIFEST,
        /** The model is in the store. */
        DONE
    }

    /**
     * The model to start from comes from a registry.
     *
     * @param step how far it is
     */
    record Pulling(PullProgress step) implements CreationProgress {
        public Pulling {
            requireNonNull(step, "step is null");
        }
    }

    /**
     * A file that is not the store's is copied into it.
     *
     * @param file its name
     * @param totalBytes of the file
     * @param doneBytes of these
     */
    record Copying(String file, long totalBytes, long doneBytes) implements CreationProgress {
        public Copying {
            requireNonNull(file, "file is null");
        }
    }

    /**
     * A model in safetensors is written as GGUF.
     *
     * @param totalBytes of the GGUF
     * @param doneBytes of these
     */
    record Converting(long totalBytes, long doneBytes) implements CreationProgress {}

    /**
     * Something about a model that its owner should know.
     *
     * @param text as a sentence
     */
    record Warning(String text) implements CreationProgress {
        public Warning {
            requireNonNull(text, "text is null");
        }
    }

    /**
     * Weights are written anew.
     *
     * @param from type that they have
     * @param to type that they get
     * @param totalBytes of the weights as they are
     * @param doneBytes of these
     */
    record Quantizing(String from, String to, long totalBytes, long doneBytes) implements CreationProgress {
        public Quantizing {
            requireNonNull(from, "from is null");
            requireNonNull(to, "to is null");
        }
    }

    /**
     * A layer of the model is in the store.
     *
     * @param status whether it was there before, in words
     */
    record Layer(String status) implements CreationProgress {
        public Layer {
            requireNonNull(status, "status is null");
        }
    }
}
