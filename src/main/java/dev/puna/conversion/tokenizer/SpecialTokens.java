// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tokenizer;

import dev.puna.conversion.source.Config;
import dev.puna.conversion.source.Entries;
import dev.puna.conversion.source.Json;
import dev.puna.conversion.source.ModelFiles;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What stands beside the tokens: merges, the ids of special tokens, which of them go around each text, the chat template, what the
 * normaliser does. The rules by which llama.cpp's converter finds them are kept, the curious ones too. <b>Threads:</b> one.
 */
final class SpecialTokens {
    private static final String CONFIG = "tokenizer_config.json";
    private static final String PREFIX = "tokenizer.ggml.";
    /** Types of special tokens that GGUF has a key for. */
    private static final Map<String, String> ID_KEYS = Map.of(
            "bos",
            "bos",
            "eos",
            "eos",
            "unk",
            "unknown",
            "sep",
            "seperator",
            "pad",
            "padding",
            "mask",
            "mask",
            "eot",
            "eot",
            "eom",
            "eom");
    /** Types of special tokens that may go around each text. */
    private static final List<String> AROUND = List.of("bos", "eos", "sep");

    private final Optional<TokenizerJson> file;
    private final boolean withMerges;
    private final long size;
    private final List<String> types = new ArrayList<>(List.of("bos", "eos", "unk", "sep", "pad", "cls", "mask"));
    private final Map<String, Integer> ids = new LinkedHashMap<>();
    private final Map<String, Boolean> around = new LinkedHashMap<>();
    private final Map<String, @Nullable Object> config;
    private final Map<String, Boolean> normalizer = new LinkedHashMap<>();
    private @Nullable Object template;

    /**
     * Finds them.
     *
     * @param withMerges whether the model merges, so that {@code merges.txt} is read where nothing else has merges
     * @param size how many tokens there are; an id above is left out. Negative: not known
     */
    SpecialTokens(ModelFiles files, Optional<TokenizerJson> file, boolean withMerges, long size) {
        this.file = file;
        this.withMerges = withMerges;
        this.size = size;
        config = Json.object(files, CONFIG).map(LinkedHashMap::new).orElseGet(LinkedHashMap::new);
        file.ifPresent(json -> {
            json.part("normalizer").ifPresent(this::normalizer);
            postProcessor(json);
        });
        if (!config.isEmpty()) {
            template = config.containsKey("chat_template") ? config.get("chat_template") : ChatTemplates.read(files);
            configured();
        }
        Json.object(files, "config.json").ifPresent(this::modelConfig);
    }

    /** The id of a special token; one that is known already keeps it. */
    void set(String type, @Nullable Object id) {
        if (id instanceof Long number && number >= 0 && number <= Pieces.MAX_ID && (size < 0 || number < size)) {
            ids.putIfAbsent(type, number.intValue());
        }
    }

    /** Writes all of it in the converter's order. */
    void write(Entries entries, ModelFiles files) {
        if (withMerges) {
            var merges = Merges.of(file, files);
            if (merges.count() > 0) {
                entries.put(PREFIX + "merges", merges);
            }
        }
        ids.forEach((type, id) -> {
            if (ID_KEYS.containsKey(type)) {
                entries.uint32(PREFIX + ID_KEYS.get(type) + "_token_id", id);
            }
        });
        around.forEach((type, is) -> {
            if (AROUND.contains(type)) {
                entries.bool(PREFIX + "add_" + type + "_token", is);
            }
        });
        ChatTemplates.write(entries, template);
        for (var key : List.of("lowercase", "strip_accents")) {
            if (normalizer.containsKey(key)) {
                entries.bool(PREFIX + "normalizer." + key, normalizer.get(key));
            }
        }
    }

    private void normalizer(Config part) {
        switch (part.text("type").orElse("")) {
            case "Lowercase" -> normalizer.put("lowercase", true);
            case "StripAccents" -> normalizer.put("strip_accents", true);
            case "BertNormalizer" -> {
                for (var key : List.of("lowercase", "strip_accents")) {
                    if (part.has(key)) {
                        normalizer.remove(key);
                    }
                    if (part.set(key)) {
                        normalizer.put(key, part.bool(key, false));
                    }
                }
            }
            case "Sequence" -> {
                if (part.set("normalizers")) {
                    Normalization.parts(part, "normalizers").forEach(this::normalizer);
                }
            }
            default -> {}
        }
    }

    private void postProcessor(TokenizerJson json) {
        if (!truthy("bos_token") && truthy("cls_token")) {
            config.put("bos_token", config.get("cls_token"));
        }
        if (!truthy("eos_token") && truthy("sep_token")) {
            config.put("eos_token", config.get("sep_token"));
        }
        var template = new TemplateEnds(config, types, around);
        json.part("post_processor").ifPresent(part -> {
            for (var one : part.set("processors") ? Normalization.parts(part, "processors") : List.of(part)) {
                switch (one.text("type").orElse("")) {
                    case "RobertaProcessing" -> template.roberta(one);
                    case "TemplateProcessing" -> template.template(one);
                    default -> {}
                }
            }
        });
    }

    private boolean truthy(String key) {
        return new Config(CONFIG, config).truthy(key);
    }

    private void configured() {
        for (var type : types) {
            if (config.get("add_" + type + "_token") instanceof Boolean is) {
                around.put(type, is);
            }
            var text = TemplateEnds.text(config.get(type + "_token"));
            file.flatMap(json -> json.addedTokens().stream()
                            .filter(token -> token.content().equals(text))
                            .findFirst())
                    .ifPresent(token -> set(type, (long) token.id()));
        }
    }

    private void modelConfig(Map<String, @Nullable Object> model) {
        for (var type : types) {
            var key = type + "_token_id";
            var id = model.get(key);
            set(type, id == null && model.get("text_config") instanceof Map<?, ?> text ? text.get(key) : id);
        }
    }
}
