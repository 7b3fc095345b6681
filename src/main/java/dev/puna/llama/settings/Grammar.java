// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama.settings;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.puna.llama.guard.ShimJson;

/**
 * What a generation may consist of.
 *
 * @param samplerJson the keys of {@code puna_sampler_init} in puna_shim.h that say it, as a JSON object
 */
public record Grammar(String samplerJson) {
    public Grammar {
        requireNonNull(samplerJson, "samplerJson is null");
    }

    /** Rules in llama.cpp's notation, beginning at {@code root}, that hold from the first token on. */
    public static Grammar of(String gbnf) {
        return new Grammar(ShimJson.object().put("grammar", gbnf).toString());
    }

    /**
     * What the answer to a rendered conversation may consist of: nothing in particular, or tool calls from the first one on.
     *
     * @param samplerJson the {@code sampler} object of what {@link dev.puna.llama.ChatFormat#apply} gave
     */
    public static Grammar ofChatFormat(String samplerJson) {
        return new Grammar(samplerJson);
    }

    /**
     * Other rules in llama.cpp's notation, beginning at {@code root}, which hold from the first token on; all else that the
     * format says of tokens stays.
     */
    public Grammar withRules(String gbnf) {
        var json = (ObjectNode) ShimJson.parse(samplerJson);
        json.put("grammar", gbnf).put("grammar_lazy", false).put("grammar_prefill", "");
        json.putArray("grammar_triggers");
        return new Grammar(json.toString());
    }
}
