// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.engine.GenerationEvent.Finished;
import dev.puna.engine.Prompt;
import dev.puna.failure.ContextExceeded;
import dev.puna.failure.InvalidRequest;
import dev.puna.inference.parallel.ChoiceEvent;
import dev.puna.inference.parallel.ParallelAnswers;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Several answers to one prompt, and prompts that are tokens already. */
@Tag("engine")
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SeveralAnswersTest {

    @RegisterExtension
    static final LoadedEngine MODEL = new LoadedEngine(512, 4);

    @Test
    void a_prompt_is_read_once_for_all_its_answers() {
        var question = EngineTests.raw(EngineTests.STORY.substring(0, 900)).tokens(4);

        var ends = new ParallelAnswers(1, 4)
                .from(
                        (_, answer, prepared) ->
                                MODEL.engine().generate(question.request().forAnswer(answer), prepared),
                        _ -> {})
                .filter(event -> event.event() instanceof Finished)
                .collect()
                .asList()
                .await()
                .atMost(Duration.ofSeconds(60));

        assertThat(ends).extracting(ChoiceEvent::index).containsExactlyInAnyOrder(0, 1, 2, 3);
        var usage = ends.stream().map(end -> ((Finished) end.event()).usage()).toList();
        assertThat(usage.getFirst().promptTokens()).isGreaterThan(150);
        assertThat(usage.subList(1, 4))
                .allSatisfy(one -> assertThat(one.cachedTokens()).isEqualTo(one.promptTokens() - 1));
    }

    @Test
    void tokens_go_before_the_model_as_they_are() {
        var text = "1, 2, 3, 4, 5,";
        var tokens = MODEL.engine().tokenize(text);

        var asText = MODEL.ask(EngineTests.raw(text).tokens(8));
        var asTokens = MODEL.ask(new EngineTests.Question(new Prompt.Tokens(tokens)).tokens(8));

        assertThat(asTokens.text()).isEqualTo(asText.text());
        assertThat(asTokens.finished().usage().promptTokens()).isEqualTo(tokens.size());
    }

    @Test
    void tokens_of_no_vocabulary_are_refused() {
        for (var token : List.of(-1, 999_999_999)) {
            assertThatThrownBy(() -> MODEL.ask(new EngineTests.Question(new Prompt.Tokens(List.of(5, token)))))
                    .isInstanceOf(InvalidRequest.class)
                    .hasMessage("prompt holds " + token + ", which is no token of this model");
        }
    }

    @Test
    void too_many_tokens_are_cut_or_refused_like_a_text() {
        var many = IntStream.range(0, 3_000).mapToObj(i -> 300 + i % 50).toList();

        assertThat(MODEL.ask(new EngineTests.Question(new Prompt.Tokens(many)).tokens(2))
                        .finished()
                        .truncated())
                .isTrue();
        assertThatThrownBy(() -> MODEL.ask(new EngineTests.Question(new Prompt.Tokens(many)).truncate(false)))
                .isInstanceOf(ContextExceeded.class);
    }
}
