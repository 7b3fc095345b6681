// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.puna.conversion.source.ModelFiles;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model of three gigabytes, which takes no room on the disk, is converted in little memory. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class LargeModelTest {
    private static final long ROWS = 384 << 10;
    private static final long WIDTH = 4096;
    private static final long SIZE = ROWS * WIDTH * Short.BYTES;
    private static final long ALLOCATED_AT_MOST = 100L << 20;

    @TempDir
    private Path folder;

    @Test
    void three_gigabytes_pass_through_a_hundred_megabytes() throws IOException {
        Files.writeString(folder.resolve("config.json"), """
                {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 4096, "num_hidden_layers": 1,
                 "num_attention_heads": 32, "intermediate_size": 64, "vocab_size": 320}""");
        var tokenizer = Path.of("src/test/resources/conversion/tokenizers/gpt2");
        for (var name : new String[] {"tokenizer.json", "tokenizer_config.json"}) {
            Files.copy(tokenizer.resolve(name), folder.resolve(name));
        }
        weights();
        var threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
        var before = threads.getCurrentThreadAllocatedBytes();

        var written = new AtomicLong();
        try (var conversion = Conversion.open(ModelFiles.of(folder))) {
            conversion.writeTo(piece -> written.addAndGet(piece.remaining()), done -> assertThat(done)
                    .isLessThanOrEqualTo(conversion.size()));
            assertThat(written.get()).isEqualTo(conversion.size()).isGreaterThan(SIZE);
        }

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(ALLOCATED_AT_MOST);
    }

    private void weights() throws IOException {
        var header = """
                {"model.embed_tokens.weight":{"dtype":"BF16","shape":[%d,%d],"data_offsets":[0,%d]}}""".formatted(ROWS, WIDTH, SIZE).getBytes(StandardCharsets.UTF_8);
        try (var file = FileChannel.open(
                folder.resolve("model.safetensors"),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE,
                StandardOpenOption.SPARSE)) {
            file.write(ByteBuffer.allocate(Long.BYTES + header.length)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(header.length)
                    .put(header)
                    .flip());
            file.write(ByteBuffer.allocate(1), Long.BYTES + header.length + SIZE - 1);
        }
    }
}
