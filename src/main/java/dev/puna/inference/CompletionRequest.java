// SPDX-License-Identifier: Apache-2.0
package dev.puna.inference;

/** A text that a model is asked for: the next turn of a conversation, or what follows a prompt. */
public sealed interface CompletionRequest permits ChatCompletion, TextCompletion, DirectCompletion {

    GenerationParameters parameters();
}
