// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.engine.ModelFiles;
import dev.puna.failure.NativeFailure;
import dev.puna.llama.NativeMemory;
import dev.puna.support.TinyGguf;
import dev.puna.support.TinyLora;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("engine")
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AdapterTest {
    @TempDir
    Path folder;

    private Path model = Path.of("");

    @BeforeEach
    void write() {
        model = TinyGguf.llama(1).writeTo(folder.resolve("model.gguf"));
    }

    @AfterEach
    void nothing_native_is_left() {
        assertThat(NativeMemory.live()).isEmpty();
    }

    @Test
    void an_adapter_changes_the_answer_and_without_it_the_old_one_is_back() {
        var adapter = TinyLora.fitting(5).writeTo(folder.resolve("adapter.gguf"));

        var plain = answer(List.of());
        var adapted = answer(List.of(adapter));
        var again = answer(List.of(adapter));
        var other = answer(List.of(TinyLora.fitting(6).writeTo(folder.resolve("other.gguf"))));

        assertThat(adapted).isNotEqualTo(plain).isEqualTo(again);
        assertThat(other).isNotEqualTo(plain).isNotEqualTo(adapted);
        assertThat(answer(List.of())).isEqualTo(plain);
    }

    @Test
    void an_adapter_that_does_not_fit_ends_the_load_with_the_librarys_reason() {
        var adapter = TinyLora.header("llama");
        TinyLora.pair(adapter, "blk.0.attn_q.weight", new Random(1), 32, 64);
        var file = adapter.writeTo(folder.resolve("narrow.gguf"));

        assertThatThrownBy(() -> answer(List.of(file)))
                .isInstanceOf(NativeFailure.class)
                .hasMessageContaining("cannot apply adapter narrow.gguf")
                .hasMessageContaining("incorrect shape");
    }

    private String answer(List<Path> adapters) {
        var files = new ModelFiles(List.of(model), adapters, Optional.empty());
        try (var engine = EngineTests.load(files, 128, 2, 64)) {
            return EngineTests.ask(
                            engine, EngineTests.raw("hello there").tokens(24).request())
                    .text();
        }
    }
}
