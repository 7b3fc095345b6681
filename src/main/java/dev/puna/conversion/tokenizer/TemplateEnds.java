// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tokenizer;

import dev.puna.conversion.source.Config;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which special tokens a post-processor puts around a text, and what that says of the configured ones: a token at the end that is not
 * the configured last one becomes it, and the configured one ends turns instead. <b>Threads:</b> one.
 */
final class TemplateEnds {
    private final Map<String, @Nullable Object> config;
    private final List<String> types;
    private final Map<String, Boolean> around;
    private final boolean configured;
    private @Nullable Object bos;
    private @Nullable Object cls;
    private @Nullable Object eos;
    private @Nullable Object sep;

    /**
     * @param config changed by what is found
     * @param types of special tokens, which may become more
     * @param around is told which tokens go around a text
     */
    TemplateEnds(Map<String, @Nullable Object> config, List<String> types, Map<String, Boolean> around) {
        this.config = config;
        this.types = types;
        this.around = around;
        configured = !config.isEmpty();
        bos = config.get("bos_token");
        cls = config.get("cls_token");
        eos = config.get("eos_token");
        sep = config.get("sep_token");
    }

    void roberta(Config processor) {
        around.put("bos", true);
        around.put("eos", true);
        around.put("sep", true);
        if (empty(cls) && configured) {
            cls = processor.set("cls") ? processor.list("cls").getFirst() : bos;
            config.put("cls_token", cls);
        }
        if (empty(sep) && configured) {
            sep = processor.set("sep") ? processor.list("sep").getFirst() : eos;
            config.put("sep_token", sep);
        }
    }

    void template(Config processor) {
        var single = processor.set("single") ? Normalization.parts(processor, "single") : List.<Config>of();
        var first = "";
        var last = "";
        if (single.size() > 1) {
            first = special(single.getFirst());
            if (!first.isEmpty()) {
                first(first);
            }
            last = special(single.getLast());
            if (!last.isEmpty()) {
                last(last);
            }
        }
        if (processor.set("pair")) {
            pair(Normalization.parts(processor, "pair"), first, last);
        }
    }

    private void first(String token) {
        if (!configured) {
            bos = token;
        } else if (!is(token, bos) && !is(token, cls)) {
            if (empty(bos)) {
                bos = token;
                config.put("bos_token", token);
            }
            if (empty(cls)) {
                cls = token;
                config.put("cls_token", token);
            }
        }
        around.put("bos", is(token, bos) || is(token, cls));
    }

    private void last(String token) {
        if (!configured) {
            eos = token;
        } else if (!is(token, eos)) {
            for (var type : List.of("eot", "eom")) {
                if (!types.contains(type)) {
                    types.add(type);
                    config.put(type + "_token", eos);
                    break;
                }
            }
            eos = token;
            config.put("eos_token", token);
        }
        around.put("eos", is(token, eos));
    }

    /** What is between two texts: one or two tokens. */
    private void pair(List<Config> pair, String first, String last) {
        var from =
                !first.isEmpty() && !pair.isEmpty() && special(pair.getFirst()).equals(first) ? 1 : 0;
        var to = pair.size()
                - (!last.isEmpty() && !pair.isEmpty() && special(pair.getLast()).equals(last) ? 1 : 0);
        if (to - from <= 2 || !text(pair.get(from), "A") || !text(pair.get(to - 1), "B")) {
            return;
        }
        var between = pair.subList(from + 1, to - 1);
        var added = last.isEmpty() && separates(special(between.getFirst()));
        if (between.size() == 2 && separates(special(between.getLast()))) {
            added = true;
        }
        around.put("sep", added);
        if (added && empty(sep) && configured) {
            config.put("sep_token", eos);
        }
    }

    private boolean separates(String token) {
        return !token.isEmpty() && (is(token, sep) || is(token, eos));
    }

    private static boolean text(Config part, String id) {
        return part.section("Sequence").text("id").orElse("").equals(id);
    }

    private static String special(Config part) {
        return part.section("SpecialToken").text("id").orElse("");
    }

    private static boolean is(String token, @Nullable Object configured) {
        return Objects.equals(token, configured);
    }

    private static boolean empty(@Nullable Object token) {
        return token == null || token.equals("") || (token instanceof Map<?, ?> map && map.isEmpty());
    }

    /** The text of a token that may be an object; nothing where it is neither. */
    static @Nullable Object text(@Nullable Object token) {
        return token instanceof Map<?, ?> map ? map.get("content") : token;
    }
}
