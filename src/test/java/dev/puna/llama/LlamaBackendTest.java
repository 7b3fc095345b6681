// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.device.ComputeDevice;
import dev.puna.llama.binding.generated.Native;
import dev.puna.llama.settings.CacheType;
import dev.puna.llama.settings.FlashAttention;
import dev.puna.llama.settings.Pooling;
import dev.puna.support.TestModels;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayNameGeneration(ReplaceUnderscores.class)
@ExtendWith(NoNativeLeaks.class)
class LlamaBackendTest {

    @Test
    void there_is_one_for_the_process() {
        var backend = TestLlama.backend();

        assertThat(TestLlama.backend()).isSameAs(backend);
        assertThat(backend.version()).matches("\\d+\\.\\d+\\.\\d+.*");
        assertThat(backend.folder()).isAbsolute().isDirectory();
        assertThat(backend.folder().toFile().list()).contains("libpuna-shim.so");
        assertThat(TestModels.nativeLibraries()).isDirectory();
    }

    @Test
    void the_cpu_is_a_device_with_the_memory_of_the_machine() {
        var cpu = TestLlama.backend().devices().stream()
                .filter(device -> device.kind() == ComputeDevice.Kind.CPU)
                .findFirst()
                .orElseThrow();

        assertThat(cpu.name()).isEqualTo("CPU");
        assertThat(cpu.backend()).isEqualTo("CPU");
        assertThat(cpu.description()).isNotBlank();
        assertThat(cpu.totalBytes()).isGreaterThan(1L << 28);
        assertThat(cpu.freeBytes()).isBetween(0L, cpu.totalBytes());
        assertThat(cpu.gpu()).isFalse();
    }

    @Test
    void our_names_stand_for_llama_cpps_numbers() {
        assertThat(TestLlama.backend()).as("what the numbers are those of").isNotNull();
        assertThat(CacheType.F16.code()).isEqualTo(Native.GGML_TYPE_F16());
        assertThat(CacheType.Q8_0.code()).isEqualTo(Native.GGML_TYPE_Q8_0());
        assertThat(CacheType.Q4_0.code()).isEqualTo(Native.GGML_TYPE_Q4_0());
        assertThat(FlashAttention.AUTO.code()).isEqualTo(Native.LLAMA_FLASH_ATTN_TYPE_AUTO());
        assertThat(FlashAttention.OFF.code()).isEqualTo(Native.LLAMA_FLASH_ATTN_TYPE_DISABLED());
        assertThat(FlashAttention.ON.code()).isEqualTo(Native.LLAMA_FLASH_ATTN_TYPE_ENABLED());
        assertThat(Pooling.OF_THE_MODEL).isEqualTo(Native.LLAMA_POOLING_TYPE_UNSPECIFIED());
        assertThat(Pooling.NONE.code()).isEqualTo(Native.LLAMA_POOLING_TYPE_NONE());
        assertThat(Pooling.MEAN.code()).isEqualTo(Native.LLAMA_POOLING_TYPE_MEAN());
        assertThat(Pooling.CLS.code()).isEqualTo(Native.LLAMA_POOLING_TYPE_CLS());
        assertThat(Pooling.LAST.code()).isEqualTo(Native.LLAMA_POOLING_TYPE_LAST());
        assertThat(Pooling.RANK.code()).isEqualTo(Native.LLAMA_POOLING_TYPE_RANK());
    }
}
