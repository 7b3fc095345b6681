// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A model's own Jinja template, as llama.cpp runs it. <b>Borrows</b> what it was made of. <b>Threads:</b> any.
 *
 * @param apply renders a conversation: from the inputs of {@code puna_chat_apply} in puna_shim.h to its result, of which nothing is
 *     to be changed; throws
 *     {@link dev.puna.failure.NativeFailure} if the template refuses the conversation
 * @param parallelToolCalls whether a message may hold several calls
 * @param thinking whether it tells by itself whether the model is to think
 * @param schemaCheck throws {@link dev.puna.failure.InvalidRequest} with what is wrong with a JSON schema
 */
public record JinjaTemplate(
        Function<ObjectNode, JsonNode> apply,
        boolean parallelToolCalls,
        boolean thinking,
        Consumer<String> schemaCheck) {}
