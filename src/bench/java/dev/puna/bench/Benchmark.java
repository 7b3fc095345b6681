// SPDX-License-Identifier: Apache-2.0
package dev.puna.bench;

import dev.puna.support.TestModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Compares this build with llama-bench and llama-server, built from the bundled source against the very same libraries, and with
 * an Ollama that is installed.
 *
 * <p>System properties: {@code bench.launcher} (the {@code puna} script or executable), {@code bench.peers} (the folder of the
 * peers' programs; else they are built), {@code bench.ollama} (an {@code ollama} program), {@code bench.toolmodel} (a GGUF file whose
 * calls of tools are counted), {@code bench.threads} (1), {@code bench.rounds} (5), {@code bench.minutes} (of the soak, which is left out
 * without it), {@code bench.only} (a word of the measurement's name).
 */
public final class Benchmark {

    private Benchmark() {}

    public static void main(String[] arguments) throws Exception {
        var setting = Setting.fromProperties();
        var table = new ResultTable();
        System.out.printf(
                "threads %d, rounds %d, medians; machine load before: %s%n",
                setting.threads(), setting.rounds(), load());
        run(setting, "decode", () -> Speed.decodeAndPrompt(setting, "SmolLM2 135M Q4_1", TestModels.smolLm2(), table));
        run(setting, "decode", () -> Speed.decodeAndPrompt(setting, "Gemma 3 270M Q4_K_M", TestModels.gemma(), table));
        run(setting, "clients", () -> Concurrency.clients(setting, "SmolLM2 135M Q4_1", TestModels.smolLm2(), table));
        run(setting, "clients", () -> Concurrency.clients(setting, "Gemma 270M Q4_K_M", TestModels.gemma(), table));
        run(setting, "clients", () -> Concurrency.clients(setting, "Qwen 0.5B Q4_K_M", TestModels.qwenCoder(), table));
        run(setting, "repeating", () -> Speed.repeating(setting, "SmolLM2 135M Q4_1", TestModels.smolLm2(), table));
        run(setting, "repeating", () -> Speed.repeating(setting, "Gemma 270M Q4_K_M", TestModels.gemma(), table));
        run(setting, "repeating", () -> Speed.repeating(setting, "Qwen 0.5B Q4_K_M", TestModels.qwenCoder(), table));
        run(setting, "gaps", () -> Gaps.besideLongPrompt(setting, TestModels.smolLm2(), table));
        run(setting, "quantize", () -> Quantizing.besideLlamaQuantize(setting, "SmolLM2", TestModels.smolLm2(), table));
        run(setting, "growth", () -> Concurrency.growth(setting, "SmolLM2 135M", TestModels.smolLm2(), table));
        run(setting, "growth", () -> Speed.growingContext(setting, "Gemma 3 270M", TestModels.gemma(), table));
        run(setting, "schemas", () -> Structured.schemas(setting, "SmolLM2 135M", TestModels.smolLm2(), table));
        run(setting, "first", () -> FirstToken.coldAndShared(setting, TestModels.smolLm2(), table));
        for (var tokens : List.of(2_000, 8_000)) {
            run(
                    setting,
                    "first",
                    () -> FirstToken.afterUnload(setting, "SmolLM2 135M", TestModels.smolLm2(), tokens, table));
            run(
                    setting,
                    "first",
                    () -> FirstToken.afterUnload(setting, "Gemma 3 270M", TestModels.gemma(), tokens, table));
        }
        run(setting, "embeddings", () -> EmbeddingBenchmark.perSecond(setting, TestModels.miniLm(), table));
        run(setting, "dialects", () -> Dialects.chat(setting, TestModels.smolLm2(), table));
        run(setting, "dialects", () -> Dialects.embeddings(setting, TestModels.miniLm(), table));
        run(setting, "start", () -> Footprint.startAndMemory(setting, TestModels.smolLm2(), table));
        run(setting, "isolation", () -> Isolated.starting(setting, TestModels.smolLm2(), table));
        run(setting, "isolation", () -> Isolated.generating(setting, TestModels.smolLm2(), table));
        run(setting, "isolation", () -> Isolated.embedding(setting, TestModels.miniLm(), table));
        run(setting, "fairness", () -> UnderLoad.all(setting, TestModels.smolLm2(), table));
        run(setting, "soak", () -> Soak.run(setting, table));
        run(setting, "rendering", () -> Rendering.prompts(table));
        run(setting, "tools", () -> toolCalls(setting, table));
        run(setting, "ollama", () -> besideOllama(setting, table));
        System.out.println();
        System.out.print(table);
        System.out.printf("%nmachine load after: %s%n", load());
    }

    private static void toolCalls(Setting setting, ResultTable table) throws IOException {
        var model = System.getProperty("bench.toolmodel");
        if (model == null) {
            System.out.println("Calls of tools are not counted: bench.toolmodel names no model.");
        } else {
            ToolCalls.shares(setting, Path.of(model), table);
        }
    }

    private static void besideOllama(Setting setting, ResultTable table) throws Exception {
        if (setting.ollama().isPresent()) {
            BesideOllama.all(setting, setting.ollama().get(), TestModels.smolLm2(), table);
        } else {
            System.out.println("Ollama is not compared with: bench.ollama does not say where it is.");
        }
    }

    private static void run(Setting setting, String name, Measurement measurement) throws Exception {
        if (setting.only().isEmpty() || name.contains(setting.only())) {
            measurement.run();
        }
    }

    private static String load() throws IOException {
        return Files.readString(Path.of("/proc/loadavg")).strip();
    }

    interface Measurement {
        void run() throws Exception;
    }
}
