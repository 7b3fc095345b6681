// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.engine.Engine;
import dev.puna.engine.FinishReason;
import dev.puna.engine.GenerationEvent;
import dev.puna.engine.OutputFormat;
import dev.puna.engine.local.EngineTests.Answer;
import dev.puna.engine.local.EngineTests.Question;
import dev.puna.support.TinyGguf;
import io.smallrye.mutiny.Uni;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Answers whose forced text is fed as a run, beside those that are sampled token by token, as it is where a bias speaks of every token.
 * The model has one way only to write each text, so all must be the same.
 */
@Tag("engine")
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ForcedTextTest {
    private static final int SCHEMAS = Integer.getInteger("puna.forced.schemas", 150);
    private static final int LENGTH = 1024;

    /** Tokens of single bytes that are there a second time, as letters or a blank. */
    private static final Map<Integer, Float> NO_SECOND_WAY = secondWays();

    /** Biases of all tokens, so that none comes unsampled. */
    private static final Map<Integer, Float> SAMPLED = sampled();

    private static final String LONG = "this_is_the_longest_name_of_a_property_that_anybody_has_ever_seen";
    private static final String SCHEMA = """
            {"type":"object","properties":{"%s":{"type":"boolean"},"kind":{"const":"%s"}},
             "required":["%1$s","kind"],"additionalProperties":false}""".formatted(LONG, "of stone ".repeat(40));

    @TempDir
    Path folder;

    private Engine engine;

    @BeforeEach
    void load() {
        engine = load(LENGTH);
    }

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void hundreds_of_schemas_are_answered_the_same() {
        var schemas = new LongNamedSchemas(16);
        var stopped = 0;
        var others = new ArrayList<String>();
        for (var i = 0; i < SCHEMAS; i++) {
            var schema = schemas.next();
            var with = ask(question(schema, 300));
            var without = ask(question(schema, 300).biases(SAMPLED));

            if (with.text().equals(without.text())) {
                same(with, without, schema);
            } else {
                others.add(schema + "\n" + with.text() + "\n" + without.text());
            }
            stopped += with.finished().reason() == FinishReason.STOP ? 1 : 0;
        }
        assertThat(stopped).isGreaterThan(SCHEMAS / 2);
        // Several tokens in a step round otherwise than one, and two tokens may be as likely to the last digits.
        assertThat(others).hasSizeLessThanOrEqualTo(Math.max(2, SCHEMAS / 100));
    }

    @Test
    void an_answer_may_have_its_last_token_anywhere_in_a_run() {
        for (var most = 1; most < 90; most++) {
            var with = ask(question(SCHEMA, most));

            same(with, ask(question(SCHEMA, most).biases(SAMPLED)), most + " tokens");
            assertThat(with.finished().usage().generatedTokens()).isEqualTo(most);
            assertThat(with.finished().reason()).isEqualTo(FinishReason.LENGTH);
        }
    }

    @Test
    void a_stop_string_ends_an_answer_inside_a_run() {
        for (var stop : new String[] {"_longest", "name_of", "seen\"", "e_", "stone of stone of", "h"}) {
            var with = ask(question(SCHEMA, 900).stop(stop));

            same(with, ask(question(SCHEMA, 900).stop(stop).biases(SAMPLED)), stop);
            assertThat(with.text()).doesNotContain(stop);
            assertThat(with.finished().stop()).isEqualTo(stop);
        }
    }

    @Test
    void text_that_is_longer_than_the_context_is_written_as_without() {
        var constant = "{\"const\":\"%s\"}".formatted("all of it is certain, ".repeat(12));
        try (var small = load(64)) {
            for (var shift : new boolean[] {true, false}) {
                var with = EngineTests.ask(
                        small, question(constant, 600).shift(shift).request());
                var without = EngineTests.ask(
                        small,
                        question(constant, 600).shift(shift).biases(SAMPLED).request());

                same(with, without, "shift " + shift);
                assertThat(with.finished().reason()).isEqualTo(shift ? FinishReason.STOP : FinishReason.LENGTH);
            }
        }
    }

    @Test
    void steps_of_few_tokens_take_no_more_than_fit() {
        for (var batch = 3; batch < 8; batch++) {
            var file = TinyGguf.llama(3).writeTo(folder.resolve("few.gguf"));
            try (var narrow = EngineTests.load(file, LENGTH, 3, batch)) {
                var answers = IntStream.range(0, 3)
                        .mapToObj(i -> CompletableFuture.supplyAsync(() ->
                                EngineTests.ask(narrow, question(SCHEMA, 120).request())))
                        .toList();
                var without = EngineTests.ask(
                        narrow, question(SCHEMA, 120).biases(SAMPLED).request());

                assertThat(answers)
                        .allSatisfy(answer ->
                                same(answer.orTimeout(60, TimeUnit.SECONDS).join(), without, "several"));
            }
        }
    }

    @Test
    void a_client_that_leaves_inside_a_run_frees_the_model() throws Exception {
        for (var events = 1; events < 20; events += 3) {
            var last = events;
            var left = new CompletableFuture<Void>();
            engine.generate(question(SCHEMA, 900).request())
                    .select()
                    .first(last)
                    .subscribe()
                    .with(event -> {}, left::completeExceptionally, () -> left.complete(null));
            left.get(30, TimeUnit.SECONDS);

            same(ask(question(SCHEMA, 60)), ask(question(SCHEMA, 60).biases(SAMPLED)), "after " + last);
        }
        if (!EngineTests.inProcesses()) {
            assertThat(EngineTests.untilActive(engine, 0)).isLessThan(Duration.ofSeconds(5));
        }
    }

    @Test
    void a_reader_who_takes_its_time_gets_all_of_a_run() {
        var pieces = engine.generate(question(SCHEMA, 900).request())
                .onItem()
                .call(event -> Uni.createFrom().voidItem().onItem().delayIt().by(Duration.ofMillis(1)))
                .collect()
                .asList()
                .await()
                .atMost(Duration.ofSeconds(60));
        var text = new StringBuilder();
        pieces.forEach(event -> text.append(event instanceof GenerationEvent.Text piece ? piece.piece() : ""));

        assertThat(text).hasToString(ask(question(SCHEMA, 900).biases(SAMPLED)).text());
    }

    @Test
    void log_probabilities_come_with_each_token_of_the_same_answer() {
        var with = ask(question(SCHEMA, 300));
        var told = ask(question(SCHEMA, 300).logprobs(2));

        same(with, told, "with log probabilities");
        assertThat(told.logprobs()).hasSize(told.finished().usage().generatedTokens());
        assertThat(told.logprobs())
                .allSatisfy(token -> assertThat(token.alternatives()).hasSize(2));
    }

    @Test
    void a_seed_gives_the_same_answer_beside_others() {
        var alone = ask(question(SCHEMA, 200).seed(4));

        var others = IntStream.range(0, 4)
                .mapToObj(i -> CompletableFuture.supplyAsync(
                        () -> ask(i % 2 == 0 ? question(SCHEMA, 200).seed(4) : question(SCHEMA, 150 + i))))
                .toList();

        for (var i = 0; i < 4; i += 2) {
            assertThat(others.get(i).orTimeout(60, TimeUnit.SECONDS).join().text())
                    .isEqualTo(alone.text());
        }
    }

    private Answer ask(Question question) {
        return EngineTests.ask(engine, question.request());
    }

    private Engine load(int length) {
        return EngineTests.load(TinyGguf.llama(3).writeTo(folder.resolve("model.gguf")), length, 4);
    }

    private static Question question(String schema, int most) {
        return EngineTests.raw("Answer: ").tokens(most).biases(NO_SECOND_WAY).format(new OutputFormat.Schema(schema));
    }

    private static void same(Answer with, Answer without, String of) {
        assertThat(with.text()).as(of).isEqualTo(without.text());
        assertThat(with.finished().reason()).as(of).isEqualTo(without.finished().reason());
        assertThat(with.finished().usage().generatedTokens())
                .as(of)
                .isEqualTo(without.finished().usage().generatedTokens());
    }

    private static Map<Integer, Float> sampled() {
        var biases = new HashMap<Integer, Float>();
        for (var token = 0; token < 3 + 256 + 27; token++) {
            biases.put(token, NO_SECOND_WAY.getOrDefault(token, 0f));
        }
        return biases;
    }

    /** Of the vocabulary of {@link TinyGguf}: three control tokens, all bytes, then a blank and the letters. */
    private static Map<Integer, Float> secondWays() {
        var biases = new HashMap<Integer, Float>();
        biases.put(3 + ' ', -100f);
        for (var letter = 'a'; letter <= 'z'; letter++) {
            biases.put(3 + letter, -100f);
        }
        return biases;
    }
}
