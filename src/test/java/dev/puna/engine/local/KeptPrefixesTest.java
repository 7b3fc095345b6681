// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.chat.Message;
import dev.puna.device.Placement;
import dev.puna.engine.Engine;
import dev.puna.engine.EngineSpec;
import dev.puna.engine.Loading;
import dev.puna.engine.ModelFiles;
import dev.puna.engine.StepClock;
import dev.puna.engine.local.EngineTests.Answer;
import dev.puna.engine.prefix.PrefixFolders;
import dev.puna.engine.prefix.PrefixKeeping;
import dev.puna.engine.remote.MemoryLimit;
import dev.puna.engine.remote.RemoteEngineLoader;
import dev.puna.llama.BackendChoice;
import dev.puna.llama.NativeMemory;
import dev.puna.support.TestModelFiles;
import dev.puna.support.TestModels;
import dev.puna.support.TestRunners;
import dev.puna.support.TinyGguf;
import dev.puna.support.TinyLora;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Beginnings of prompts that are found on disk when a model is loaded again. */
@Tag("engine")
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KeptPrefixesTest {
    private static final String RULES = "You are a helpful fox. " + EngineTests.STORY;

    /** More tokens than could be found in memory by chance, and fewer than the story has. */
    private static final int FAR = 300;

    @TempDir
    Path base;

    private boolean conversations;
    private boolean processes;
    private int slots = 2;
    private Runnable afterStep = () -> {};
    private String cacheType = "f16";
    private long room = 1L << 30;

    static List<Path> models() {
        return List.of(TestModels.smolLm2(), TestModels.gemma());
    }

    @ParameterizedTest
    @MethodSource("models")
    void the_system_part_is_known_after_the_model_was_loaded_again(Path model) {
        Answer cold;
        try (var engine = load(model)) {
            ask(engine, "Who are you?");
            cold = ask(engine, "What is your name?");
        }
        assertThat(files()).hasSize(1);

        try (var engine = load(model)) {
            var warm = ask(engine, "What is your name?");

            assertThat(warm.text()).isEqualTo(cold.text());
            var usage = warm.finished().usage();
            assertThat(usage.promptTokens()).isEqualTo(cold.finished().usage().promptTokens());
            assertThat(usage.cachedTokens()).isBetween(usage.promptTokens() - 40, usage.promptTokens() - 5);
        }
        assertThat(NativeMemory.openOwners()).isZero();
    }

    @Test
    void the_locked_process_of_a_model_keeps_them_too() {
        processes = true;
        the_system_part_is_known_after_the_model_was_loaded_again(TestModels.smolLm2());
    }

    @Test
    void what_two_prompts_share_is_kept_and_no_more() {
        try (var engine = load(TestModels.smolLm2())) {
            raw(engine, EngineTests.STORY + "One day he met a hen");
            assertThat(files()).as("of one prompt").isEmpty();
            raw(engine, EngineTests.STORY + "At night it was cold");
        }
        assertThat(files()).hasSize(1);

        try (var engine = load(TestModels.smolLm2())) {
            assertThat(cached(raw(engine, EngineTests.STORY + "In spring the river rose")))
                    .isGreaterThan(FAR);
            assertThat(cached(raw(engine, EngineTests.STORY.substring(0, 700) + " and now another tale")))
                    .as("a part of it")
                    .isGreaterThan(120);
        }
    }

    /** Slots: three of which two are idle, or two of which one holds the earlier prompt. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void the_first_token_of_an_answer_waits_for_no_copy(int sequences) {
        slots = sequences;
        var told = new AtomicInteger();
        var keptBefore = new AtomicBoolean();
        var steps = new AtomicInteger();
        afterStep = steps::incrementAndGet;
        try (var engine = load(TestModels.smolLm2())) {
            raw(engine, EngineTests.STORY + "One day he met a hen");
            engine.generate(EngineTests.raw(EngineTests.STORY + "At night it was cold")
                            .tokens(12)
                            .request())
                    .onItem()
                    .invoke(_ -> keptBefore.compareAndSet(false, told.getAndIncrement() == 0 && isKeptOrWritten()))
                    .collect()
                    .last()
                    .await()
                    .atMost(Duration.ofSeconds(90));
            assertThat(keptBefore).as("kept before the first token").isFalse();
            assertThat(isKeptOrWritten()).as("kept after the answer").isTrue();
            steps.set(0);

            ask(engine, "Who are you?");
            assertThat(steps.get()).as("no step ends with the system part").isLessThanOrEqualTo(13);
        }
        assertThat(files()).as("what was shared, and the system part").hasSize(2);
    }

    @Test
    void a_single_slot_keeps_them_too() {
        slots = 1;
        what_two_prompts_share_is_kept_and_no_more();
    }

    /** Whether something was kept since the test began, or is about to be: its thread runs until the file is there. */
    private boolean isKeptOrWritten() {
        return Thread.getAllStackTraces().keySet().stream()
                        .anyMatch(thread -> thread.getName().equals("prefix-writer"))
                || !files().isEmpty();
    }

    @Test
    void what_was_computed_with_some_adapters_only_is_not_kept_and_is_given_to_nobody() {
        var model = TinyGguf.llama(1).writeTo(base.resolve("tiny.gguf"));
        var adapter = TinyLora.fitting(5).writeTo(base.resolve("adapter.gguf"));
        var files = new ModelFiles(List.of(model), List.of(adapter), Optional.empty());
        var shared = EngineTests.STORY.substring(0, 500);
        conversations = true;
        try (var engine = load(files)) {
            raw(engine, shared + "One day he met a hen", 0.5f);
            raw(engine, shared + "At night it was cold", 0.5f);
        }
        assertThat(files()).isEmpty();
        conversations = false;
        try (var engine = load(files)) {
            raw(engine, shared + "One day he met a hen", 1);
            raw(engine, shared + "At night it was cold", 1);
        }
        assertThat(files()).hasSize(1);
        try (var engine = load(files)) {
            assertThat(cached(raw(engine, shared + "In spring the river rose", 0.5f)))
                    .isZero();
            assertThat(cached(raw(engine, shared + "In spring the river rose", 1)))
                    .isGreaterThan(FAR);
        }
    }

    @ParameterizedTest
    @EnumSource(CheckpointsTest.Kind.class)
    void what_cannot_be_cut_back_is_kept_too(CheckpointsTest.Kind kind) {
        var model = kind.model().writeTo(base.resolve("tiny.gguf"));
        var shared = EngineTests.STORY.substring(0, 400);
        Answer cold;
        try (var engine = load(model)) {
            raw(engine, shared + "One day he met a hen");
            cold = raw(engine, shared + "At night it was cold");
        }
        assertThat(files()).hasSize(1);

        try (var engine = load(model)) {
            var warm = raw(engine, shared + "At night it was cold");

            assertThat(warm.text()).isEqualTo(cold.text());
            assertThat(cached(warm)).isBetween(400, 410);
            var other = raw(engine, shared + "In spring the river rose");
            assertThat(cached(other))
                    .as("of what was taken when the file had been read")
                    .isBetween(400, 410);
        }
        try (var engine = load(model)) {
            raw(engine, shared.substring(0, 200) + " and now another tale");
            assertThat(cached(raw(engine, shared + "In spring the river rose")))
                    .as("a file is better than what memory has")
                    .isGreaterThan(390);
        }
        assertThat(NativeMemory.openOwners()).isZero();
    }

    @Test
    void a_conversation_that_goes_on_stays_in_memory() {
        try (var engine = load(TestModels.smolLm2())) {
            var story = EngineTests.STORY.strip();
            var first = raw(engine, story);
            raw(engine, story + first.text() + " And then");
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void a_conversation_is_kept_where_that_is_wanted() {
        conversations = true;
        String answer;
        try (var engine = load(TestModels.smolLm2())) {
            answer = raw(engine, EngineTests.STORY).text();
        }
        try (var engine = load(TestModels.smolLm2())) {
            assertThat(cached(raw(engine, EngineTests.STORY + answer + " And then")))
                    .isGreaterThan(FAR);
        }
    }

    @Test
    void with_a_seed_the_answer_is_the_same_after_a_reload() {
        var request = EngineTests.conversation(
                        List.of(Message.of("system", RULES), Message.of("user", "Tell me a story.")))
                .seed(7)
                .tokens(16)
                .request();
        String cold;
        try (var engine = load(TestModels.smolLm2())) {
            cold = EngineTests.ask(engine, request).text();
        }
        try (var engine = load(TestModels.smolLm2())) {
            var warm = EngineTests.ask(engine, request);
            assertThat(cached(warm)).isGreaterThan(FAR);
            assertThat(warm.text()).isEqualTo(cold);
        }
    }

    @Test
    void a_damaged_file_and_a_cache_of_another_form_cost_the_time_and_not_the_answer() throws IOException {
        String cold;
        try (var engine = load(TestModels.smolLm2())) {
            cold = ask(engine, "Who are you?").text();
        }
        var file = files().getFirst();
        var bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);

        try (var engine = load(TestModels.smolLm2())) {
            var answer = ask(engine, "Who are you?");
            assertThat(answer.text()).isEqualTo(cold);
            assertThat(cached(answer)).isZero();
        }
        assertThat(files()).as("written again").hasSize(1);

        cacheType = "q8_0";
        try (var engine = load(TestModels.smolLm2())) {
            assertThat(cached(ask(engine, "Who are you?"))).isZero();
        }
        assertThat(files()).hasSize(2);
    }

    @Test
    void with_too_little_room_nothing_is_kept() {
        room = 1_000_000;
        try (var engine = load(TestModels.smolLm2())) {
            ask(engine, "Who are you?");
        }
        assertThat(files()).isEmpty();
    }

    private static int cached(Answer answer) {
        return answer.finished().usage().cachedTokens();
    }

    private static Answer raw(Engine engine, String text) {
        return EngineTests.ask(engine, EngineTests.raw(text).tokens(12).request());
    }

    private static Answer raw(Engine engine, String text, float adapter) {
        return EngineTests.ask(
                engine, EngineTests.raw(text).tokens(12).adapters(adapter).request());
    }

    private Answer ask(Engine engine, String question) {
        return EngineTests.ask(
                engine,
                EngineTests.conversation(List.of(Message.of("system", RULES), Message.of("user", question)))
                        .tokens(12)
                        .request());
    }

    private Engine load(Path model) {
        return load(TestModelFiles.of(List.of(model)));
    }

    private Engine load(ModelFiles files) {
        var spec = new EngineSpec("test", files, 1024, slots, 512, 1, Placement.CPU, true, cacheType, "auto", 0);
        var keeping = new PrefixKeeping(new PrefixFolders(base, OptionalLong.of(room))::of, conversations);
        if (processes) {
            var runners = TestRunners.of(MemoryLimit.NONE, new PrefixFolders(base, OptionalLong.of(room)));
            return new RemoteEngineLoader(runners, TestModels.nativeLibraries()).load(spec, Loading.create());
        }
        var hooks = new ProcessHooks(new ComputeLock(), new StepClock(), afterStep, keeping);
        return new NativeEngineLoader(TestModels.nativeLibraries(), BackendChoice.ANY, true, true, hooks)
                .load(spec, Loading.create());
    }

    private List<Path> files() {
        try (var all = Files.walk(base)) {
            return all.filter(file -> file.toString().endsWith(".prefix")).toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
