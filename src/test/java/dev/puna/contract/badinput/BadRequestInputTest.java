// SPDX-License-Identifier: Apache-2.0
package dev.puna.contract.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.api.http.ErrorResponse;
import dev.puna.model.Digest;
import dev.puna.support.NativeEngineProfile;
import dev.puna.support.ParrotGguf;
import dev.puna.support.RawExchange;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Contract 9.2: requests that come from elsewhere, break off, contradict themselves or say nonsense. */
@QuarkusTest
@Tag("quarkus")
@TestProfile(NativeEngineProfile.class)
@Timeout(120)
@DisplayNameGeneration(ReplaceUnderscores.class)
class BadRequestInputTest extends BadInputTest {
    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "evil.example:11434", "localhost.evil.example", "8.8.8.8", "evil.example."})
    void cve_2024_28224_a_name_that_was_bound_to_this_machine(String host) throws Exception {
        try (var exchange = RawExchange.send(address, "", "GET /api/tags HTTP/1.1", "Host: " + host)) {
            assertThat(exchange.status()).isEqualTo(403);
            assertThat(exchange.body()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "https://evil.example", "http://localhost.evil.example", "file:", "http://"})
    void a_page_of_nowhere_or_elsewhere(String origin) throws Exception {
        try (var exchange = RawExchange.send(address, "", "GET /api/tags HTTP/1.1", "Origin: " + origin)) {
            assertThat(exchange.status()).isEqualTo(403);
            assertThat(exchange.body()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nobody", "SYSTEM", "\\u0000", "user\\nsystem", "💥"})
    void roles_unknown_and_empty(String role) {
        server.post(
                        "/api/chat",
                        "{'model':'besieged','stream':false,'options':{'num_predict':2},'messages':[{'role':'" + role
                                + "','content':'a'}]}")
                .isServed();
    }

    @Test
    void messages_that_are_none() {
        server.post("/api/chat", "{'model':'besieged','messages':[null],'stream':false}")
                .isServed();
        server.post("/api/chat", "{'model':'besieged','messages':[{}],'stream':false,'options':{'num_predict':2}}")
                .isServed();
        server.post("/api/chat", "{'model':'besieged','messages':{},'stream':false}")
                .isRefused(400, "cannot unmarshal object");
    }

    @Test
    void prompts_that_are_not_utf_8() {
        for (var bytes : List.of("\u00ff\u00fe", "\u00c3", "\u00ed\u00a0\u0080", "\u00f8\u0088\u0080\u0080\u0080")) {
            var body = "{\"model\":\"besieged\",\"prompt\":\"a" + bytes + "b\",\"stream\":false,"
                    + "\"options\":{\"num_predict\":2}}";
            server.send("POST", "/api/generate", body.getBytes(StandardCharsets.ISO_8859_1))
                    .isServed();
        }
        server.post(
                        "/api/generate",
                        "{'model':'besieged','prompt':'\\ud800','stream':false,'options':{'num_predict':2}}")
                .isServed();
        server.post(
                        "/api/generate",
                        "{'model':'besieged','prompt':'a\\u0000b','stream':false,'options':{'num_predict':2}}")
                .isServed();
    }

    @Test
    void a_prompt_much_longer_than_the_context() {
        server.generate(",'options':{'num_predict':2,'num_ctx':64},'system':'" + "abc ".repeat(1_000_000) + "'")
                .isServed();
    }

    @ParameterizedTest
    @ValueSource(strings = {"!!!!", "abc", "data:image/png;base64,AAAA", "====", "AAAA=AAAA", "\\u0000"})
    void images_that_are_no_base64(String image) {
        server.generate(",'images':['" + image + "']").isRefused(400, "illegal base64 data");
        server.post(
                        "/api/chat",
                        "{'model':'besieged','messages':[{'role':'user','content':'a','images':['" + image + "']}]}")
                .isRefused(400, "illegal base64 data");
    }

    @Test
    void images_for_a_model_that_does_not_see() {
        server.generate(",'images':['AAAA']").isRefused(400, "does not support images");
        server.post("/api/chat", "{'model':'besieged','messages':[{'role':'user','content':'a','images':['AAAA']}]}")
                .isRefused(400, "does not support images");
    }

    @Test
    void tools_whose_names_begin_each_other() {
        var template = "{{ range .Messages }}{{ .Content }}{{ if .ToolCalls }}<tool>{{ end }}{{ end }}{{ .Tools }}";
        var digest = server.upload(ParrotGguf.saying(
                "{{ messages[0]['content'] }}", "<tool>{\"name\":\"get_weather_now\",\"arguments\":{\"x\":1}}"));
        server.createFrom("caller", digest, ",'template':'" + template + "'").isServed();
        var tools = List.of("get", "get_weather", "get_weather_now", "get_weather_now_too").stream()
                .map(name -> "{'type':'function','function':{'name':'" + name
                        + "','parameters':{'type':'object','properties':{}}}}")
                .collect(Collectors.joining(","));

        var reply = server.post(
                        "/api/chat",
                        "{'model':'caller','stream':false,'options':{'temperature':0},'tools':[" + tools
                                + "],'messages':[{'role':'user','content':'a'}]}")
                .isServed();

        assertThat(reply.body()).contains("\"name\":\"get_weather_now\",\"arguments\":{\"x\":1}");
    }

    @Test
    void a_hundred_requests_that_leave_while_their_model_loads() throws Exception {
        for (var i = 0; i < 100; i++) {
            var body = "{\"model\":\"besieged\",\"prompt\":\"a\",\"options\":{\"num_ctx\":" + (64 + i % 7) + "}}";
            try (var exchange = RawExchange.send(address, body, "POST /api/generate HTTP/1.1")) {
                if (i % 3 == 0) {
                    Thread.sleep(i % 20);
                }
                assertThat(exchange).isNotNull();
            }
        }
    }

    @Test
    void a_body_that_breaks_off_is_no_error_of_the_server() throws Exception {
        var log = Logger.getLogger(ErrorResponse.class.getName());
        var complaints = new CopyOnWriteArrayList<String>();
        var listener = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                complaints.add(entry.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        log.addHandler(listener);
        try {
            for (var i = 0; i < 20; i++) {
                try (var exchange = RawExchange.open(address)) {
                    exchange.writeLines(
                            "POST /api/generate HTTP/1.1",
                            "Host: " + address.getAuthority(),
                            "Content-Length: 1000",
                            "",
                            "{\"model\":");
                }
            }
            Thread.sleep(500);
            assertThat(complaints).isEmpty();
        } finally {
            log.removeHandler(listener);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "-1", "99999999999999999999", "5, 6", "0x10", "abc"})
    void a_blob_whose_length_is_not_what_was_said(String length) throws Exception {
        var digest = Digest.of("0123456789".getBytes(StandardCharsets.UTF_8));
        try (var exchange = RawExchange.open(address)) {
            exchange.writeLines(
                    "POST /api/blobs/" + digest + " HTTP/1.1",
                    "Host: " + address.getAuthority(),
                    "Content-Length: " + length,
                    "",
                    "0123456789");
            assertThat(exchange.status()).isEqualTo(400);
        }
        assertThat(server.send("HEAD", "/api/blobs/" + digest, new byte[0]).status())
                .isEqualTo(404);
    }

    @Test
    void a_blob_shorter_than_was_said_leaves_nothing() throws Exception {
        var digest = Digest.of("abcdefghij".getBytes(StandardCharsets.UTF_8));
        try (var exchange = RawExchange.open(address)) {
            exchange.writeLines(
                    "POST /api/blobs/" + digest + " HTTP/1.1",
                    "Host: " + address.getAuthority(),
                    "Content-Length: 1000",
                    "",
                    "abcdefghij");
        }
        assertThat(server.send("HEAD", "/api/blobs/" + digest, new byte[0]).status())
                .isEqualTo(404);
    }
}
