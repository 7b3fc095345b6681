// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.api.ollama.ScriptedRoutes;
import dev.puna.support.RawExchange;
import dev.puna.support.Script;
import dev.puna.support.TinyModels;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What clients send that makes no sense, or is too much: an error object each, and the next request is served. */
@QuarkusTest
@Tag("quarkus")
class BadInputRoutesTest extends ScriptedRoutes {
    private static final String CHAT = "POST /v1/chat/completions HTTP/1.1";
    private static final String HELLO = "{\"model\":\"patient\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

    @Override
    protected void prepare(TinyModels models) {
        models.generative("patient", "a template of a patient model");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "chat/completions; 'messages':[]; ``",
                "chat/completions; 'messages':null; ``",
                "chat/completions; 'messages':'Hi'; ``",
                "chat/completions; 'messages':['Hi']; ``",
                "chat/completions; 'messages':[{'role':'elf','content':'Hi'}]; messages[0].role",
                "chat/completions; 'messages':[{'role':7,'content':'Hi'}]; ``",
                "chat/completions; 'messages':[{'role':'user','content':{'a':1}}]; ``",
                "chat/completions; 'max_tokens':0,'messages':[{'role':'user','content':'Hi'}]; max_tokens",
                "chat/completions; 'max_tokens':-1,'messages':[{'role':'user','content':'Hi'}]; max_tokens",
                "chat/completions; 'max_completion_tokens':0,'messages':[{'role':'user','content':'Hi'}]; max_completion_tokens",
                "completions; 'prompt':'Hi','max_tokens':0; max_tokens",
                "completions; 'prompt':'Hi','max_tokens':-7; max_tokens",
                "completions; 'prompt':'Hi','max_tokens':'7'; ``",
                "completions; 'prompt':'Hi','logit_bias':{'1':{}}; logit_bias",
                "completions; 'prompt':[[['Hi']]]; ``",
            })
    void what_makes_no_sense_is_an_error_object(String route, String fields, String field) throws IOException {
        var body = "{\"model\":\"patient\"," + fields.replace('\'', '"') + "}";
        try (var exchange = RawExchange.send(server, body, "POST /v1/" + route + " HTTP/1.1")) {
            var text = exchange.body();
            assertThat(exchange.status()).as(text).isEqualTo(400);
            var error = JSON.readTree(text).path("error");
            assertThat(error.path("message").asText()).isNotBlank().doesNotContain("Exception");
            assertThat(error.path("type").asText()).isEqualTo("invalid_request_error");
            assertThat(error.path("param").asText("")).isEqualTo(field);
        }
        served();
    }

    @Test
    void a_packed_body_is_refused_in_words() throws IOException {
        for (var encoding : new String[] {"zstd", "gzip", "x, y"}) {
            try (var exchange = RawExchange.send(server, "(\u00b5/", CHAT, "Content-Encoding: " + encoding)) {
                var body = exchange.body();
                assertThat(exchange.status()).as(body).isEqualTo(415);
                assertThat(JSON.readTree(body).path("error").path("message").asText())
                        .startsWith("packed bodies are not read");
            }
        }
        try (var exchange = RawExchange.send(server, HELLO, CHAT, "Content-Encoding: identity")) {
            assertThat(exchange.status()).isEqualTo(200);
        }
        served();
    }

    @Test
    void headers_of_64_kilobytes_are_read() throws IOException {
        try (var exchange = RawExchange.send(server, HELLO, CHAT, "X-Long: " + "x".repeat(64 << 10))) {
            assertThat(exchange.status()).isEqualTo(200);
        }
    }

    @Test
    void an_image_of_200_megabytes_is_refused_before_it_is_read() throws IOException {
        try (var exchange = RawExchange.open(server)) {
            exchange.writeLines(
                    CHAT,
                    "Host: " + server.getAuthority(),
                    "Content-Type: application/json",
                    "Content-Length: 209715200",
                    "");
            exchange.write(
                    "{\"model\":\"patient\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\","
                            + "\"image_url\":{\"url\":\"data:image/png;base64,AAAA");
            assertThat(exchange.status()).isEqualTo(413);
            assertThat(JSON.readTree(exchange.body()).at("/error/message").asText())
                    .isNotBlank();
        }
        served();
    }

    @Test
    void a_reader_that_stops_reading_stops_its_own_answers_only() throws IOException, InterruptedException {
        loader.answers(Script.endlessly("x".repeat(10_000)));
        var body = HELLO.replace("{\"model\"", "{\"stream\":true,\"n\":3,\"model\"");
        try (var exchange = RawExchange.send(server, body, CHAT)) {
            assertThat(exchange.status()).isEqualTo(200);
            var before = -1;
            for (var i = 0; i < 50 && loader.engine().emitted() != before; i++) {
                before = loader.engine().emitted();
                Thread.sleep(200);
            }
            assertThat(loader.engine().emitted()).isEqualTo(before);
            loader.answers(Script.answering("Hello", "!"));
            served();
        }
        for (var i = 0; i < 100 && loader.engine().activeRequests() > 0; i++) {
            Thread.sleep(100);
        }
        assertThat(loader.engine().activeRequests()).isZero();
    }

    private void served() throws IOException {
        try (var exchange = RawExchange.send(server, HELLO, CHAT)) {
            assertThat(exchange.body()).contains("Hello!");
            assertThat(exchange.status()).isEqualTo(200);
        }
    }
}
