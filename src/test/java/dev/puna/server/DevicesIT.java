// SPDX-License-Identifier: Apache-2.0
package dev.puna.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.support.CCompiler;
import dev.puna.support.PackagedProgram;
import dev.puna.support.TestModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Folders of libraries as people have them, some of which do not run here; plugins for hardware are made up. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(120)
class DevicesIT {
    private static final String NO_DEVICES = "0";
    private static final String ONE_DEVICE = "1";

    @TempDir
    Path home;

    private Path libraries = Path.of("");

    @BeforeEach
    void copyTheLibraries() throws IOException {
        libraries = Files.createDirectories(home.resolve("lib"));
        try (var files = Files.list(TestModels.nativeLibraries())) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                var name = file.getFileName().toString();
                // Without the checksums, as a folder is that somebody else made: a file that is not as it was built
                // ends the load.
                if (name.endsWith(".so") && (!name.startsWith("libggml-cpu-") || name.equals("libggml-cpu-x64.so"))) {
                    Files.copy(file, libraries.resolve(name));
                }
            }
        }
    }

    @Test
    void the_cpu_is_listed_with_its_memory_and_its_instructions() {
        var listed = puna().run("devices");

        assertThat(listed.exitCode()).as(listed.errors()).isZero();
        assertThat(listed.errors()).isEmpty();
        assertThat(listed.output())
                .containsPattern("(?m)^NAME +BACKEND +TYPE +MEMORY +FREE +DESCRIPTION *$")
                .containsPattern("(?m)^CPU +CPU +cpu +\\d+(\\.\\d)? GB +\\d+(\\.\\d)? [GM]B +\\S")
                .contains("\nLibraries: " + libraries + " (llama.cpp ")
                .contains("\nCPU instructions: x64\n")
                .doesNotContain("Not used");
    }

    @Test
    void libraries_that_cannot_be_loaded_are_named_with_the_linkers_reason_and_do_no_harm() throws IOException {
        Files.writeString(
                libraries.resolve("libggml-vulkan.so"),
                "this is no library, and long enough for all the headers that one would have at least");
        Files.writeString(
                libraries.resolve("libggml-cpu-zen4.so"),
                "this is no library, and long enough for all the headers that one would have at least");
        CCompiler.in(libraries).library("int nothing_in_here;", "libggml-opencl.so");
        needing("libcudart.so.13", libraries, ONE_DEVICE);

        var listed = puna().run("devices");

        assertThat(listed.exitCode()).as(listed.errors()).isZero();
        assertThat(listed.output())
                .containsPattern("(?m)^CPU +CPU +cpu ")
                .containsPattern("Not used: libggml-vulkan\\.so \\(.*invalid ELF header\\)")
                .containsPattern("Not used: libggml-cpu-zen4\\.so \\(.*invalid ELF header\\)")
                .contains("Not used: libggml-cuda.so (libcudart.so.13: cannot open shared object file")
                .containsPattern("Not used: libggml-opencl\\.so \\(.*failed to find ggml_backend_init in ")
                .doesNotContain("CUDA0");
    }

    @Test
    void where_the_newer_cuda_does_not_load_the_fallback_is_tried_and_either_can_be_forced() throws IOException {
        var fallback = Files.createDirectories(libraries.resolve("fallback"));
        needing("libcudart.so.13", libraries, ONE_DEVICE);
        plugin(fallback, ONE_DEVICE);

        assertThat(puna().run("devices").output())
                .containsPattern("(?m)^CUDA0 +CUDA +discrete +8\\.5 GB +4\\.2 GB +made up")
                .contains("Not used: libggml-cuda.so (libcudart.so.13: ")
                .doesNotContain("fallback");
        assertThat(puna().with("PUNA_LLM_LIBRARY", "cuda_v12").run("devices").output())
                .contains("CUDA0")
                .contains("Not used: libggml-cuda.so (only cuda_v12 is wanted)");
        assertThat(puna().with("OLLAMA_LLM_LIBRARY", "cuda_v13").run("devices").output())
                .contains("Not used: fallback/libggml-cuda.so (only cuda_v13 is wanted)")
                .contains("Set: OLLAMA_LLM_LIBRARY=cuda_v13")
                .doesNotContain("CUDA0");
        var absent = puna().with("PUNA_LLM_LIBRARY", "rocm").run("devices");
        assertThat(absent.exitCode()).isEqualTo(1);
        assertThat(absent.errors())
                .isEqualTo("Error: cannot compute with the library rocm: " + libraries
                        + " has cpu, cuda_v13, cuda_v12; set PUNA_LLM_LIBRARY to one of these, or unset it\n");
    }

    @Test
    void a_backend_without_a_device_says_so_and_its_fallback_gets_its_chance() throws IOException {
        plugin(libraries, NO_DEVICES);
        var fallback = Files.createDirectories(libraries.resolve("fallback"));
        plugin(fallback, NO_DEVICES);

        var listed = puna().with("CUDA_VISIBLE_DEVICES", "7").run("devices");

        assertThat(listed.exitCode()).as(listed.errors()).isZero();
        assertThat(listed.output())
                .contains("Not used: libggml-cuda.so (it found no device)")
                .contains("Not used: fallback/libggml-cuda.so (it found no device)")
                .contains("Set: CUDA_VISIBLE_DEVICES=7");
    }

    @Test
    void without_libraries_there_is_one_sentence_and_exit_code_1() {
        var listed = puna().with("PUNA_NATIVE_LIBS", home.resolve("nowhere").toString())
                .run("devices");

        assertThat(listed.exitCode()).isEqualTo(1);
        assertThat(listed.output()).isEmpty();
        assertThat(listed.errors())
                .startsWith("Error: cannot load the native libraries of " + home.resolve("nowhere")
                        + ": there is no such folder; ")
                .hasLineCount(1);
    }

    private PackagedProgram puna() {
        return new PackagedProgram(home).with("PUNA_NATIVE_LIBS", libraries.toString());
    }

    /** A plugin for CUDA that is linked against something that will not be there. */
    private static void needing(String library, Path folder, String devices) throws IOException {
        var there = CCompiler.in(folder).library("int something(void) { return 1; }", library);
        CCompiler.in(folder)
                .library(
                        "extern int something(void);\n" + source(devices) + "int use(void) { return something(); }",
                        "libggml-cuda.so",
                        there.toString());
        Files.delete(there);
    }

    private static void plugin(Path folder, String devices) {
        CCompiler.in(folder).library(source(devices), "libggml-cuda.so");
    }

    /** A backend of ggml's as far as a list of devices needs it. Source: ggml-backend-impl.h, API version 2. */
    private static String source(String devices) {
        return """
                #include <stddef.h>
                struct props {
                    const char *name, *description; size_t free, total; int type; const char *id; _Bool caps[5];
                };
                struct device {
                    const char *(*name)(void *); const char *(*description)(void *);
                    void (*memory)(void *, size_t *, size_t *); int (*type)(void *);
                    void (*props)(void *, struct props *); void *others[10]; void *reg; void *context;
                };
                struct reg {
                    int version; const char *(*name)(void *); size_t (*count)(void *); void *(*device)(void *, size_t);
                    void *(*address)(void *, const char *); void *context;
                };
                static const char *name(void *of) { return "CUDA"; }
                static const char *device_name(void *of) { return "CUDA0"; }
                static const char *description(void *of) { return "made up"; }
                static void memory(void *of, size_t *free, size_t *total) { *free = 4200000000u; *total = 8500000000u; }
                static int type(void *of) { return 1; }
                static void properties(void *of, struct props *to) {
                    to->name = "CUDA0"; to->description = "made up"; to->type = 1; to->id = "0000:01:00.0";
                    memory(of, &to->free, &to->total);
                }
                static size_t count(void *of) { return %s; }
                static struct device only = { device_name, description, memory, type, properties };
                static void *device(void *of, size_t index) { return &only; }
                static void *address(void *of, const char *what) { return 0; }
                static struct reg backend = { 2, name, count, device, address, 0 };
                void *ggml_backend_init(void) { only.reg = &backend; return &backend; }
                """.formatted(devices);
    }
}
