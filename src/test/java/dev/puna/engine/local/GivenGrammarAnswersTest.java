// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.engine.OutputFormat;
import dev.puna.failure.InvalidRequest;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers in the form of a grammar or of a regular expression that a client gives. */
@Tag("engine")
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GivenGrammarAnswersTest {

    @RegisterExtension
    static final LoadedEngine MODEL = new LoadedEngine(512, 2);

    @Test
    void an_answer_follows_the_grammar() {
        var grammar = new OutputFormat.Gbnf("root ::= (\"red\" | \"blue\") \"!\"");

        assertThat(MODEL.ask(EngineTests.chat("A colour?").format(grammar)).text())
                .matches("(red|blue)!");
    }

    @Test
    void an_answer_matches_the_expression() {
        var expression = "^[A-Z]{3}-\\d{2,4} \"(yes|no)\"\\n$";

        assertThat(MODEL.ask(EngineTests.chat("Anything?").format(new OutputFormat.Matching(expression)))
                        .text())
                .matches(expression);
    }

    static Stream<String> badGrammars() {
        return Stream.of(
                "",
                "nonsense",
                "root ::= missing",
                "other ::= \"a\"",
                "root ::= root \"a\"",
                "root ::= \"a\"{3000}",
                "root ::= [a",
                "root ::= " + "(".repeat(100_000),
                "root ::= \"\u0000\"",
                "x".repeat(300_000));
    }

    @ParameterizedTest
    @MethodSource("badGrammars")
    void what_is_no_grammar_is_refused_before_the_model_runs(String grammar) {
        assertThatThrownBy(() -> MODEL.ask(EngineTests.chat("A?").format(new OutputFormat.Gbnf(grammar))))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageStartingWith("the grammar cannot be used: ")
                .extracting(refused -> ((InvalidRequest) refused).field())
                .isEqualTo("grammar");
    }
}
