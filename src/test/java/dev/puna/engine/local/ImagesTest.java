// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static dev.puna.engine.local.EngineTests.ask;
import static dev.puna.engine.local.EngineTests.conversation;
import static dev.puna.engine.local.EngineTests.raw;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.puna.chat.Image;
import dev.puna.chat.Message;
import dev.puna.chat.Thinking;
import dev.puna.device.Placement;
import dev.puna.engine.Engine;
import dev.puna.engine.EngineSpec;
import dev.puna.engine.Loading;
import dev.puna.engine.ModelFiles;
import dev.puna.engine.OutputFormat;
import dev.puna.engine.Prompt;
import dev.puna.engine.TokenLogprob;
import dev.puna.engine.local.EngineTests.Answer;
import dev.puna.failure.ContextExceeded;
import dev.puna.failure.InvalidRequest;
import dev.puna.llama.NativeMemory;
import dev.puna.support.TestGguf;
import dev.puna.support.TestImages;
import dev.puna.support.TestModels;
import dev.puna.support.TinyGguf;
import dev.puna.support.TinyProjector;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ImagesTest {
    private static final byte[] RED = TestImages.png(1);
    private static final byte[] BLUE = TestImages.png(2);

    private static final double NOISE = 0.005;

    private static final OutputFormat LETTERS =
            new OutputFormat.Schema("{\"type\":\"string\",\"pattern\":\"^([a-m][n-z]){150}$\"}");

    @TempDir
    Path folder;

    enum Eyes {
        GEMMA,
        LLAVA,
        QWEN;

        TestGguf projector() {
            return switch (this) {
                case GEMMA -> TinyProjector.gemma(7);
                case LLAVA -> TinyProjector.llava(7);
                case QWEN -> TinyProjector.qwen(7);
            };
        }

        TestGguf model() {
            return switch (this) {
                case GEMMA, LLAVA -> TinyGguf.llama(1);
                case QWEN -> TinyGguf.qwen2vl(1);
            };
        }
    }

    @AfterEach
    void nothing_native_is_left() {
        assertThat(NativeMemory.live()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void the_same_image_gives_the_same_answer_and_another_one_another(Eyes eyes) {
        try (var engine = load(eyes, 2048)) {
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
    void the_order_of_images_matters(Eyes eyes) {
        try (var engine = load(eyes, 2048)) {
            var redFirst = see(engine, "[img-0] and [img-1]?", RED, BLUE);
            var blueFirst = see(engine, "[img-0] and [img-1]?", BLUE, RED);

            assertDifferent(blueFirst, redFirst);
            assertSame(see(engine, "[img-1] and [img-0]?", BLUE, RED), redFirst);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_prefix_with_the_same_image_is_found_again_and_with_another_one_ends_before_it(Eyes eyes) {
        try (var engine = load(eyes, 2048)) {
            var text = "look at this: [img-0] what is it?";
            var first = see(engine, text, RED);
            var again = see(engine, text, RED);
            var other = see(engine, text, BLUE);

            var prompt = first.finished().usage().promptTokens();
            assertSame(again, first);
            assertThat(again.finished().usage().promptTokens()).isEqualTo(prompt);
            assertThat(again.finished().usage().cachedTokens()).isEqualTo(prompt - 1);
            assertThat(other.finished().usage().cachedTokens())
                    .isBetween(14, 40)
                    .isLessThan(prompt - 20);
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_answer_from_a_cached_prefix_is_the_answer_of_a_fresh_engine(Eyes eyes) {
        var earlier = "look at this: [img-0] what is it?";
        var later = "look at this: [img-0] what is it? and this [img-1]?";
        Answer fresh;
        try (var engine = load(eyes, 2048)) {
            fresh = see(engine, later, RED, BLUE);
        }
        try (var engine = load(eyes, 2048)) {
            see(engine, earlier, RED);
            assertSame(see(engine, later, RED, BLUE), fresh);
            see(engine, earlier, BLUE);
            assertSame(see(engine, later, RED, BLUE), fresh);
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_others_pushed_out_of_the_cache_comes_back_with_its_images(Eyes eyes) {
        var filler = "all work and no play makes jack a dull boy ".repeat(3);
        try (var engine = load(eyes, 512, 1)) {
            var first = see(engine, filler + "[img-0] what is it?", RED);
            see(engine, "something else altogether: " + filler + "[img-0] what is it?", BLUE);

            var again = see(engine, filler + "[img-0] what is it?", RED);

            assertSame(again, first);
            var prompt = first.finished().usage().promptTokens();
            assertThat(again.finished().usage().cachedTokens()).isEqualTo(prompt - 1);
        }
    }

    @Test
    void more_tags_than_the_context_has_tokens_are_refused_at_once() {
        try (var engine = load(Eyes.LLAVA, 512)) {
            assertThatThrownBy(() -> see(engine, "[img-0]".repeat(100_000), RED))
                    .isInstanceOf(InvalidRequest.class)
                    .hasMessageContaining("the prompt is longer than the context length");
        }
    }

    @ParameterizedTest
    @EnumSource
    void many_sequences_with_images_do_not_disturb_each_other(Eyes eyes) {
        try (var engine = load(eyes, 2048)) {
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
    void a_image_is_decoded_as_libmtmd_does_it(
            Eyes eyes, double first, double second, double third, double fourth, double fifth, double sixth) {
        try (var engine = load(eyes, 2048)) {
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
        try (var engine = load(Eyes.LLAVA, 2048)) {
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
        try (var engine = load(Eyes.GEMMA, 2048)) {
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
        try (var engine = load(Eyes.LLAVA, 2048)) {
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
        try (var engine = load(Eyes.LLAVA, 2048)) {
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

    @ParameterizedTest
    @EnumSource
    void a_context_that_is_full_loses_images_as_a_whole_and_goes_on(Eyes eyes) {
        try (var engine = load(eyes, 160)) {
            var answer = ask(
                    engine,
                    raw("[img-0] some words and [img-1] some more", RED, BLUE)
                            .tokens(400)
                            .format(new OutputFormat.Schema(
                                    "{\"type\":\"string\",\"pattern\":\"^([a-m][n-z]){150}$\"}"))
                            .request());

            assertThat(answer.text()).hasSize(302);
        }
    }

    @Test
    void images_that_do_not_fit_the_context_are_refused() {
        try (var engine = load(Eyes.LLAVA, 64)) {
            var images = IntStream.range(0, 5).mapToObj(TestImages::png).toArray(byte[][]::new);

            assertThatThrownBy(() -> see(engine, "too many", images))
                    .isInstanceOf(InvalidRequest.class)
                    .hasMessageContaining("the prompt is longer than the context length");
            assertThatThrownBy(() ->
                            ask(engine, raw("too many", images).truncate(false).request()))
                    .isInstanceOf(ContextExceeded.class);
            assertThat(see(engine, "one", RED).text()).isNotEmpty();
        }
    }

    @Test
    void broken_images_are_refused_by_their_number_and_the_engine_goes_on() {
        try (var engine = load(Eyes.LLAVA, 2048)) {
            var half = Arrays.copyOf(RED, RED.length / 2);

            assertThatThrownBy(() -> see(engine, "what?", RED, new byte[] {1, 2, 3}))
                    .isInstanceOf(InvalidRequest.class)
                    .hasMessage("image 2 cannot be read: it is no picture in PNG, JPEG, WebP, GIF or BMP format");
            assertThatThrownBy(() -> see(engine, "what?", half))
                    .isInstanceOf(InvalidRequest.class)
                    .hasMessageStartingWith("image 1 cannot be read: the picture is damaged");
            assertThatThrownBy(() -> see(engine, "what?", TestImages.hugePng()))
                    .isInstanceOf(InvalidRequest.class)
                    .hasMessageContaining("too large");
            assertThatThrownBy(() -> see(engine, "look [img-0]", RED))
                    .isInstanceOf(InvalidRequest.class)
                    .hasMessageContaining("ends with an image");
            assertThat(see(engine, "what?", RED).text()).isNotEmpty();
        }
    }

    @Test
    void a_model_without_a_projector_says_so() {
        var spec = spec(files(TinyGguf.llama(1)), 512, 1);
        try (var engine = new NativeEngineLoader(TestModels.nativeLibraries()).load(spec, Loading.create())) {
            assertThatThrownBy(() -> see(engine, "what?", RED)).isInstanceOf(InvalidRequest.class);
        }
    }

    @Test
    void the_projector_counts_as_memory() {
        long without;
        try (var engine = new NativeEngineLoader(TestModels.nativeLibraries())
                .load(spec(files(TinyGguf.llama(1)), 512, 1), Loading.create())) {
            without = engine.memory().total();
        }
        try (var engine = load(Eyes.LLAVA, 2048)) {
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

    /** The same but for what the order of additions changes, which depends on who else is in a batch. */
    private static void assertSame(Answer one, Answer other) {
        assertThat(distance(one, other)).isLessThan(NOISE);
    }

    private static void assertDifferent(Answer one, Answer other) {
        assertThat(distance(one, other)).isGreaterThan(NOISE);
    }

    private static double distance(Answer one, Answer other) {
        return Math.abs(certainty(one).getFirst() - certainty(other).getFirst());
    }

    private static List<Double> certainty(Answer answer) {
        assertThat(answer.logprobs()).isNotEmpty();
        return answer.logprobs().stream().map(TokenLogprob::logprob).toList();
    }

    private static Answer see(Engine engine, String text, byte[]... images) {
        return ask(engine, raw(text, images).tokens(24).logprobs(0).request());
    }

    private Engine load(Eyes eyes, int context) {
        return load(eyes, context, 4);
    }

    private Engine load(Eyes eyes, int context, int sequences) {
        var projector = eyes.projector().writeTo(folder.resolve("eyes.gguf"));
        var spec = spec(files(eyes.model()).withProjector(projector), context, sequences);
        return new NativeEngineLoader(TestModels.nativeLibraries()).load(spec, Loading.create());
    }

    private ModelFiles files(TestGguf weights) {
        return ModelFiles.of(List.of(weights.writeTo(folder.resolve("model.gguf"))));
    }

    private static EngineSpec spec(ModelFiles files, int context, int sequences) {
        return new EngineSpec("tiny", files, context, sequences, 64, 1, Placement.CPU, true, "f16", "auto");
    }
}
