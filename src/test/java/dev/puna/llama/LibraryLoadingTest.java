// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.puna.llama.binding.generated.Native;
import dev.puna.support.CCompiler;
import dev.puna.support.TestModels;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LibraryLoadingTest {
    private static final String ADVICE = "; run native-libs/prepare, or set PUNA_NATIVE_LIBS to a folder that holds"
            + " libraries of the pinned version";

    @TempDir
    Path folder;

    /** The numbers of the bindings can be asked once their library is open. */
    @BeforeAll
    static void open() {
        TestLlama.backend();
    }

    @Test
    void the_prepared_folder_loads_by_every_name_and_no_other_after_it() throws IOException {
        var real = TestModels.nativeLibraries();
        var link = Files.createSymbolicLink(folder.resolve("link"), real);
        var other = Files.createDirectory(folder.resolve("other"));

        var lines = probe(real, link, other, real);

        assertThat(lines.getFirst()).isEqualTo("before: the native libraries are not loaded yet");
        assertThat(lines.get(1)).startsWith("version 0.");
        assertThat(lines.get(2)).isEqualTo(lines.get(1));
        assertThat(lines.get(3))
                .isEqualTo("NativeFailure: cannot load the native libraries of " + other
                        + ": this process runs on those of " + real.toRealPath() + "; start another process for them");
        assertThat(lines.get(4)).isEqualTo(lines.get(1));
    }

    /** On x86-64 only; attention is the shim's where the processor has AVX2. */
    @Test
    @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
    void small_batches_are_kept_away_from_sgemm_and_attention_is_ours_as_the_setting_says() throws IOException {
        var real = TestModels.nativeLibraries();
        var wide = Files.readString(Path.of("/proc/cpuinfo")).contains(" avx2 ");

        assertThat(probe(Map.of("PUNA_SMALL_BATCH", "true"), real))
                .last()
                .isEqualTo("small batches kept: true, own attention: " + wide);
        assertThat(probe(Map.of("PUNA_SMALL_BATCH", "0"), real))
                .last()
                .isEqualTo("small batches kept: false, own attention: false");
    }

    @Test
    void a_folder_that_does_not_exist_is_named_and_does_no_harm() throws IOException {
        var nowhere = folder.resolve("nowhere");

        var lines = probe(nowhere, TestModels.nativeLibraries());

        assertThat(lines.get(1))
                .isEqualTo("NativeFailure: cannot load the native libraries of " + nowhere + ": there is no such folder"
                        + ADVICE);
        assertThat(lines.get(2)).startsWith("version 0.");
    }

    @Test
    void a_file_is_no_folder() throws IOException {
        var file = Files.createFile(folder.resolve("libllama.so"));

        assertThat(probe(file).get(1)).contains("it is a file and no folder");
    }

    @Test
    void a_missing_library_is_named() throws IOException {
        linkAllBut("libllama-common");
        assertThat(probe(folder).get(1))
                .isEqualTo("NativeFailure: cannot load the native libraries of " + folder
                        + ": libllama-common.so is missing" + ADVICE);
    }

    @Test
    void a_corrupt_library_is_named_with_the_linkers_reason() throws IOException {
        linkAllBut("libpuna-shim");
        var shim = folder.resolve("libpuna-shim.so");
        Files.writeString(shim, "this is no library, and long enough for all the headers that one would have at least");

        assertThat(probe(folder).get(1))
                .startsWith("NativeFailure: cannot load native library " + shim + ": ")
                .contains("invalid ELF header")
                .endsWith(ADVICE);
    }

    @Test
    void a_library_cut_off_is_a_failure_and_not_a_crash() throws IOException {
        linkAllBut("libpuna-shim");
        var whole = Files.readAllBytes(TestModels.nativeLibraries().resolve("libpuna-shim.so"));
        Files.write(folder.resolve("libpuna-shim.so"), Arrays.copyOf(whole, whole.length / 2));

        var lines = probe(folder, TestModels.nativeLibraries());

        assertThat(lines.get(1))
                .isEqualTo("NativeFailure: cannot load the native libraries of " + folder
                        + ": libpuna-shim.so is cut off" + ADVICE);
        assertThat(lines.get(2)).startsWith("version 0.");
    }

    @Test
    void a_folder_without_a_compute_backend_is_refused() throws IOException {
        linkAllBut("libggml-cpu");

        assertThat(probe(folder).get(1)).contains("none of its libggml-*.so backends runs on this machine");
    }

    @Test
    void a_shim_that_speaks_another_version_is_refused() throws IOException {
        fake("unsigned puna_shim_abi(void) { return 99; }");

        assertThat(probe(folder).get(1))
                .contains("its shim speaks version 99, this program " + Native.PUNA_SHIM_ABI())
                .endsWith(ADVICE);
    }

    @Test
    void a_shim_made_for_another_llama_cpp_is_refused() throws IOException {
        fake("""
                unsigned puna_shim_abi(void) { return %d; }
                const char * puna_shim_llama_version(void) { return "0.4.9"; }
                const char * llama_version(void) { return "0.5.0"; }
                """.formatted(Native.PUNA_SHIM_ABI()));

        assertThat(probe(folder).get(1)).contains("it holds llama.cpp 0.5.0 and a shim made for 0.4.9");
    }

    @Test
    void a_shim_that_is_none_is_refused_by_what_it_lacks() throws IOException {
        fake("int nothing;");

        assertThat(probe(folder).get(1)).contains("its libraries lack ").contains("puna_shim_abi");
    }

    /** The linker looks there first for what a library needs, unless that is open already. */
    @Test
    void libraries_of_the_same_names_elsewhere_are_not_loaded() throws IOException {
        var real = TestModels.nativeLibraries();
        var traces = Files.createDirectory(folder.resolve("traces"));
        var elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        try (var files = Files.newDirectoryStream(real, "*.so")) {
            for (var file : files) {
                decoy(elsewhere, file.getFileName().toString(), traces);
            }
        }

        var lines = probe(Map.of("LD_LIBRARY_PATH", elsewhere.toString()), real);

        assertThat(lines.get(1)).startsWith("version 0.");
        assertThat(traces).isEmptyDirectory();
    }

    @Test
    void a_library_forced_upon_the_program_is_named_as_the_likely_reason() throws IOException {
        var real = TestModels.nativeLibraries();
        var traces = Files.createDirectory(folder.resolve("traces"));
        var forced = decoy(folder, "libggml-base.so", traces);

        var lines = probe(Map.of("LD_PRELOAD", forced.toString()), real);

        assertThat(traces).isDirectoryContaining("glob:**/libggml-base.so");
        assertThat(lines.get(1))
                .startsWith("NativeFailure: cannot load native library " + real.toRealPath())
                .contains("undefined symbol")
                .contains("LD_PRELOAD is set: try without it, or run native-libs/prepare");
    }

    /** A library that leaves a file behind when it is loaded, and has nothing else. */
    private static Path decoy(Path where, String name, Path traces) {
        return CCompiler.in(where).library("""
                #include <fcntl.h>
                #include <unistd.h>
                __attribute__((constructor)) static void loaded(void) {
                    close(open("%s/%s", O_CREAT | O_WRONLY, 0600));
                }
                """.formatted(traces, name), name);
    }

    /** Libraries by the right names, of which only the shim holds anything. */
    private void fake(String shim) {
        var compiler = CCompiler.in(folder);
        for (var name : List.of("ggml-base", "ggml", "llama", "llama-common")) {
            compiler.library("int nothing_of_" + name.replace('-', '_') + ";", "lib" + name + ".so");
        }
        compiler.library(shim, "libpuna-shim.so");
    }

    private void linkAllBut(String beginning) throws IOException {
        try (var files = Files.list(TestModels.nativeLibraries())) {
            for (var file : files.toList()) {
                var name = file.getFileName().toString();
                if (!name.startsWith(beginning) && !name.equals("CHECKSUMS")) {
                    // A copy, since the linker looks for neighbours where a link leads to.
                    Files.copy(file, folder.resolve(name));
                }
            }
        }
    }

    private List<String> probe(Path... folders) throws IOException {
        return probe(Map.of(), folders);
    }

    private List<String> probe(Map<String, String> environment, Path... folders) throws IOException {
        var output = Files.createTempFile(folder, "probe", ".txt");
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath(),
                LibraryProbe.class.getName()));
        Stream.of(folders).map(Path::toString).forEach(command::add);
        var builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        var process = builder.start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS))
                    .as("ended in time")
                    .isTrue();
            var lines = Files.readAllLines(output);
            assertThat(process.exitValue()).as("%s", lines).isZero();
            return lines;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }

    /** Where the classes of the probe lie, whatever started this test. */
    private static String classPath() {
        return Stream.of(
                        LibraryProbe.class,
                        LlamaBackend.class,
                        ObjectMapper.class,
                        JsonParser.class,
                        JsonProperty.class)
                .map(LibraryLoadingTest::origin)
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String origin(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
