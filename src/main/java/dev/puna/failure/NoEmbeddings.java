// SPDX-License-Identifier: Apache-2.0
package dev.puna.failure;

/** The model generates text, and was asked for embeddings. */
public final class NoEmbeddings extends Failure {
    public NoEmbeddings() {
        super("the model makes no embeddings", null);
    }
}
