// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tokenizer;

import dev.puna.conversion.source.Config;
import dev.puna.conversion.source.Json;
import dev.puna.conversion.source.ModelFiles;
import dev.puna.failure.InvalidRequest;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A tokeniser as the library transformers loads it: {@code tokenizer.json}, changed by what {@code tokenizer_config.json} says and by
 * what its Python class does. <b>Threads:</b> one.
 */
final class LoadedTokenizer {
    private static final String CONFIG = "tokenizer_config.json";
    private static final String ADDED = "added_tokens_decoder";
    private static final List<String> SPECIAL =
            List.of("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token");
    private static final String MORE = "additional_special_tokens";
    /** Which Python class reads the tokenisers of models that do not say it. */
    private static final Map<String, String> CLASSES = Map.of(
            "llama",
            "Llama",
            "mistral",
            "Llama",
            "mixtral",
            "Llama",
            "gemma",
            "Gemma",
            "gemma2",
            "Gemma",
            "gemma3_text",
            "Gemma",
            "bert",
            "Bert",
            "cohere",
            "Cohere",
            "roberta",
            "Roberta",
            "gpt_neox",
            "GPTNeoX");
    /** Special tokens of Python classes where files name none, in the order of {@link #SPECIAL}. */
    private static final Map<String, List<String>> DEFAULTS = Map.of(
            "Llama", List.of("<s>", "</s>", "<unk>"),
            "CodeLlama", List.of("<s>", "</s>", "<unk>"),
            "Gemma", List.of("<bos>", "<eos>", "<unk>", "", "<pad>"),
            "GPT2", List.of("<|endoftext|>", "<|endoftext|>", "<|endoftext|>"),
            "GPTNeoX", List.of("<|endoftext|>", "<|endoftext|>", "<|endoftext|>"),
            "Qwen2", List.of("", "<|endoftext|>", "", "", "<|endoftext|>"),
            "Bert", List.of("", "", "[UNK]", "[SEP]", "[PAD]", "[CLS]", "[MASK]"),
            "Roberta", List.of("<s>", "</s>", "<unk>", "</s>", "<pad>", "<s>", "<mask>"),
            "XLMRoberta", List.of("<s>", "</s>", "<unk>", "</s>", "<pad>", "<s>", "<mask>"));

    private final TokenizerJson file;
    private final Config config;
    private final String pythonClass;
    private final AddedVocabulary added;
    private final Set<String> specialTexts = new LinkedHashSet<>();

    LoadedTokenizer(ModelFiles files) {
        file = TokenizerReader.read(files.path(TokenizerJson.FILE)
                .orElseThrow(() -> new InvalidRequest("the model lacks the file " + TokenizerJson.FILE)));
        var config = new Config(CONFIG, Json.object(files, CONFIG).orElse(Map.of()));
        if (!config.has(ADDED)) {
            var map = Json.object(files, "special_tokens_map.json").orElse(Map.of());
            config = config.with(map);
        }
        this.config = config;
        pythonClass = pythonClass(files);
        added = new AddedVocabulary(file.pieces());
        file.addedTokens().forEach(added::add);
        var named = new TreeMap<Integer, AddedToken>();
        var decoder = config.section(ADDED);
        decoder.values().keySet().forEach(id -> named.put(number(id), AddedToken.of(decoder.section(id), number(id))));
        var objects = new TreeMap<String, AddedToken>();
        for (var at = 0; at < SPECIAL.size(); at++) {
            special(SPECIAL.get(at), at, objects);
        }
        if (config.set(MORE)) {
            config.list(MORE).forEach(token -> special(token, objects));
        }
        named.values().forEach(token -> {
            added.add(specialTexts.contains(token.content()) ? token.asSpecial() : token);
            objects.remove(token.content());
        });
        for (var text : specialTexts) {
            if (objects.containsKey(text)) {
                added.add(objects.get(text).asSpecial());
            } else if (!added.has(text)) {
                added.add(AddedToken.special(text));
            }
        }
    }

