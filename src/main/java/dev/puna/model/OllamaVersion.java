// SPDX-License-Identifier: Apache-2.0
package dev.puna.model;

/** The Ollama that this program stands for. */
public final class OllamaVersion {
    /** The newest one whose behaviour is described and implemented; src/docs/api-compatibility.md lists what of it is not. */
    public static final String IMPLEMENTED = "0.40.2";

    private OllamaVersion() {}
}
