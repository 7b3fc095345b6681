// SPDX-License-Identifier: Apache-2.0
package dev.puna.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.InvalidRequest;
import dev.puna.support.TestModels;
import dev.puna.support.TinyGguf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CutShortGgufTest {
    private static final int KILOBYTE = 1024;
    private static final int MEGABYTE = 1024 * 1024;

    @TempDir
    Path folder;

    @Test
    void a_small_file_is_refused_wherever_it_is_cut() throws IOException {
        var whole = TinyGguf.headerOnly().toArray();
        var path = Files.write(folder.resolve("model.gguf"), whole);
        var file = Gguf.read(path);
        var last = file.tensors().getLast();
        var needed = file.dataOffset() + last.offset() + last.size();

        try (var channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            for (var length = needed - 1; length >= 0; length--) {
                channel.truncate(length);
                refuses(path, length);
            }
        }
    }

    /** Only the header is copied: what the weights are makes no difference. */
    @Test
    void a_real_file_is_refused_at_every_kilobyte_of_its_header_and_every_megabyte_of_its_weights() throws IOException {
        var real = TestModels.smolLm2();
        var file = Gguf.read(real);
        var path = folder.resolve("model.gguf");
        try (var from = FileChannel.open(real);
                var to = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            from.transferTo(0, file.dataOffset(), to);
            to.write(ByteBuffer.allocate(1), file.fileSize() - 1);
            assertThat(Gguf.read(path).tensors()).isEqualTo(file.tensors());

            for (var length = file.fileSize() - 1; length > file.dataOffset(); length -= MEGABYTE) {
                to.truncate(length);
                refuses(path, length);
            }
            for (var length = file.dataOffset() / KILOBYTE * KILOBYTE; length >= 0; length -= KILOBYTE) {
                to.truncate(length);
                refuses(path, length);
            }
        }
    }

    private static void refuses(Path path, long length) {
        assertThatThrownBy(() -> Gguf.read(path))
                .as("cut to %d bytes", length)
                .isInstanceOf(InvalidRequest.class)
                .hasMessageMatching(".*(cut short|cannot hold|exceeds|invalid file magic).*");
    }
}