    TokenizerJson file() {
        return file;
    }

    /** What {@code tokenizer_config.json} says, with the special tokens of other files. */
    Config config() {
        return config;
    }

    /** The Python class without "TokenizerFast"; empty for the one that adds nothing. */
    String pythonClass() {
        return pythonClass;
    }

    AddedVocabulary added() {
        return added;
    }

    /** The texts of the special tokens that are named as such. */
    Set<String> specialTexts() {
        return specialTexts;
    }

    /** The ids of the special tokens that are named as such. */
    Set<Integer> specialIds() {
        return specialTexts.stream().flatMap(text -> added.id(text).stream()).collect(Collectors.toSet());
    }

    /** The text of a special token, {@code bos_token} for one. */
    Optional<String> specialText(String name) {
        return switch (config.values().get(name)) {
            case String text -> Optional.of(text);
            case Map<?, ?> _ -> config.section(name).text("content");
            case null, default -> config.has(name) ? Optional.empty() : defaultText(SPECIAL.indexOf(name));
        };
    }

    /** How many different tokens there are. */
    int size() {
        return file.pieces().size()
                + (int) added.byId().values().stream()
                        .filter(token -> file.pieces().id(token.content()) < 0)
                        .count();
    }

    /** One more than the largest id. */
    int end() {
        return added.byId().keySet().stream()
                .mapToInt(id -> id + 1)
                .reduce(file.pieces().end(), Math::max);
    }

    /** The text of a token, added or not. */
    Optional<String> text(int id) {
        var token = added.token(id);
        if (token.isPresent()) {
            return token.map(AddedToken::content);
        }
        return file.pieces().has(id) ? Optional.of(file.pieces().text(id)) : Optional.empty();
    }

    /** What an added token becomes when it is encoded and decoded. */
    UnaryOperator<String> roundTrip() {
        var decoding = file.part("decoder").map(Decoding::of).orElse(UnaryOperator.identity());
        return config.bool("clean_up_tokenization_spaces", false)
                ? token -> Decoding.cleaned(decoding.apply(token))
                : decoding;
    }

    private void special(String name, int at, Map<String, AddedToken> objects) {
        special(config.has(name) ? config.values().get(name) : defaultText(at).orElse(null), objects);
    }

    private void special(@Nullable Object token, Map<String, AddedToken> objects) {
        switch (token) {
            case String text -> specialTexts.add(text);
            case Map<?, ?> map -> {
                var fields = new Config(CONFIG, Map.of("token", map)).section("token");
                var object = AddedToken.of(fields, -1);
                specialTexts.add(object.content());
                objects.put(object.content(), object);
            }
            case null, default -> {}
        }
        specialTexts.remove("");
    }

    private Optional<String> defaultText(int at) {
        var defaults = DEFAULTS.getOrDefault(pythonClass, List.of());
        return at < 0 || at >= defaults.size() || defaults.get(at).isEmpty()
                ? Optional.empty()
                : Optional.of(defaults.get(at));
    }

    private String pythonClass(ModelFiles files) {
        var model = new Config("config.json", Json.object(files, "config.json").orElse(Map.of()));
        var name = config.text("tokenizer_class")
                .or(() -> model.text("tokenizer_class"))
                .or(() -> model.text("model_type").map(type -> CLASSES.getOrDefault(type, "")))
                .orElse("");
        name = name.endsWith("Fast") ? name.substring(0, name.length() - "Fast".length()) : name;
        name = name.endsWith("Tokenizer") ? name.substring(0, name.length() - "Tokenizer".length()) : name;
        return name.equals("PreTrained") ? "" : name;
    }

    private static int number(String id) {
        try {
            var number = Integer.parseInt(id);
            if (number >= 0 && number <= Pieces.MAX_ID) {
                return number;
            }
        } catch (NumberFormatException _) {
            // told below
        }
        throw new InvalidRequest(CONFIG + ": '" + ADDED + "' has the id " + Quoted.of(id) + ", which is no id");
    }
}
