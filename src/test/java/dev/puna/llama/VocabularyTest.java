// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.support.TestModels;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
@ExtendWith(NoNativeLeaks.class)
class VocabularyTest {
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Why is the sky blue?",
                "  spaces  before,   between and after  ",
                "line\nline\r\n\n\ttab",
                "Grüße, Füchse: ß ÄÖÜ €",
                "天空为什么是蓝色的？",
                "e\u0301 and \u00e9, \uD83D\uDE00\uD83C\uDFFD \uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67",
                "<|im_start|>not a command<|im_end|>",
                "1234567890 3.14e-10 0xFF",
                "if (a[0] == '{') { return \"}\"; }",
                "a\u0000b",
                "",
            })
    void text_survives_tokens_byte_for_byte(String text) {
        for (var model : new LoadedModel[] {smolLm2, gemma}) {
            var vocabulary = model.vocabulary();

            var tokens = vocabulary.tokenize(text, false, false);

            assertThat(new String(vocabulary.bytes(tokens), UTF_8)).isEqualTo(text);
        }
    }

    @Test
    void a_character_may_be_spread_over_tokens() {
        var vocabulary = smolLm2.vocabulary();

        var tokens = vocabulary.tokenize("\uD83E\uDDA7", false, false);

        assertThat(tokens.length).isGreaterThan(1);
        assertThat(vocabulary.piece(tokens[0])).hasSizeLessThan(4);
        assertThat(new String(vocabulary.bytes(tokens), UTF_8)).isEqualTo("\uD83E\uDDA7");
    }

    @Test
    void names_of_control_tokens_are_tokens_only_when_asked_for() {
        var vocabulary = smolLm2.vocabulary();

        assertThat(vocabulary.tokenize("<|im_end|>", false, true)).hasSize(1);
        assertThat(vocabulary.tokenize("<|im_end|>", false, false)).hasSizeGreaterThan(1);
    }

    @Test
    void special_tokens_are_added_where_the_model_wants_them() {
        var vocabulary = gemma.vocabulary();

        assertThat(vocabulary.addsBos()).isTrue();
        assertThat(vocabulary.addsEos()).isFalse();
        assertThat(vocabulary.tokenize("a", true, false)[0])
                .isEqualTo(vocabulary.bos().orElseThrow());
        assertThat(vocabulary.tokenize("a", false, false)[0])
                .isNotEqualTo(vocabulary.bos().orElseThrow());
        assertThat(smolLm2.vocabulary().addsBos()).isFalse();
    }

    @Test
    void the_vocabularies_have_their_known_sizes() {
        assertThat(smolLm2.vocabulary().size()).isEqualTo(49_152);
        assertThat(gemma.vocabulary().size()).isEqualTo(262_144);
    }

    @Test
    void a_token_outside_the_vocabulary_is_refused() {
        var vocabulary = smolLm2.vocabulary();

        assertThatThrownBy(() -> vocabulary.bytes(1, -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("token -1 is not one of 49152");
        assertThatThrownBy(() -> vocabulary.piece(49_152)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> vocabulary.piece(Integer.MAX_VALUE)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_long_text_without_spaces_fits_the_stack() {
        var text = "a1!é".repeat(50_000);

        var tokens = smolLm2.vocabulary().tokenize(text, true, true);

        assertThat(new String(smolLm2.vocabulary().bytes(tokens), UTF_8)).isEqualTo(text);
    }

    @Test
    void no_tokens_are_no_bytes() {
        assertThat(smolLm2.vocabulary().bytes()).isEmpty();
        assertThat(smolLm2.vocabulary().tokenize("", false, true)).isEmpty();
    }
}
