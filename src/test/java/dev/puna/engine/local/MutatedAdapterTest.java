// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.engine.ModelFiles;
import dev.puna.failure.Failure;
import dev.puna.failure.InvalidRequest;
import dev.puna.gguf.AdapterChecks;
import dev.puna.gguf.Gguf;
import dev.puna.support.TinyGguf;
import dev.puna.support.TinyLora;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Adapters with bytes of their header changed: refused, or good enough to run; libllama must not end the process. */
@Tag("engine")
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MutatedAdapterTest {
    private static final int MUTATIONS = 3_000;
    private static final int MOST_RUN = 60;

    @TempDir
    Path folder;

    @Test
    void a_changed_adapter_is_refused_or_runs() throws IOException {
        var model = TinyGguf.llama(1).writeTo(folder.resolve("model.gguf"));
        var header = List.of(Gguf.read(model));
        var good = TinyLora.fitting(5).toArray();
        var headerLength =
                (int) Gguf.read(Files.write(folder.resolve("good"), good)).dataOffset();
        var random = new Random(7);
        var refused = 0;
        var run = 0;
        for (int i = 0; i < MUTATIONS && run < MOST_RUN; i++) {
            var file = Files.write(folder.resolve("adapter.gguf"), changed(good, headerLength, random));
            try {
                AdapterChecks.check(Gguf.read(file), header);
            } catch (InvalidRequest _) {
                refused++;
                continue;
            }
            run(model, file);
            run++;
        }
        assertThat(refused).isPositive();
        assertThat(run).isPositive();
    }

    private static byte[] changed(byte[] good, int headerLength, Random random) {
        var bytes = good.clone();
        for (int i = random.nextInt(3); i >= 0; i--) {
            bytes[random.nextInt(headerLength)] = (byte) random.nextInt(random.nextBoolean() ? 4 : 256);
        }
        return bytes;
    }

    private static void run(Path model, Path adapter) {
        var files = new ModelFiles(List.of(model), List.of(adapter), Optional.empty());
        try (var engine = EngineTests.load(files, 64, 1, 32)) {
            var answer = EngineTests.ask(engine, EngineTests.raw("a").tokens(2).request());
            assertThat(answer.finished()).isNotNull();
        } catch (Failure failure) {
            assertThat(failure.text()).isNotBlank();
        }
    }
}
