// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.engine.GenerationEvent;
import dev.puna.engine.TokenLogprob;
import dev.puna.engine.local.EngineTests.Question;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The numbers of a request with a seed, to the last bit, whatever the cache holds and whoever else asks. */
@Tag("engine")
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SeededAnswersTest {

    @RegisterExtension
    static final LoadedEngine MODEL = new LoadedEngine(1024, 8);

    @Test
    void its_numbers_are_the_same_after_others_have_left_their_cells() {
        var first = numbers(question());
        assertThat(first).isNotEmpty();

        for (var round = 0; round < 4; round++) {
            var all = new ArrayList<>(others(round, 6));
            all.add(3, question());
            all.addAll(others(round + 10, 4));
            together(all);

            assertThat(numbers(question())).as("after round %s", round).isEqualTo(first);
            assertThat(numbers(question())).as("once more").isEqualTo(first);
        }
    }

    /** Of others that begin after it while there are free slots: what the cache holds for earlier ones changes it. */
    @Test
    void its_numbers_are_the_same_beside_others() {
        var first = numbers(longQuestion());
        var all = new ArrayList<>(List.of(longQuestion(), longQuestion(), longQuestion()));
        all.addAll(others(9, 4));

        assertThat(numbersBefore(all)).isEqualTo(first);
        assertThat(numbersBefore(all)).as("once more").isEqualTo(first);
    }

    private static Question longQuestion() {
        return question().tokens(60);
    }

    private static Question question() {
        return EngineTests.chat("Explain why rivers bend, in two sentences.")
                .seed(7)
                .tokens(16)
                .logprobs(0);
    }

    /** Others of many lengths, some with a seed. */
    private static List<Question> others(int round, int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> {
                    var text = "Write about topic " + (round * count + number) + " " + "word ".repeat(12 * number);
                    var question =
                            EngineTests.chat(text).tokens(5 + 13 * number).logprobs(0);
                    return number % 2 == 0 ? question : question.seed(number);
                })
                .toList();
    }

    private static List<Double> numbers(Question question) {
        return together(List.of(question)).getFirst();
    }

    /** What the long question gets while it is asked, and others as soon as its answer has begun. */
    private static List<Double> numbersBefore(List<Question> others) {
        var begun = new CompletableFuture<Void>();
        var answer = ask(longQuestion(), begun);
        begun.orTimeout(90, TimeUnit.SECONDS).join();
        together(others);
        return numbers(answer.orTimeout(90, TimeUnit.SECONDS).join());
    }

    /** What each of the questions, asked in their order without waiting, got as log probabilities of its tokens. */
    private static List<List<Double>> together(List<Question> questions) {
        var answers = questions.stream()
                .map(question -> ask(question, new CompletableFuture<>()))
                .toList();
        return answers.stream()
                .map(answer -> answer.orTimeout(90, TimeUnit.SECONDS).join())
                .map(SeededAnswersTest::numbers)
                .toList();
    }

    private static CompletableFuture<List<GenerationEvent>> ask(Question question, CompletableFuture<Void> begun) {
        return MODEL.engine()
                .generate(question.request())
                .onItem()
                .invoke(event -> {
                    if (event instanceof GenerationEvent.Text) {
                        begun.complete(null);
                    }
                })
                .collect()
                .asList()
                .subscribeAsCompletionStage();
    }

    private static List<Double> numbers(List<GenerationEvent> events) {
        return events.stream()
                .filter(GenerationEvent.Text.class::isInstance)
                .map(GenerationEvent.Text.class::cast)
                .flatMap(text -> text.logprobs().stream())
                .map(TokenLogprob::logprob)
                .toList();
    }
}
