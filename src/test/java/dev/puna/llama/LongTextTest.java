// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.support.LlamaTemplates;
import dev.puna.support.TestModels;
import dev.puna.tokenization.TextTokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Long texts become tokens piece by piece; the tokens are those that llama.cpp makes of the whole. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@ExtendWith(NoNativeLeaks.class)
@Timeout(120)
class LongTextTest {
    private static final int LONG = 5 * TextTokens.PIECE;

    private static LoadedModel smolLm2;
    private static LoadedModel gemma;

    @BeforeAll
    static void open() {
        smolLm2 = TestLlama.openVocabulary(TestModels.smolLm2());
        gemma = TestLlama.openVocabulary(TestModels.gemma());
    }

    @AfterAll
    static void close() {
        smolLm2.close();
        gemma.close();
    }

    static Stream<String> texts() {
        var random = new Random(5);
        return Stream.of(
                "The quick brown fox, 12 of them, jumps over\n\nthe lazy dog's back. ",
                "<|im_start|>user\nWhat's up?<|im_end|>\n<|im_start|>assistant\nNothing much.<|im_end|>\n",
                "<start_of_turn>user\n  a  b <b>bold</b>\n\n\n<end_of_turn>\n",
                "    if (array[0] == '{') {\r\n\t\treturn \"}\" + 1234567;\r\n    }\n",
                "天空为什么是蓝色的？因为光。",
                "Grüße, Füchse — ß ÄÖÜ €; \uD83D\uDE00\uD83C\uDFFD ",
                "<|im_end|>",
                "ab<|endoftext|>",
                random.ints(3_000, 'a', 'z' + 1)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString());
    }

    @ParameterizedTest
    @MethodSource("texts")
    void tokens_of_the_pieces_are_those_of_the_whole(String part) {
        var text = part.repeat(LONG / part.length() + 1);
        for (var model : new LoadedModel[] {smolLm2, gemma}) {
            assertThatPiecesAreAsTheWhole(model.vocabulary(), text);
        }
    }

    /** Vocabularies of all kinds, which llama.cpp brings for its own tests. */
    static List<Path> vocabularies() throws IOException {
        try (var files = Files.list(LlamaTemplates.folder().getParent())) {
            return files.filter(file -> file.getFileName().toString().matches("ggml-vocab-.*\\.gguf"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("vocabularies")
    void so_they_are_with_every_kind_of_vocabulary(Path file) {
        try (var model = TestLlama.openVocabulary(file)) {
            var vocabulary = model.vocabulary();
            texts().forEach(part -> {
                var text = part.repeat(LONG / 3 / part.length() + 1);
                if (part.matches("[!-~]+")) {
                    // A word without end may have no place to be cut.
                    assertThat(vocabulary.tokenize(text, true, true).length - vocabulary.split(text, true, true).length)
                            .isBetween(-2, 2);
                } else {
                    assertThatPiecesAreAsTheWhole(vocabulary, text);
                }
            });
        }
    }

    private static void assertThatPiecesAreAsTheWhole(Vocabulary vocabulary, String text) {
        var whole = vocabulary.split(text, true, true);
        var some = Math.min(700, whole.length);

        assertThat(vocabulary.tokenize(text, true, true)).containsExactly(whole);
        assertThat(vocabulary.tokens(text, true, () -> {}).first(some)).containsExactly(Arrays.copyOf(whole, some));
        assertThat(vocabulary.tokens(text, true, () -> {}).last(some))
                .containsExactly(Arrays.copyOfRange(whole, whole.length - some, whole.length));
    }

    @Test
    void a_word_without_end_is_cut_where_that_costs_a_token_at_most() {
        var vocabulary = smolLm2.vocabulary();
        var word = "a".repeat(LONG);

        assertThat(vocabulary.tokenize(word, true, true).length - vocabulary.split(word, true, true).length)
                .isBetween(0, LONG / TextTokens.PIECE * 2);
    }

    @Test
    void a_hundred_thousand_special_tokens_take_seconds_not_minutes() {
        var vocabulary = smolLm2.vocabulary();
        var text = "<|im_end|>\n".repeat(100_000);

        assertThat(vocabulary.tokenize(text, true, true)).hasSize(200_000);
    }

    @Test
    void only_the_pieces_that_are_asked_for_are_made() {
        var pieces = new int[1];
        var tokens = smolLm2.vocabulary().tokens("All is one. ".repeat(1_000_000), true, () -> pieces[0]++);

        assertThat(tokens.countUpTo(1000)).isGreaterThan(1000);
        assertThat(tokens.last(500)).hasSize(500);
        assertThat(tokens.first(500)).hasSize(500);
        assertThat(tokens.estimate()).isBetween(2_000_000L, 5_000_000L);
        assertThat(pieces[0]).isLessThanOrEqualTo(3);
    }
}
