// SPDX-License-Identifier: Apache-2.0
package dev.puna.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.puna.failure.NativeFailure;
import dev.puna.support.CCompiler;
import dev.puna.support.TestModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
@DisplayNameGeneration(ReplaceUnderscores.class)
class ProcessLibraryTest {
    private static final String NAME = "libpuna-process.so";
    private static final String ADVICE =
            "; run native-libs/prepare, or set PUNA_NATIVE_LIBS to a folder that it has made for this version of Puna";

    @TempDir
    Path folder;

    @Test
    void a_library_that_cannot_be_used_is_told_in_a_sentence_before_it_can_do_harm() throws IOException {
        refuses(NAME + " is missing");

        Files.writeString(folder.resolve(NAME), "no library ".repeat(10));
        refuses("libpuna-process cannot be opened");

        var whole = Files.readAllBytes(TestModels.nativeLibraries().resolve(NAME));
        Files.write(folder.resolve(NAME), Arrays.copyOf(whole, whole.length / 2));
        refuses(NAME + " is cut off");

        Files.write(folder.resolve(NAME), whole);
        Files.writeString(folder.resolve("CHECKSUMS"), "12345678 %08x %s%n".formatted(whole.length, NAME));
        refuses(NAME + " is damaged: it has changed since it was prepared");
        Files.delete(folder.resolve("CHECKSUMS"));

        Files.delete(folder.resolve(NAME));
        CCompiler.in(folder).library("int puna_process_abi(void) { return 1; }", NAME);
        refuses("libpuna-process cannot be opened");
    }

    @Test
    void a_library_that_was_loaded_stays() {
        var loaded = ProcessLibrary.load(TestModels.nativeLibraries());
        assertThat(ProcessLibrary.load(folder)).isSameAs(loaded);
        assertThat(ProcessLibrary.present()).containsSame(loaded);
        assertThat(loaded.symbols().find("puna_spawn")).isPresent();
    }

    private void refuses(String reason) {
        assertThatExceptionOfType(NativeFailure.class)
                .isThrownBy(() -> ProcessLibrary.open(folder))
                .withMessage("cannot load the native libraries of " + folder + ": " + reason + ADVICE);
    }
}
