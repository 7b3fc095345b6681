// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.failure.ContextExceeded;
import dev.puna.failure.NoEmbeddings;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class FailureWordsTest {
    @Test
    void a_prompt_that_does_not_fit_is_told_as_llama_server_tells_it() {
        assertThat(ErrorResponse.of(new ContextExceeded(5000, true, 4096)))
                .isEqualTo(
                        new ErrorResponse(
                                400,
                                "{\"error\":{\"code\":400,\"message\":\"request (5000 tokens) exceeds the available context size (4096 tokens),"
                                        + " try increasing it\",\"type\":\"exceed_context_size_error\",\"n_prompt_tokens\":5000,\"n_ctx\":4096}}"));
        assertThat(ErrorResponse.of(new ContextExceeded(9000, false, 64)).text())
                .contains("request (more than 9000 tokens) exceeds", "\"n_prompt_tokens\":9000,\"n_ctx\":64");
    }

    @Test
    void a_model_without_embeddings_is_told_as_llama_server_tells_it() {
        assertThat(ErrorResponse.of(new NoEmbeddings()))
                .isEqualTo(new ErrorResponse(
                        501, "This server does not support embeddings. Start it with `--embeddings`"));
    }
}
