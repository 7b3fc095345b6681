// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.puna.chat.Message;
import dev.puna.engine.Engine;
import dev.puna.engine.GenerationEvent;
import dev.puna.engine.GenerationRequest;
import dev.puna.engine.local.EngineTests.Answer;
import dev.puna.llama.NativeMemory;
import dev.puna.support.TestGguf;
import dev.puna.support.TinyGguf;
import dev.puna.support.TinyRecurrent;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Prompts that share a beginning with earlier ones, of models whose cache cannot be cut back: only what follows the last checkpoint is read
 * again, and the answer is the same as if all was.
 */
@Tag("engine")
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CheckpointsTest {
    private static final int CONTEXT = 1024;
    private static final int BATCH = 64;

    /** What may be read again beside what is new: a message's end is no more than so many tokens before. */
    private static final int NEAR = 48;

    /** A token a letter; a system text of about 200. */
    private static final String RULES =
            "you are a fox who lives near the old mill by the river and tells the truth whoever may ask you for it"
                    + " and never do you speak of the hens that went away last summer when nobody was at home</s>";

    private static final String FIRST = "tell me where the river goes when it has passed the mill and the bridge</s>";
    private static final String SECOND =
            "and what do the people say who live there all the year long, rain or shine</s>";

    private static final String SYSTEM = RULES.replace("</s>", "");

    /** Nothing that ends an answer is behind the system text. */
    private static final String TEMPLATE =
            "{% for message in messages %}{{ message.content }}{% if message.role != 'system' %}</s>{% endif %}{% endfor %}";

    @TempDir
    Path folder;

    /** What cannot be cut back. */
    enum Kind {
        MAMBA,
        LFM2,
        LFM2_WITH_A_WINDOW,
        GEMMA;

        TestGguf model() {
            return switch (this) {
                case MAMBA -> TinyRecurrent.mamba(5);
                case LFM2 -> TinyRecurrent.lfm2(5, 0);
                case LFM2_WITH_A_WINDOW -> TinyRecurrent.lfm2(5, 32);
                case GEMMA -> TinyGguf.gemma3(7, 32);
            };
        }
    }

    /** Where each engine has a process of its own, which takes seconds to start, one kind for each way of reading on. */
    static Stream<Kind> kinds() {
        return EngineTests.inProcesses() ? Stream.of(Kind.LFM2, Kind.GEMMA) : Stream.of(Kind.values());
    }

    @AfterEach
    void nothing_is_left() {
        assertThat(NativeMemory.openOwners()).isZero();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void a_conversation_whose_answers_are_written_otherwise_goes_on_from_its_last_message(Kind kind) {
        var turns = new ArrayList<String>();
        var talk = RULES;
        try (var engine = load(kind, 1)) {
            for (var turn = 0; turn < 4; turn++) {
                var question = talk + (turn % 2 == 0 ? FIRST : SECOND);
                var answer = ask(engine, question);
                turns.add(question);

                same(kind, answer, question);
                if (turn > 0) {
                    assertThat(read(answer))
                            .as("turn %d", turn)
                            .isLessThan(question.length() - talk.length() + NEAR + 64);
                    assertThat(cached(answer)).isGreaterThan(turns.get(turn - 1).length() - NEAR);
                }
                talk = question + "it goes to the sea, as far as the fox knows, but he has never been there</s>";
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void the_last_answer_can_be_made_again(Kind kind) {
        try (var engine = load(kind, 1)) {
            var first = ask(engine, RULES + FIRST);

            var again = ask(engine, RULES + FIRST);

            assertThat(read(again)).isLessThan(NEAR);
            assertThat(again.text()).isEqualTo(first.text());
            same(kind, again, RULES + FIRST);
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void a_message_in_the_middle_can_be_changed(Kind kind) {
        try (var engine = load(kind, 1)) {
            ask(engine, RULES + FIRST + SECOND + FIRST + SECOND);

            var changed = RULES + FIRST + "or rather, what do you eat in winter" + SECOND;
            var answer = ask(engine, changed);

            assertThat(cached(answer)).isGreaterThan((RULES + FIRST).length() - NEAR);
            same(kind, answer, changed);
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void where_two_prompts_part_a_third_one_goes_on(Kind kind) {
        var shared = RULES.replace("</s>", ", by the way. ");
        try (var engine = load(kind, 1)) {
            ask(engine, shared + "who are you and what do you want here at this time of the year");
            ask(engine, shared + "go away");

            var answer = ask(engine, shared + "come in");

            assertThat(cached(answer)).isGreaterThan(shared.length() - 4);
            same(kind, answer, shared + "come in");
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void a_system_text_whose_end_only_the_template_knows_is_not_read_again(Kind kind) {
        try (var engine = load(kind, 1)) {
            converse(engine, "what do you eat in winter when the river is frozen and nothing grows");

            var answer = converse(engine, "who are you");

            assertThat(cached(answer)).isGreaterThan(SYSTEM.length() - 4);
            try (var fresh = load(kind, 1)) {
                var wanted = converse(fresh, "who are you");
                assertThat(cached(wanted)).isZero();
                assertThat(answer.text()).isEqualTo(wanted.text());
            }
        }
    }

    private static Answer converse(Engine engine, String question) {
        var messages = List.of(Message.of("system", SYSTEM), Message.of("user", question));
        return EngineTests.ask(
                engine,
                EngineTests.conversation(messages).tokens(8).ignoringEos().request());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void two_conversations_in_turns_both_keep_theirs(Kind kind) {
        var one = RULES + FIRST;
        var other = RULES.replace("fox", "hen") + SECOND;
        try (var engine = load(kind, 1)) {
            for (var turn = 0; turn < 3; turn++) {
                var first = ask(engine, one);
                same(kind, first, one);
                var second = ask(engine, other);
                same(kind, second, other);
                if (turn > 0) {
                    assertThat(read(first)).isLessThan(200);
                    assertThat(read(second)).isLessThan(200);
                }
                one += "yes, it is so</s>" + SECOND;
                other += "no, it never was</s>" + FIRST;
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void a_beginning_is_shared_with_a_sequence_that_runs(Kind kind) {
        try (var engine = load(kind, 3)) {
            var running = start(engine, RULES + FIRST, 300);

            var answer = ask(engine, RULES + SECOND);

            assertThat(cached(answer)).isGreaterThan(RULES.length() - NEAR);
            same(kind, answer, RULES + SECOND);
            var whole = text(running);
            try (var fresh = load(kind, 1)) {
                assertThat(text(start(fresh, RULES + FIRST, 300))).isEqualTo(whole);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void after_a_cancelled_prompt_everything_is_as_before(Kind kind) {
        try (var engine = load(kind, 2)) {
            var running = start(engine, RULES + FIRST, 200);
            var cancelled = engine.generate(request(RULES + SECOND + FIRST + SECOND + FIRST, 8))
                    .subscribe()
                    .withSubscriber(AssertSubscriber.<GenerationEvent>create(Long.MAX_VALUE));
            cancelled.cancel();

            var answer = ask(engine, RULES + SECOND + FIRST);

            same(kind, answer, RULES + SECOND + FIRST);
            var whole = text(running);
            try (var fresh = load(kind, 1)) {
                assertThat(text(start(fresh, RULES + FIRST, 200))).isEqualTo(whole);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void after_a_context_was_shifted_beginnings_are_right(Kind kind) {
        try (var engine = load(kind, 1, 400)) {
            ask(engine, RULES + FIRST);
            var shifted = EngineTests.ask(
                    engine,
                    EngineTests.raw(RULES + FIRST)
                            .seed(3)
                            .tokens(400)
                            .ignoringEos()
                            .request());
            assertThat(shifted.finished().usage().generatedTokens()).isEqualTo(400);

            same(kind, ask(engine, RULES + SECOND), RULES + SECOND);
            same(kind, ask(engine, RULES + FIRST), RULES + FIRST);
        }
    }

    private Engine load(Kind kind, int sequences) {
        return load(kind, sequences, CONTEXT);
    }

    private Engine load(Kind kind, int sequences, int context) {
        return EngineTests.load(model(kind), context, sequences, BATCH);
    }

    private Path model(Kind kind) {
        var model = folder.resolve(kind + ".gguf");
        // Another engine may have it mapped.
        if (!Files.exists(model)) {
            kind.model().text("tokenizer.chat_template", TEMPLATE).writeTo(model);
        }
        return model;
    }

    private static GenerationRequest request(String prompt, int tokens) {
        return EngineTests.raw(prompt).tokens(tokens).ignoringEos().logprobs(0).request();
    }

    private static Answer ask(Engine engine, String prompt) {
        return EngineTests.ask(engine, request(prompt, 8));
    }

    private static AssertSubscriber<GenerationEvent> start(Engine engine, String prompt, int tokens) {
        var events = engine.generate(request(prompt, tokens))
                .subscribe()
                .withSubscriber(AssertSubscriber.<GenerationEvent>create(Long.MAX_VALUE));
        events.awaitItems(1, Duration.ofSeconds(30));
        return events;
    }

    private static String text(AssertSubscriber<GenerationEvent> events) {
        var text = new StringBuilder();
        for (var event : events.awaitCompletion(Duration.ofSeconds(60)).getItems()) {
            if (event instanceof GenerationEvent.Text piece) {
                text.append(piece.piece());
            }
        }
        return text.toString();
    }

    private static int cached(Answer answer) {
        return answer.finished().usage().cachedTokens();
    }

    private static int read(Answer answer) {
        var usage = answer.finished().usage();
        return usage.promptTokens() - usage.cachedTokens();
    }

    /** That an answer is the one that is given when all of its prompt is read. */
    private void same(Kind kind, Answer answer, String prompt) {
        try (var engine = EngineTests.loadHere(model(kind), CONTEXT, 1, BATCH)) {
            var wanted = ask(engine, prompt);
            assertThat(cached(wanted)).isZero();
            assertThat(answer.text()).isEqualTo(wanted.text());
            for (var i = 0; i < wanted.logprobs().size(); i++) {
                assertThat(answer.logprobs().get(i).logprob())
                        .isCloseTo(wanted.logprobs().get(i).logprob(), within(0.01));
            }
        }
    }
}
