// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tokenizer;

import dev.puna.conversion.source.Config;
import dev.puna.failure.Unsupported;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The pre-tokenisers of {@code tokenizer.json}: what cuts a text into words. Immutable; any thread. */
interface PreTokenization {
    /** What words are where nothing else is said, as GPT-2 began it. */
    String GPT2 = "'(?:[sdmt]|ll|ve|re)| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

    /**
     * The words of a text, none of them empty.
     *
     * @param first whether nothing is before it
     */
    List<String> words(String text, boolean first);

    /** What a pre-tokeniser does. */
    static PreTokenization of(Config settings) {
        var type = settings.text("type").orElse("");
        return switch (type) {
            case "Sequence" ->
                inOrder(Normalization.parts(settings, "pretokenizers").stream()
                        .map(PreTokenization::of)
                        .toList());
            case "ByteLevel" -> {
                var space = settings.bool("add_prefix_space", true);
                var pattern = settings.bool("use_regex", true) ? Patterns.compile(GPT2) : null;
                yield (text, _) -> {
                    var spaced = space && !text.startsWith(" ") ? " " + text : text;
                    var words = pattern == null
                            ? List.of(spaced)
                            : Cut.at(spaced, pattern).pieces("Isolated");
                    return words.stream().map(ByteLetters::encode).toList();
                };
            }
            case "Split" -> {
                var pattern = Patterns.of(settings);
                var behavior = settings.text("behavior").orElse("");
                var inverted = settings.bool("invert", false);
                yield (text, _) ->
                        Patterns.cut(text, settings, pattern).inverted(inverted).pieces(behavior);
            }
            case "Digits" -> {
                var behavior = settings.bool("individual_digits", false) ? "Isolated" : "Contiguous";
                yield (text, _) -> Cut.at(text, Characters::isNumber).pieces(behavior);
            }
            case "Punctuation" -> {
                var behavior = settings.text("behavior").orElse("Isolated");
                yield (text, _) -> Cut.at(text, Characters::isPunctuation).pieces(behavior);
            }
            case "Metaspace" -> metaspace(settings);
            case "Whitespace" -> {
                var words = Pattern.compile("\\w+|[^\\w\\s]+", Pattern.UNICODE_CHARACTER_CLASS);
                yield (text, _) -> Cut.at(text, words).inverted(true).pieces("Removed");
            }
            case "WhitespaceSplit" ->
                (text, _) -> Cut.at(text, Characters::isSpace).pieces("Removed");
            case "CharDelimiterSplit" -> {
                var delimiter = settings.text("delimiter").orElse(" ");
                yield (text, _) -> Cut.at(text, delimiter).pieces("Removed");
            }
            case "BertPreTokenizer" ->
                inOrder(List.of(
                        (text, _) -> Cut.at(text, Characters::isSpace).pieces("Removed"),
                        (text, _) -> Cut.at(text, Characters::isPunctuation).pieces("Isolated")));
            default -> throw new Unsupported("a tokenizer with the pre-tokenizer " + Quoted.of(type));
        };
    }

    private static PreTokenization metaspace(Config settings) {
        var mark = settings.text("replacement").orElse("▁");
        var scheme =
                settings.text("prepend_scheme").orElse(settings.bool("add_prefix_space", true) ? "always" : "never");
        var split = settings.bool("split", true);
        return (text, first) -> {
            var marked = text.replace(" ", mark);
            if ((scheme.equals("always") || (scheme.equals("first") && first)) && !marked.startsWith(mark)) {
                marked = mark + marked;
            }
            return split ? Cut.at(marked, mark).pieces("MergedWithNext") : List.of(marked);
        };
    }

    private static PreTokenization inOrder(List<PreTokenization> all) {
        return (text, first) -> {
            var words = List.of(text);
            for (var one : all) {
                var next = new ArrayList<String>();
                for (var at = 0; at < words.size(); at++) {
                    next.addAll(one.words(words.get(at), first && at == 0));
                }
                words = next;
            }
            return words;
        };
    }
}
