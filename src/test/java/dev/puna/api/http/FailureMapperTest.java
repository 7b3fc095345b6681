// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.NotFound;
import jakarta.ws.rs.WebApplicationException;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class FailureMapperTest {
    private record Problem(int code, String detail) {}

    @Test
    void what_a_resource_throws_is_told_in_the_shape_of_the_api_that_was_asked() {
        var failure = new NotFound("model 'x' not found");

        try (var answer = FailureMapper.response(failure, error -> new Problem(error.status(), error.text()))) {
            assertThat(answer.getStatus()).isEqualTo(404);
            assertThat(answer.getEntity()).isEqualTo(new Problem(404, "model 'x' not found"));
        }
        try (var answer = FailureMapper.response(failure, ErrorShape.SENTENCE)) {
            assertThat(answer.getEntity()).isEqualTo(new ErrorBody("model 'x' not found"));
        }
    }

    @Test
    void an_answer_that_is_thrown_stays_as_it_is() {
        try (var answer = FailureMapper.response(new WebApplicationException(418), ErrorShape.SENTENCE)) {
            assertThat(answer.getStatus()).isEqualTo(418);
            assertThat(answer.hasEntity()).isFalse();
        }
    }

    @Test
    void without_a_request_no_shape_is_guessed() {
        assertThatThrownBy(() -> new FailureMapper().toResponse(new NotFound("x")))
                .isInstanceOf(IllegalStateException.class);
    }
}
