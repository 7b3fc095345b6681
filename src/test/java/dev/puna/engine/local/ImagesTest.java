// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static dev.puna.engine.local.EngineTests.ask;
import static dev.puna.engine.local.EngineTests.conversation;
import static dev.puna.engine.local.EngineTests.raw;
import static dev.puna.engine.local.TinyVisionModels.BLUE;
import static dev.puna.engine.local.TinyVisionModels.LETTERS;
import static dev.puna.engine.local.TinyVisionModels.RED;
import static dev.puna.engine.local.TinyVisionModels.assertDifferent;
import static dev.puna.engine.local.TinyVisionModels.assertSame;
import static dev.puna.engine.local.TinyVisionModels.certainty;
import static dev.puna.engine.local.TinyVisionModels.see;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.puna.chat.Image;
import dev.puna.chat.Message;
import dev.puna.chat.Thinking;
import dev.puna.engine.Engine;
import dev.puna.engine.Prompt;
import dev.puna.engine.local.EngineTests.Answer;
import dev.puna.engine.local.TinyVisionModels.Family;
import dev.puna.llama.NativeMemory;
import dev.puna.support.TestImages;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Answers to images, by models of three families that have learnt nothing: which image, where it stands, and beside whom. */
@Tag("engine")
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ImagesTest {
    private final TinyVisionModels models;

    ImagesTest(@TempDir Path folder) {
        models = new TinyVisionModels(folder);
    }

    @AfterEach
    void nothing_native_is_left() {
        assertThat(NativeMemory.live()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void the_same_image_gives_the_same_answer_and_another_one_another(Family family) {
        try (var engine = models.load(family, 2048)) {
            var red = see(engine, "what is this?", RED);
            var blue = see(engine, "what is this?", BLUE);
            var nothing = see(engine, "what is this?");

            assertSame(see(engine, "what is this?", RED), red);
            assertDifferent(blue, red);
            assertDifferent(nothing, red);
            assertDifferent(nothing, blue);
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_order_of_images_matters(Family family) {
        try (var engine = models.load(family, 2048)) {
            var redFirst = see(engine, "[img-0] and [img-1]?", RED, BLUE);
            var blueFirst = see(engine, "[img-0] and [img-1]?", BLUE, RED);

            assertDifferent(blueFirst, redFirst);
            assertSame(see(engine, "[img-1] and [img-0]?", BLUE, RED), redFirst);
        }
    }

    @ParameterizedTest
    @EnumSource
    void many_sequences_with_images_do_not_disturb_each_other(Family family) {
        try (var engine = models.load(family, 2048)) {
            var alone = IntStream.range(0, 6).mapToObj(i -> number(engine, i)).toList();
            var together = IntStream.range(0, 6)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> number(engine, i)))
                    .toList();

            for (var i = 0; i < alone.size(); i++) {
                assertSame(together.get(i).orTimeout(60, TimeUnit.SECONDS).join(), alone.get(i));
            }
        }
    }

    /** The numbers are those of a program that has libmtmd's own helper decode the same prompt. */
    @ParameterizedTest
    @CsvSource({
        "GEMMA, -3.904897, -2.977445, -2.921521, -2.908235, -2.940714, -2.976064",
        "LLAVA, -3.714681, -3.127476, -3.155768, -3.157762, -3.149964, -3.151196",
        "QWEN, -3.971517, -3.283190, -3.375515, -3.397972, -3.332787, -3.249419",
    })
    void an_image_is_decoded_as_libmtmd_does_it(
            Family family, double first, double second, double third, double fourth, double fifth, double sixth) {
        try (var engine = models.load(family, 2048)) {
            var answer = ask(
                    engine,
                    raw("a [img-0] b [img-1] what is this?", RED, TestImages.png(2, 70, 30))
                            .tokens(6)
                            .logprobs(0)
                            .request());

            var expected = List.of(first, second, third, fourth, fifth, sixth);
            for (var i = 0; i < expected.size(); i++) {
                assertThat(certainty(answer).get(i)).isCloseTo(expected.get(i), within(0.01));
            }
        }
    }

    @Test
    void tokens_of_an_earlier_exchange_do_not_bring_its_images_back() {
        try (var engine = models.load(Family.LLAVA, 2048)) {
            var context = engine.tokenize("user: [img-0] what is this?");
            var prompt = new Prompt.Conversation(
                    List.of(message("user", "and this?", RED)),
                    List.of(),
                    Thinking.UNSET,
                    Optional.empty(),
                    "",
                    context);

            var text = engine.render(new EngineTests.Question(prompt).request());

            assertThat(text).contains("user:  what is this?<").containsOnlyOnce("[img-0]");
        }
    }

    @Test
    void a_running_answer_goes_on_beside_images() {
        try (var engine = models.load(Family.GEMMA, 2048)) {
            var story = raw("once upon a time").tokens(400).format(LETTERS).logprobs(0);
            var alone = ask(engine, story.request());

            var running = CompletableFuture.supplyAsync(() -> ask(engine, story.request()));
            for (var i = 0; i < 10; i++) {
                see(engine, "what is this?", TestImages.png(20 + i));
            }

            var beside = running.orTimeout(60, TimeUnit.SECONDS).join();
            assertSame(beside, alone);
            assertThat(beside.text()).hasSize(302);
        }
    }

    @Test
    void a_client_that_goes_away_while_its_images_are_decoded_leaves_the_engine_in_order() {
        try (var engine = models.load(Family.LLAVA, 2048)) {
            var images = IntStream.range(0, 12).mapToObj(TestImages::png).toArray(byte[][]::new);
            for (var round = 0; round < 10; round++) {
                var gone = new EngineTests.Idle();
                engine.generate(raw("look", images).request()).subscribe().withSubscriber(gone);
                LockSupport.parkNanos(round * 1_000_000L);
                gone.cancel();
            }

            assertThat(EngineTests.untilActive(engine, 0)).isLessThan(Duration.ofMinutes(1));
            assertSame(see(engine, "look", images), see(engine, "look", images));
        }
    }

    @Test
    void images_of_a_conversation_are_seen_where_their_turns_are() {
        try (var engine = models.load(Family.LLAVA, 2048)) {
            var history = List.of(
                    message("user", "what is this?", RED),
                    Message.of("assistant", "red"),
                    message("user", "and this?", BLUE));
            var swapped = List.of(
                    message("user", "what is this?", BLUE),
                    Message.of("assistant", "red"),
                    message("user", "and this?", RED));

            assertThat(engine.render(conversation(history).request()))
                    .contains("[img-0]what is this?")
                    .contains("[img-1]and this?");
            assertDifferent(
                    ask(engine, conversation(history).logprobs(0).request()),
                    ask(engine, conversation(swapped).logprobs(0).request()));
        }
    }

    @Test
    void the_projector_counts_as_memory() {
        long without;
        try (var engine = models.loadBlind()) {
            without = engine.memory().total();
        }
        try (var engine = models.load(Family.LLAVA, 2048)) {
            assertThat(engine.memory().total()).isGreaterThan(without + 50_000);
        }
    }

    private static Message message(String role, String content, byte[] image) {
        return new Message(role, content, "", List.of(new Image(image)), List.of(), "", "");
    }

    private static Answer number(Engine engine, int number) {
        var question = raw("number " + number + " [img-0] says", TestImages.png(number));
        return ask(engine, question.tokens(12).format(LETTERS).logprobs(0).request());
    }
}
