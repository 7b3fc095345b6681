// SPDX-License-Identifier: Apache-2.0
package dev.puna.contract.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.support.NativeEngineProfile;
import dev.puna.support.RawExchange;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Contract 9.3: options beyond all reason. */
@QuarkusTest
@Tag("quarkus")
@TestProfile(NativeEngineProfile.class)
@Timeout(120)
@DisplayNameGeneration(ReplaceUnderscores.class)
class BadOptionsInputTest extends BadInputTest {
    @ParameterizedTest
    @ValueSource(strings = {"2147483648", "9223372036854775807", "1e30"})
    void a_context_of_2_to_the_31st_tokens(String length) {
        server.generateWith("'num_ctx':" + length).isRefused(400, "option \\\"num_ctx\\\" is too large");
    }

    @Test
    void the_longest_context_that_a_number_can_ask_for_is_that_of_the_model() {
        server.generateWith("'num_ctx':2147483647").isServed();
        assertThat(server.send("GET", "/api/ps", new byte[0]).body()).contains("\"context_length\":256");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "-9223372036854775808"})
    void a_context_of_nothing_or_less_is_as_short_as_there_can_be(String length) {
        server.generateWith("'num_ctx':" + length).isServed();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1000000000000000000", "1e18", "-9223372036854775808"})
    void an_answer_of_10_to_the_18th_tokens_ends_all_the_same(String count) {
        server.generate(",'options':{'temperature':0,'num_ctx':64,'num_predict':" + count + "}")
                .isServed();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "-9223372036854775808"})
    void a_batch_of_nothing_or_less_is_the_usual_one(String size) {
        server.generateWith("'num_batch':" + size).isServed();
    }

    @Test
    void a_batch_of_2_to_the_31st_tokens_is_one_of_the_context() {
        server.generateWith("'num_batch':2147483648").isRefused(400, "option \\\"num_batch\\\" is too large");
        server.generateWith("'num_batch':2147483647").isServed();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-5", "0", "2147483647", "9223372036854775807"})
    void a_top_k_below_zero_or_beyond_the_vocabulary(String topK) {
        server.generateWith("'top_k':" + topK).isServed();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "temperature",
                "top_p",
                "min_p",
                "typical_p",
                "repeat_penalty",
                "presence_penalty",
                "frequency_penalty"
            })
    void numbers_beyond_infinity(String option) {
        server.generateWith("'" + option + "':1e400").isRefused(400, "1e400");
        server.generateWith("'" + option + "':-1e400").isRefused(400, "1e400");
        server.generateWith("'" + option + "':1e39").isRefused(400, option);
        server.generateWith("'" + option + "':NaN").isRefused(400, "invalid character");
        server.generateWith("'" + option + "':-5").isServed();
    }

    @ParameterizedTest
    @ValueSource(strings = {"num_ctx", "num_batch", "num_gpu", "main_gpu", "num_thread", "seed", "num_keep"})
    void whole_numbers_beyond_infinity(String option) {
        server.generateWith("'" + option + "':1e400").isRefused(400, "1e400");
    }

    @Test
    void an_exponent_of_a_billion_digits_is_not_written_out() {
        server.generateWith("'seed':1e999999999").isRefused(400, "1e999999999");
        server.generateWith("'seed':1e-999999999").isServed();
    }

    @Test
    void more_threads_than_there_are_processors() {
        server.generateWith("'num_thread':2147483647").isServed();
    }

    @Test
    void a_million_stop_strings() {
        var stops = "'abcdefgh',".repeat(1_000_000);
        server.generateWith("'stop':[" + stops + "'x']").isRefused(400, "too many entries");
    }

    /** They would take 4 GB; the answer comes long before that. */
    @Test
    void a_billion_stop_strings_are_refused_before_they_are_all_there() throws Exception {
        var head = "{\"model\":\"" + ServerUnderTest.TINY + "\",\"prompt\":\"a\",\"options\":{\"stop\":[";
        var some = "\"a\",".repeat(1 << 18);
        try (var exchange = RawExchange.open(address)) {
            exchange.writeLines(
                    "POST /api/generate HTTP/1.1", "Host: " + address.getAuthority(), "Transfer-Encoding: chunked", "");
            exchange.writeLines(Integer.toHexString(head.length()), head);
            for (var mebibytes = 0; mebibytes < 400; mebibytes++) {
                exchange.writeLines(Integer.toHexString(some.length()), some);
            }
            assertThat(exchange.status()).isEqualTo(413);
        }
    }

    @Test
    void a_body_that_says_it_is_4_gigabytes_long_is_refused_at_once() throws Exception {
        try (var exchange = RawExchange.open(address)) {
            exchange.writeLines(
                    "POST /api/generate HTTP/1.1",
                    "Host: " + address.getAuthority(),
                    "Content-Length: 4294967296",
                    "",
                    "{");
            assertThat(exchange.status()).isEqualTo(413);
        }
    }

    @Test
    void a_stop_string_as_long_as_a_book() {
        server.generateWith("'stop':['" + "y".repeat(4_000_000) + "']").isServed();
    }

    @Test
    void options_that_are_no_object() {
        server.generate(",'options':[]").isRefused(400, "cannot unmarshal array");
        server.generate(",'options':'x'").isRefused(400, "cannot unmarshal string");
    }

    @Test
    void ten_thousand_options_that_nobody_knows() {
        var options = IntStream.range(0, 10_000)
                .mapToObj(i -> "'unknown" + i + "':[[[" + i + "]]]")
                .collect(Collectors.joining(","));
        server.generateWith(options).isServed();
    }
}
