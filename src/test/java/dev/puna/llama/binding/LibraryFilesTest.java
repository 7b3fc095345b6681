// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.NativeFailure;
import dev.puna.library.LibraryCheck;
import dev.puna.support.TestModels;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is found out about a folder of libraries before the linker sees any of them. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class LibraryFilesTest {
    private static final int SIZE = 10_000;
    private static final List<String> ALL = List.of(
            "libggml-base.so",
            "libggml.v0.5.0.so",
            "libllama.v0.5.0.so",
            "libllama-common.so",
            "libpuna-shim.so",
            "libggml-cpu-x64.so",
            "libmtmd.so",
            "libpuna-media.so");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"libggml-base", "libggml", "libllama", "libllama-common", "libpuna-shim"})
    void each_library_that_is_missing_is_named(String name) throws IOException {
        fill();
        try (var files = Files.newDirectoryStream(folder, name + ".*")) {
            for (var file : files) {
                Files.delete(file);
            }
        }

        refuses(name + ".so is missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"libmtmd.so", "libpuna-media.so"})
    void what_only_models_that_see_need_is_asked_for_them_alone(String name) throws IOException {
        fill();
        Files.delete(folder.resolve(name));

        assertThat(LibraryFiles.inLoadOrder(folder)).hasSize(5);
        assertThatThrownBy(() -> LibraryFiles.mediaInLoadOrder(folder))
                .isInstanceOf(NativeFailure.class)
                .hasMessageContaining(name + " is missing");
    }

    @Test
    void links_that_lead_in_circles_or_nowhere_are_named() throws IOException {
        fill();
        var shim = folder.resolve("libpuna-shim.so");
        Files.delete(shim);
        Files.createSymbolicLink(shim, shim);
        refuses("libpuna-shim.so cannot be read (Too many levels of symbolic links");

        Files.delete(shim);
        Files.createSymbolicLink(shim, folder.resolve("nowhere"));
        refuses("libpuna-shim.so leads nowhere");

        var circle = folder.resolve("circle");
        Files.createSymbolicLink(circle, circle);
        assertThatThrownBy(() -> LibraryFiles.inLoadOrder(circle))
                .hasMessageContaining(circle + ": it cannot be read (Too many levels of symbolic links");
    }

    @ParameterizedTest
    @ValueSource(strings = {"libllama.v0.5.0.so", "libggml-cpu-x64.so"})
    void a_library_for_another_processor_is_named(String name) throws IOException {
        fill();
        var other = System.getProperty("os.arch").equals("aarch64") ? 62 : 183;
        overwrite(name, 18, (byte) other, (byte) 0);

        refuses(name + " is for another processor than this machine's");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 63, 300})
    void a_library_without_its_end_is_named(int length) throws IOException {
        fill();
        try (var file = FileChannel.open(folder.resolve("libggml-cpu-x64.so"), StandardOpenOption.WRITE)) {
            file.truncate(length);
        }

        refuses("libggml-cpu-x64.so is cut off");
    }

    @Test
    void a_library_whose_inside_has_changed_is_named_where_its_checksum_was_noted() throws IOException {
        fill();
        noteChecksums();
        assertThatCode(() -> LibraryFiles.inLoadOrder(folder)).doesNotThrowAnyException();

        overwrite("libggml-cpu-x64.so", 5000, (byte) 'x');
        refuses("libggml-cpu-x64.so is damaged: it has changed since it was prepared");

        Files.writeString(folder.resolve("CHECKSUMS"), "nonsense\n\nof another version\n");
        assertThatCode(() -> LibraryFiles.inLoadOrder(folder)).doesNotThrowAnyException();
    }

    @Test
    void the_checksums_that_prepare_notes_are_those_of_the_libraries() throws IOException {
        var prepared = TestModels.nativeLibraries();
        var check = LibraryCheck.of(prepared);

        try (var files = Files.newDirectoryStream(prepared, "*.so")) {
            for (var file : files) {
                assertThat(check.fault(file)).as("%s", file).isEmpty();
            }
        }
    }

    private void refuses(String reason) {
        assertThatThrownBy(() -> LibraryFiles.inLoadOrder(folder))
                .isInstanceOf(NativeFailure.class)
                .hasMessageStartingWith("cannot load the native libraries of " + folder + ": " + reason)
                .hasMessageEndingWith("; " + LibraryFiles.ADVICE);
    }

    /** Libraries that hold no code: a header, and one segment that is all of the file. */
    private void fill() throws IOException {
        for (var name : ALL) {
            var library = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
            library.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1});
            library.putShort(18, (short) (System.getProperty("os.arch").equals("aarch64") ? 183 : 62));
            library.putLong(0x20, 64).putShort(0x38, (short) 1);
            library.putInt(64, 1).putLong(64 + 32, SIZE);
            Files.write(folder.resolve(name), library.array());
        }
    }

    private void overwrite(String name, int position, byte... bytes) throws IOException {
        try (var file = FileChannel.open(folder.resolve(name), StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(bytes), position);
        }
    }

    private void noteChecksums() throws IOException {
        var lines = new StringBuilder();
        for (var name : ALL) {
            var bytes = Files.readAllBytes(folder.resolve(name));
            var crc = new CRC32();
            crc.update(bytes);
            lines.append("%08x %08x %s%n".formatted(crc.getValue(), bytes.length, name));
        }
        Files.writeString(folder.resolve("CHECKSUMS"), lines);
    }
}
