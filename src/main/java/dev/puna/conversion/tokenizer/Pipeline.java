// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tokenizer;

import dev.puna.conversion.source.Config;
import dev.puna.failure.Unsupported;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A tokeniser that encodes: added tokens, normaliser, words, model, and what is put around them. <b>Threads:</b> one. */
final class Pipeline {
    /** Python classes that put the first and the last token around a text themselves. */
    private static final Set<String> WITH_ENDS = Set.of("Llama", "CodeLlama", "Gemma", "Cohere", "GPTNeoX");

    private static final Set<String> BERT = Set.of("Bert", "DistilBert", "Electra", "MPNet", "MobileBert");

    private final LoadedTokenizer tokenizer;
    private final Function<String, List<AddedVocabulary.Part>> cutter;
    private final PreTokenization preTokenization;
    private final Subwords model;

    /** Makes the parts; what is not known among them is {@link Unsupported}. */
    Pipeline(LoadedTokenizer tokenizer) {
        this.tokenizer = tokenizer;
        var file = tokenizer.file();
        var normalization = file.part("normalizer")
                .map(this::asLoaded)
                .map(Normalization::of)
                .orElse(UnaryOperator.identity());
        cutter = tokenizer.added().cutter(normalization);
        preTokenization = file.part("pre_tokenizer")
                .map(this::withSpace)
                .map(PreTokenization::of)
                .orElse((text, _) -> List.of(text));
        model = switch (file.modelType()) {
            case "BPE" -> new BytePairs(file);
            case "WordPiece" -> new WordPiece(file);
            default -> throw new Unsupported("texts cut by the tokenizer model " + Quoted.of(file.modelType()));
        };
    }

    /** The ids of a text with the special tokens around it. */
    int[] encode(String text) {
        var ids = IntStream.builder();
        around(text, ids::add);
        return ids.build().toArray();
    }

    private void around(String text, IntConsumer ids) {
        if (WITH_ENDS.contains(tokenizer.pythonClass())) {
            end("add_bos_token", "bos_token", !tokenizer.pythonClass().equals("GPTNeoX"), ids);
            plain(text, ids);
            end("add_eos_token", "eos_token", false, ids);
            return;
        }
        Runnable inner = () -> plain(text, ids);
        var processor = tokenizer.file().part("post_processor");
        if (processor.isPresent()) {
            inner = processed(processor.get(), inner, ids);
        }
        inner.run();
    }

    private void end(String flag, String token, boolean otherwise, IntConsumer ids) {
        if (tokenizer.config().bool(flag, otherwise)) {
            tokenizer.specialText(token).flatMap(tokenizer.added()::id).ifPresent(ids::accept);
        }
    }

    private static Runnable processed(Config processor, Runnable inner, IntConsumer ids) {
        return switch (processor.text("type").orElse("")) {
            case "Sequence" -> {
                var result = inner;
                for (var one : Normalization.parts(processor, "processors")) {
                    result = processed(one, result, ids);
                }
                yield result;
            }
            case "BertProcessing", "RobertaProcessing" ->
                () -> {
                    ids.accept(id(processor, "cls"));
                    inner.run();
                    ids.accept(id(processor, "sep"));
                };
            case "TemplateProcessing" -> () -> template(processor, inner, ids);
            default -> inner;
        };
    }

    private static void template(Config processor, Runnable inner, IntConsumer ids) {
        for (var part : Normalization.parts(processor, "single")) {
            var special = part.section("SpecialToken").text("id");
            if (special.isEmpty()) {
                inner.run();
                continue;
            }
            for (var id :
                    processor.section("special_tokens").section(special.get()).wholes("ids")) {
                ids.accept(Math.toIntExact(id));
            }
        }
    }

    /** The id of a pair of text and id. */
    private static int id(Config processor, String key) {
        var pair = processor.list(key);
        if (pair.size() == 2 && pair.getLast() instanceof Long id && id >= 0 && id <= Pieces.MAX_ID) {
            return id.intValue();
        }
        throw processor.wrong("a list of a text and an id", key);
    }

    /** The ids of a text without special tokens around it. */
    private void plain(String text, IntConsumer ids) {
        var first = true;
        for (var part : cutter.apply(text)) {
            Optional<Integer> token = part.token();
            if (token.isPresent()) {
                ids.accept(token.get());
            } else if (!part.text().isEmpty()) {
                preTokenization.words(part.text(), first).forEach(word -> model.tokens(word, ids));
            }
            first = false;
        }
    }

    /** The class for BERT says itself what is made lower case. */
    private Config asLoaded(Config normalizer) {
        if (!BERT.contains(tokenizer.pythonClass())) {
            return normalizer;
        }
        var config = tokenizer.config();
        var changed = new HashMap<String, @Nullable Object>();
        if (normalizer.has("lowercase")) {
            changed.put("lowercase", config.bool("do_lower_case", true));
        }
        if (normalizer.has("strip_accents")) {
            changed.put("strip_accents", config.values().get("strip_accents"));
        }
        if (normalizer.has("handle_chinese_chars")) {
            changed.put("handle_chinese_chars", config.bool("tokenize_chinese_chars", true));
        }
        return normalizer.with(changed);
    }

    /** Whether a space goes before the first word is what the configuration says, unless it says nothing in the class for Llama. */
    private Config withSpace(Config settings) {
        return settings.has("add_prefix_space") && !tokenizer.pythonClass().endsWith("Llama")
                ? settings.with(Map.of("add_prefix_space", tokenizer.config().bool("add_prefix_space", false)))
                : settings;
    }
}
