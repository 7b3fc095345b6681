// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.store.ModelStore;
import dev.puna.support.RawExchange;
import dev.puna.support.TinyModels;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@Tag("quarkus")
@Timeout(60)
@DisplayNameGeneration(ReplaceUnderscores.class)
class ModelsRoutesTest {
    @TestHTTPResource("/")
    URI server;

    @Inject
    ModelStore store;

    @BeforeEach
    void no_models() {
        store.list().forEach(model -> store.delete(model.name()));
    }

    @Test
    void no_models_are_an_empty_list() throws IOException {
        answers("/v1/models", 200, "\\{\"object\":\"list\",\"data\":\\[]}");
    }

    @Test
    void every_model_has_an_id_a_time_and_an_owner() throws IOException {
        new TinyModels(store).generative("hf.co/someone/model:q4");

        answers(
                "/v1/models",
                200,
                "\\{\"object\":\"list\",\"data\":\\[\\{\"id\":\"hf.co/someone/model:q4\","
                        + "\"object\":\"model\",\"created\":\\d{10},\"owned_by\":\"someone\"}]}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hf.co/someone/model:q4",
                "hf.co%2Fsomeone%2Fmodel%3Aq4",
                "HF.co/Someone/model:Q4",
            })
    void one_is_found_by_an_id_with_slashes(String id) throws IOException {
        new TinyModels(store).generative("hf.co/someone/model:q4");

        answers(
                "/v1/models/" + id,
                200,
                "\\{\"id\":\"hf.co/someone/model:q4\",\"object\":\"model\",\"created\":\\d{10},\"owned_by\":\"someone\"}");
    }

    @Test
    void what_is_not_there_is_told_in_the_shape_of_the_dialect() throws IOException {
        answers(
                "/v1/models/nosuch",
                404,
                "\\{\"error\":\\{\"message\":\"model 'nosuch:latest' not found\","
                        + "\"type\":\"not_found_error\",\"param\":null,\"code\":null}}");
        answers("/v1/models/a%20b", 400, ".*\"type\":\"invalid_request_error\".*");
        answers("/v1/nosuch", 404, "404 page not found");
    }

    private void answers(String path, int status, String body) throws IOException {
        try (var exchange = RawExchange.send(server, "", "GET " + path + " HTTP/1.1")) {
            assertThat(exchange.status()).as(path).isEqualTo(status);
            assertThat(exchange.body().strip()).as(path).matches(body);
        }
    }
}
