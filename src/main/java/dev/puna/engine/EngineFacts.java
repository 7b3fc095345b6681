// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

/**
 * What a loaded model is.
 *
 * @param contextLength tokens that one sequence may hold (prompt and answer)
 * @param trainedContextLength tokens the model was trained for
 * @param embeddingLength numbers in one embedding
 * @param sequences how many sequences run together
 * @param embeds whether the model is an embedding model (it pools), and so generates nothing
 * @param addsBos whether the tokenizer puts a begin token before every prompt
 */
public record EngineFacts(
        int contextLength,
        int trainedContextLength,
        int embeddingLength,
        int sequences,
        boolean embeds,
        boolean addsBos) {}
