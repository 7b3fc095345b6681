// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.engine.Loading;
import dev.puna.failure.NativeFailure;
import dev.puna.gguf.WeightPlans;
import dev.puna.model.Digest;
import dev.puna.model.WeightRules;
import dev.puna.support.QuantizableGguf;
import dev.puna.support.TestModels;
import dev.puna.support.TinyGguf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

@Tag("engine")
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ImportanceTest {
    @TempDir
    Path folder;

    /** The digests are those of llama-quantize, run in a folder with the files of {@link QuantizableGguf#writeTo}. */
    @ParameterizedTest
    @CsvFileSource(resources = "/quantization.csv", useHeadersInDisplayName = true, nullValues = "none")
    void a_file_has_the_bytes_that_llama_quantize_gives_it(
            String type, String matrix, String rules, String output, String embedding, boolean pure, String digest)
            throws IOException {
        QuantizableGguf.writeTo(folder);

        var made = quantize(
                type,
                new WeightRules(
                        text(matrix),
                        rules == null ? List.of() : List.of(rules.split(" ")),
                        text(output),
                        text(embedding),
                        pure));

        assertThat(Digest.of(Files.readAllBytes(made)).text()).isEqualTo("sha256:" + digest);
    }

    @Test
    void what_llama_cpp_would_assert_is_refused_before() {
        QuantizableGguf.writeTo(folder);

        assertThatThrownBy(() -> quantize(
                        "IQ2_XS", new WeightRules("imatrix.gguf", List.of("token_embd=iq2_xxs"), "", "", false)))
                .isInstanceOf(NativeFailure.class)
                .hasMessageContaining("says nothing of token_embd.weight, which so cannot become iq2_xxs")
                .hasMessageContaining("token_embedding_type");
        assertThatThrownBy(() -> quantize("IQ2_XS", new WeightRules("imatrix.gguf", List.of(), "", "q4_k", true)))
                .isInstanceOf(NativeFailure.class)
                .hasMessageContaining("says nothing of output.weight");
    }

    @Test
    void rows_of_embeddings_are_whole_blocks_of_the_type_that_is_asked_for() {
        TinyGguf.llama(1).writeTo(folder.resolve("model.gguf"));

        assertThatThrownBy(() -> quantize("Q4_0", new WeightRules("", List.of(), "", "q6_k", false)))
                .isInstanceOf(NativeFailure.class)
                .hasMessageContaining(
                        "rows of token_embd.weight are no whole blocks of q6_K: 64 is no multiple of 256");
    }

    @Test
    void an_expression_that_is_none_is_refused_with_the_reason() {
        QuantizableGguf.writeTo(folder);

        assertThatThrownBy(() -> quantize("Q4_0", new WeightRules("", List.of("(attn=q8_0"), "", "", false)))
                .isInstanceOf(NativeFailure.class)
                .hasMessageContaining("rule (attn is no regular expression");
    }

    /** A matcher that goes back would try some 2^60 ways. */
    @Test
    void an_expression_takes_no_longer_than_its_length_allows() throws IOException {
        QuantizableGguf.writeTo(folder);

        var made = quantize("Q4_0", new WeightRules("", List.of("((.|.)*)*((.|.)*)*!=q8_0"), "", "", false));

        assertThat(made).hasSameBinaryContentAs(quantize("Q4_0", WeightRules.NONE));
    }

    private Path quantize(String type, WeightRules rules) throws IOException {
        var matrix =
                rules.importance().isEmpty() ? Optional.<Path>empty() : Optional.of(folder.resolve(rules.importance()));
        var output = Files.createTempFile(folder, "made", ".gguf");
        new NativeQuantizer(TestModels.nativeLibraries(), () -> 1)
                .quantize(
                        List.of(folder.resolve("model.gguf")),
                        output,
                        WeightPlans.of(type, rules, matrix),
                        Loading.create());
        return output;
    }

    private static String text(String value) {
        return value == null ? "" : value;
    }
}
