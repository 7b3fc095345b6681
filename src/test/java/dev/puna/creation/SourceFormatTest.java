// SPDX-License-Identifier: Apache-2.0
package dev.puna.creation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SourceFormatTest {

    @Test
    void tensors_decide_whatever_describes_them() {
        assertThat(SourceFormat.of(List.of("config.json", "model-1.SAFETENSORS", "pytorch_model.bin")))
                .isEqualTo(new SourceFormat.Safetensors("model-1.SAFETENSORS"));
        assertThat(SourceFormat.of(List.of("config.json", "consolidated.pth")))
                .isEqualTo(new SourceFormat.Torch("consolidated.pth"));
    }

    @Test
    void descriptions_alone_are_those_of_tensors_that_are_missing() {
        assertThat(SourceFormat.of(List.of("tokenizer.model")))
                .isEqualTo(new SourceFormat.Safetensors("tokenizer.model"));
    }

    @Test
    void everything_else_has_to_say_itself_what_it_is() {
        assertThat(SourceFormat.of(List.of("model.gguf", "mmproj", "adapter.GGUF")))
                .isEqualTo(new SourceFormat.Gguf());
    }
}
