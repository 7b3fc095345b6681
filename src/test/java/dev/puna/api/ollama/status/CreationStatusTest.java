// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.api.ollama.wire.StatusLine;
import dev.puna.creation.CreationProgress.Converting;
import dev.puna.creation.CreationProgress.Layer;
import dev.puna.creation.CreationProgress.Quantizing;
import dev.puna.creation.CreationProgress.Step;
import dev.puna.creation.CreationProgress.Warning;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CreationStatusTest {
    @Test
    void steps_have_the_words_of_ollama() {
        assertThat(Arrays.stream(Step.values()).map(CreationStatus::of).map(StatusLine::status))
                .containsExactly("parsing GGUF", "verifying conversion", "writing manifest", "success");
        assertThat(CreationStatus.of(new Layer("using existing layer sha256:1")))
                .isEqualTo(StatusLine.of("using existing layer sha256:1"));
    }

    @Test
    void a_conversion_counts_bytes_and_tells_what_it_finds_strange() {
        assertThat(CreationStatus.of(new Converting("model", 500, 250)))
                .isEqualTo(new StatusLine("converting model", "0000000000000000000", 500, 250));
        assertThat(CreationStatus.isPassing(new Converting("model", 500, 250))).isTrue();
        assertThat(CreationStatus.isPassing(new Converting("model", 500, 500))).isFalse();
        assertThat(CreationStatus.of(new Warning("it is odd"))).isEqualTo(StatusLine.of("warning: it is odd"));
    }

    @Test
    void quantising_counts_bytes_of_a_file_that_has_no_digest_yet() {
        assertThat(CreationStatus.of(new Quantizing("F32", "Q8_0", 500, 250)))
                .isEqualTo(new StatusLine("quantizing F32 model to Q8_0", "0000000000000000000", 500, 250));
    }
}
