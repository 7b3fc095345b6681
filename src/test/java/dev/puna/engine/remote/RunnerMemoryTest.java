// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.chat.Message;
import dev.puna.device.Placement;
import dev.puna.engine.Engine;
import dev.puna.engine.EngineSpec;
import dev.puna.engine.GenerationEvent;
import dev.puna.engine.GenerationRequest;
import dev.puna.engine.Loading;
import dev.puna.engine.ModelFiles;
import dev.puna.engine.OutputFormat;
import dev.puna.engine.Prompt;
import dev.puna.failure.Failure;
import dev.puna.failure.InsufficientMemory;
import dev.puna.model.GenerationOptions;
import dev.puna.support.TestModels;
import dev.puna.support.TestPrompts;
import dev.puna.support.TestRunners;
import dev.puna.support.TinyGguf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Real processes of models that want more memory than they may have. */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@DisplayNameGeneration(ReplaceUnderscores.class)
class RunnerMemoryTest {
    private static final long LIMIT = 2L << 30;
    private static final Duration BOUND = Duration.ofSeconds(90);
    private static final Pattern DATA = Pattern.compile("VmData:\\s+(\\d+) kB");

    private final RemoteEngineLoader loader = new RemoteEngineLoader(
            TestRunners.of(new MemoryLimit(OptionalLong.of(LIMIT), 0)), TestModels.nativeLibraries());

    @TempDir
    Path folder;

    @Test
    void a_model_that_wants_more_is_refused_and_one_that_does_not_is_computed() throws Exception {
        var weights = TestModels.smolLm2();

        assertThatThrownBy(() -> load(weights, 400_000))
                .isInstanceOf(InsufficientMemory.class)
                .hasMessageContaining("to allocate")
                .hasMessageEndingWith(
                        "; the process of this model may have 2.0 GiB beside its weights (PUNA_RUNNER_MEMORY)");

        try (var engine = load(weights, 512)) {
            assertThat(answer(engine, new Prompt.Raw("Once upon a time")))
                    .last()
                    .isInstanceOf(GenerationEvent.Finished.class);
            assertThat(privateBytes()).isBetween(1L << 20, LIMIT);
        }
    }

    @Test
    void a_template_that_multiplies_a_text_without_end_costs_its_request() throws Exception {
        var model = TinyGguf.llama(1).text("tokenizer.chat_template", "{{ 'x' * 100000000000 }}");
        var weights = Files.write(folder.resolve("m.gguf"), model.toArray());
        try (var engine = load(weights, 512)) {
            var asked = System.nanoTime();

            assertThatThrownBy(() -> answer(engine, TestPrompts.conversation(List.of(Message.of("user", "Hi")))))
                    .isInstanceOf(Failure.class)
                    .hasMessageContaining("the chat template takes too much memory");

            assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(30));
            assertThat(answer(engine, new Prompt.Raw("hello"))).last().isInstanceOf(GenerationEvent.Finished.class);
        }
    }

    private Engine load(Path weights, int contextLength) {
        var files = new ModelFiles(List.of(weights), List.of(), Optional.empty());
        var spec = new EngineSpec("m", files, contextLength, 1, 512, 1, Placement.CPU, true, "f16", "auto", 0);
        return loader.load(spec, Loading.create());
    }

    private static List<GenerationEvent> answer(Engine engine, Prompt prompt) {
        var options = new GenerationOptions(
                0, 40, 0.9f, 0, 1, 64, 1, 0, 0, OptionalLong.empty(), 4, 4, List.of(), Map.of(), false);
        var request = new GenerationRequest(
                prompt, options, new OutputFormat.Free(), true, true, false, false, OptionalInt.empty());
        return engine.generate(request).collect().asList().await().atMost(BOUND);
    }

    /** Of the only child that this process has with a model. */
    private static long privateBytes() throws IOException {
        var child = ProcessHandle.current()
                .children()
                .filter(ProcessHandle::isAlive)
                .findFirst()
                .orElseThrow();
        var status = DATA.matcher(Files.readString(Path.of("/proc", Long.toString(child.pid()), "status")));
        assertThat(status.find()).isTrue();
        System.out.println("private memory of the process of a model: " + status.group(1) + " kB");
        return Long.parseLong(status.group(1)) << 10;
    }
}
