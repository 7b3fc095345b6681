// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tokenizer;

import static java.util.Objects.requireNonNull;

import dev.puna.conversion.source.Config;
import dev.puna.failure.Unsupported;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Which of llama.cpp's pre-tokenisers cuts texts as a tokeniser does. They are told apart by behaviour, as its converter does it: a
 * text with many kinds of characters becomes tokens, and the SHA-256 of their ids is known. A vocabulary that nobody has seen has
 * another one; then the steps by which {@code tokenizer.json} cuts words say it.
 */
final class PreTokenizers {
    /** What llama.cpp takes for one that it does not know. */
    static final String OTHER = "default";

    private static final int DIGITS = 16;
    /** The text of which llama.cpp's table of digests is made; each character counts. */
    static final String CHECKED =
            "\n \n\n \n\n\n \t \t\t \t\n  \n   \n    \n     \n🚀 (normal) 😶\u200d🌫️ (multiple emojis concatenated) "
                    + "✅ 🦙🦙 3 33 333 3333 33333 333333 3333333 33333333 3.3 3..3 3...3 កាន់តែពិសេសអាច😁 ?我想在apple工作1314151天～ "
                    + "------======= нещо на Български ''''''```````\"\"\"\"......!!!!!!?????? I've been 'told he's there, 'RE you sure? "
                    + "'M not sure I'll make it, 'D you like some tea? We'Ve a'lL";

    private PreTokenizers() {}

    /** The name of the pre-tokeniser; warnings say where it is a guess. */
    static String of(LoadedTokenizer tokenizer, Consumer<String> warnings) {
        String why;
        try {
            var known = byDigest(digest(new Pipeline(tokenizer).encode(CHECKED)));
            if (known.isPresent()) {
                return known.get();
            }
            why = "llama.cpp knows no tokenizer that cuts texts exactly like this one";
        } catch (Unsupported unknown) {
            why = "not known here is " + unknown.getMessage();
        }
        var steps = steps(tokenizer.file());
        var likely = bySteps(steps);
        warnings.accept(why + "; its texts will be cut by the pre-tokenizer '" + likely.orElse(OTHER)
                + (likely.isPresent() ? "', which its tokenizer.json asks for" : "', which may make answers worse"));
        return likely.orElse(OTHER);
    }

    /** The SHA-256 of ids written as Python writes a list. */
    static String digest(int[] ids) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(Arrays.toString(ids).getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Java has no SHA-256", e);
        }
    }

    private static Optional<String> byDigest(String digest) {
        return lines("pre-tokenizers.txt")
                .filter(line -> line.contains(" " + digest.substring(0, DIGITS)))
                .map(line -> line.substring(0, line.indexOf(' ')))
                .findFirst();
    }

    private static Optional<String> bySteps(String steps) {
        return lines("word-patterns.txt")
                .filter(line -> line.endsWith(steps) && line.indexOf('\t') == line.length() - steps.length())
                .map(line -> line.substring(0, line.indexOf('\t')))
                .findFirst();
    }

    private static Stream<String> lines(String resource) {
        try (var in = requireNonNull(
                PreTokenizers.class.getResourceAsStream("/conversion/" + resource), "no table of pre-tokenizers")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().filter(line -> !line.startsWith("#"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The steps of the pre-tokeniser, each behind a tab, as the table has them. */
    private static String steps(TokenizerJson file) {
        var steps = new StringBuilder();
        file.part("pre_tokenizer").ifPresent(part -> steps(part, steps));
        if (file.partType("post_processor").equals("RobertaProcessing")) {
            // llama.cpp puts tokens around texts by the name of the pre-tokeniser
            steps.append("\tends");
        }
        return steps.isEmpty() ? "\tnothing" : steps.toString();
    }

    private static void steps(Config part, StringBuilder steps) {
        var type = part.text("type").orElse("");
        var step =
                switch (type) {
                    case "Sequence" -> {
                        for (var one : Normalization.parts(part, "pretokenizers")) {
                            steps(one, steps);
                        }
                        yield "";
                    }
                    case "Split" -> {
                        var pattern = part.section("pattern");
                        yield pattern.text("Regex")
                                .orElseGet(() -> '"' + pattern.text("String").orElse("") + '"')
                                .replace("\r", "\\r")
                                .replace("\n", "\\n")
                                .replace("\t", "\\t");
                    }
                    case "Digits" -> part.bool("individual_digits", false) ? "digits" : "numbers";
                    case "Punctuation" -> "punctuation " + part.text("behavior").orElse("Isolated");
                    case "ByteLevel" -> part.bool("use_regex", true) ? "gpt2" : "";
                    case "Whitespace" -> "whitespace";
                    default -> type;
                };
        if (!step.isEmpty()) {
            steps.append('\t').append(step);
        }
    }
}
