// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import dev.puna.failure.NativeFailure;
import dev.puna.model.GenerationOptions;
import dev.puna.support.CCompiler;
import dev.puna.support.TestModels;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A real process of a model, with a shim in which the step of more than eight tokens waits for what never comes. */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@DisplayNameGeneration(ReplaceUnderscores.class)
class HungStepTest {
    private static final Duration BOUND = Duration.ofSeconds(90);
    private static final String SHIM = "libpuna-shim.so";
    private static final String REAL = "libpuna-real-shim.so";

    @TempDir
    Path folder;

    @Test
    void a_process_whose_step_hangs_is_ended_although_it_answers_and_the_next_one_computes() throws Exception {
        var libraries = libraries();
        var loader = new RemoteEngineLoader(TestRunners.of(MemoryLimit.NONE, libraries, Optional.empty()), libraries);
        try (var engine = load(loader)) {
            var told = new CompletableFuture<Failure>();
            engine.onDeath(told::complete);
            assertThat(answer(engine, "hello")).last().isInstanceOf(GenerationEvent.Finished.class);
            // Whoever waits for a request does not cost the process its life.
            Thread.sleep(Duration.ofSeconds(StepWatch.MOST_IDLE + 2));
            assertThat(told).isNotDone();

            var asked = System.nanoTime();
            assertThatThrownBy(() -> answer(engine, "hello".repeat(20)))
                    .isInstanceOf(NativeFailure.class)
                    .hasMessageStartingWith("model runner has unexpectedly stopped")
                    .hasMessageEndingWith(
                            "was ended: it has used no processor time for 10 s, although it has a step to compute");

            assertThat(Duration.ofNanos(System.nanoTime() - asked))
                    .isBetween(Duration.ofSeconds(9), Duration.ofSeconds(30));
            assertThat(told.get(BOUND.toSeconds(), TimeUnit.SECONDS)).isInstanceOf(NativeFailure.class);
        }
        try (var engine = load(loader)) {
            assertThat(answer(engine, "hello")).last().isInstanceOf(GenerationEvent.Finished.class);
        }
    }

    /** The real ones, with a shim before theirs. */
    private Path libraries() throws IOException {
        var libraries = Files.createDirectory(folder.resolve("libraries"));
        try (var files = Files.newDirectoryStream(TestModels.nativeLibraries(), "*.so*")) {
            for (var file : files) {
                Files.copy(file, libraries.resolve(file.getFileName()));
            }
        }
        Files.move(libraries.resolve(SHIM), libraries.resolve(REAL));
        // Links to a library of that name, which the real one takes the place of.
        var stand = CCompiler.in(Files.createDirectory(folder.resolve("stand"))).library("int puna_none;", REAL);
        var shim = CCompiler.in(folder)
                .library(
                        Files.readString(Path.of("src/test/resources/faults/hanging_shim.c")),
                        SHIM,
                        "-Wl,--no-as-needed",
                        stand.toString(),
                        "-Wl,-rpath,$ORIGIN");
        Files.move(shim, libraries.resolve(SHIM));
        return libraries;
    }

    private Engine load(RemoteEngineLoader loader) throws IOException {
        var weights = Files.write(folder.resolve("m.gguf"), TinyGguf.llama(1).toArray());
        var files = new ModelFiles(List.of(weights), List.of(), Optional.empty());
        return loader.load(
                new EngineSpec("m", files, 512, 1, 512, 1, Placement.CPU, true, "f16", "auto", 0), Loading.create());
    }

    private static List<GenerationEvent> answer(Engine engine, String prompt) {
        var options = new GenerationOptions(
                0, 40, 0.9f, 0, 1, 64, 1, 0, 0, OptionalLong.empty(), 4, 4, List.of(), Map.of(), false);
        var request = new GenerationRequest(
                new Prompt.Raw(prompt),
                options,
                new OutputFormat.Free(),
                true,
                true,
                false,
                false,
                OptionalInt.empty());
        return engine.generate(request).collect().asList().await().atMost(BOUND);
    }
}
