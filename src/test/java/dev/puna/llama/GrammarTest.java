// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.puna.failure.InvalidRequest;
import dev.puna.failure.NativeFailure;
import dev.puna.llama.settings.Grammar;
import dev.puna.llama.settings.SamplerSettings;
import dev.puna.support.TestModels;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a model writes under a grammar, and which grammars are refused. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@ExtendWith(NoNativeLeaks.class)
@Timeout(120)
class GrammarTest {
    private static final String QUESTION = "<|im_start|>user\nName a colour.<|im_end|>\n<|im_start|>assistant\n";

    private static LoadedModel model;
    private static Context context;

    @BeforeAll
    static void open() {
        model = TestLlama.open(TestModels.smolLm2());
        context = TestLlama.context(model, 256, 2, 128);
    }

    @AfterAll
    static void close() {
        context.close();
        model.close();
    }

    @Test
    void a_grammar_leaves_only_what_it_allows() {
        var grammar = Grammar.of("root ::= (\"red\" | \"green\") \"!\"");

        assertThat(generate(TestLlama.greedy(grammar), QUESTION, 20)).isIn("red!", "green!");
        for (int seed = 0; seed < 3; seed++) {
            var settings = TestLlama.options(OptionalLong.of(seed), 1.5f, 0, Optional.of(grammar));
            assertThat(generate(settings, QUESTION, 20)).isIn("red!", "green!");
        }
    }

    @Test
    void a_schema_becomes_json_that_fits_it() throws Exception {
        var schema = """
                {"type": "object",
                 "properties": {"name": {"enum": ["red", "green"]}, "warm": {"type": "boolean"}},
                 "required": ["name", "warm"], "additionalProperties": false}
                """;

        var text = generate(TestLlama.greedy(Grammar.of(JsonSchemas.toGrammar(schema))), QUESTION, 60);

        var json = new ObjectMapper().readTree(text);
        assertThat(json.path("name").asText()).isIn("red", "green");
        assertThat(json.path("warm").isBoolean()).isTrue();
        assertThat(json.size()).isEqualTo(2);
    }

    @Test
    void a_grammar_that_does_not_parse_is_refused_with_the_parsers_words() {
        assertThatThrownBy(() -> model.sampler(TestLlama.greedy(Grammar.of("root ::= root \"a\""))))
                .isInstanceOf(NativeFailure.class)
                .hasMessageContaining("left recursion");
        assertThatThrownBy(() -> model.sampler(TestLlama.greedy(Grammar.of("nonsense"))))
                .isInstanceOf(NativeFailure.class)
                .message()
                .contains("failed to parse grammar")
                .doesNotContain("left recursion");
    }

    @Test
    void a_grammar_that_repeats_too_much_is_refused_with_what_to_do() {
        var grammar = "root ::= " + "\"a\"{0,2000} | ".repeat(1_000) + "\"b\"";

        assertThatThrownBy(() -> model.sampler(TestLlama.greedy(Grammar.of(grammar))))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageStartingWith("the format cannot be followed: ")
                .hasMessageEndingWith("smaller bounds of what is repeated, as \"maxItems\" and \"maxLength\"");
    }

    private static String generate(SamplerSettings settings, String prompt, int most) {
        return TestLlama.generate(model, context, settings, prompt, most);
    }
}
