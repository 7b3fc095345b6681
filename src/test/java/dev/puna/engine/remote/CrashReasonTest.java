// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.failure.Failure;
import dev.puna.failure.InsufficientMemory;
import dev.puna.failure.NativeFailure;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CrashReasonTest {
    private static final String SIGABRT = "SIGABRT (gave up, as after a failed assertion)";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CUDA error: out of memory",
                "ROCm error: out of memory",
                "ggml_vulkan: Device memory allocation of size 1 failed: vk::Device::allocateMemory: ErrorOutOfDeviceMemory",
                "terminate called after throwing an instance of 'std::bad_alloc'",
                "ggml_aligned_malloc: insufficient memory (attempted to allocate 953.67 MB)",
                "# There is insufficient memory for the Java Runtime Environment to continue.",
                "Exception: java.lang.OutOfMemoryError thrown from the UncaughtExceptionHandler in thread \"main\"",
                "ggml_backend_cuda_buffer_type_alloc_buffer: cudaMalloc failed: unknown",
                "decode: GGML_STATUS_ALLOC_FAILED",
            })
    void memory_that_ran_out_is_named(String line) {
        var failure = of(SIGABRT, "begun", line, "ggml-cuda.cu:98: CUDA error", "0x0001 in y");

        assertThat(failure).isInstanceOf(InsufficientMemory.class);
        assertThat(failure.text())
                .startsWith("model runner has unexpectedly stopped")
                .endsWith("the process of 'm' ran out of memory and ended with " + SIGABRT + ": " + line);
    }

    @Test
    void a_limit_in_force_is_told_with_it() {
        var end = new Runner.End(SIGABRT, List.of("std::bad_alloc"));

        assertThat(CrashReason.of("m", "", end, OptionalLong.of(6L << 30)).text())
                .endsWith("; the process of this model may have 6.0 GiB beside its weights (PUNA_RUNNER_MEMORY)");
    }

    @Test
    void memory_that_it_does_without_is_no_reason() {
        assertThat(of(
                        "SIGSEGV (invalid memory reference)",
                        "ggml_cuda_host_malloc: failed to allocate 64.00 MiB of pinned memory: out of memory"))
                .isInstanceOf(NativeFailure.class);
    }

    @Test
    void one_that_this_side_has_ended_did_not_run_out_of_memory() {
        var end = new Runner.End("SIGKILL", List.of("failed to allocate buffer"));

        assertThat(CrashReason.of("m", "it did not answer for 8 s", end, OptionalLong.empty()))
                .isInstanceOf(NativeFailure.class)
                .hasMessageEndingWith("it did not answer for 8 s");
    }

    private static Failure of(String reason, String... lines) {
        return CrashReason.of("m", "", new Runner.End(reason, List.of(lines)), OptionalLong.empty());
    }
}
