// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.chat.Message;
import dev.puna.device.Placement;
import dev.puna.engine.Engine;
import dev.puna.engine.EngineSpec;
import dev.puna.engine.Loading;
import dev.puna.engine.local.EngineTests.Answer;
import dev.puna.engine.prefix.PrefixFolders;
import dev.puna.engine.prefix.PrefixKeeping;
import dev.puna.engine.remote.MemoryLimit;
import dev.puna.engine.remote.RemoteEngineLoader;
import dev.puna.llama.NativeMemory;
import dev.puna.support.TestModelFiles;
import dev.puna.support.TestModels;
import dev.puna.support.TestRunners;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Beginnings of prompts that are found on disk when a model is loaded again. */
@Tag("engine")
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KeptPrefixesTest {
    private static final String RULES = "You are a helpful fox. " + EngineTests.STORY;

    @TempDir
    Path base;

    private boolean conversations;
    private boolean processes;
    private String cacheType = "f16";

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

    private Answer ask(Engine engine, String question) {
        return EngineTests.ask(
                engine,
                EngineTests.conversation(List.of(Message.of("system", RULES), Message.of("user", question)))
                        .tokens(12)
                        .request());
    }

    private Engine load(Path model) {
        var files = TestModelFiles.of(List.of(model));
        var spec = new EngineSpec("test", files, 1024, 2, 256, 1, Placement.CPU, true, cacheType, "auto", 0);
        var keeping = new PrefixKeeping(new PrefixFolders(base, OptionalLong.of(1L << 30))::of, conversations);
        if (processes) {
            var runners = TestRunners.of(MemoryLimit.NONE, new PrefixFolders(base, OptionalLong.of(1L << 30)));
            return new RemoteEngineLoader(runners, TestModels.nativeLibraries()).load(spec, Loading.create());
        }
        var hooks = new ProcessHooks(new ComputeLock(), () -> {}, keeping);
        return new NativeEngineLoader(TestModels.nativeLibraries(), Optional.empty(), true, hooks)
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
