// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama.request;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.api.json.JsonObject;
import dev.puna.api.json.Room;
import dev.puna.api.request.RequestFields;
import java.util.Base64;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What requests are reckoned to take. The least heap of a server, 256 MiB, has 124 MiB for them. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class RequestMemoryTest {
    private static final long MIB = 1 << 20;
    private static final long OF_A_SMALL_HEAP = 124 * MIB;

    /** Counts as the share of a request does. */
    private static final class Tally implements Room {
        private long staying;
        private long borrowed;
        private long planned;
        private long most;

        @Override
        public void take(long bytes) {
            staying += bytes;
            count();
        }

        @Override
        public void borrow(long bytes) {
            borrowed += bytes;
            count();
        }

        @Override
        public void giveBack(long bytes) {
            borrowed -= bytes;
        }

        @Override
        public long borrowed() {
            return borrowed;
        }

        @Override
        public void plan(long bytes) {
            planned += bytes;
            count();
        }

        @Override
        public void forgo(long bytes) {
            planned -= bytes;
        }

        @Override
        public long planned() {
            return planned;
        }

        private void count() {
            most = Math.max(most, staying + Math.max(borrowed, planned));
        }
    }

    private final Tally room = new Tally();

    @ParameterizedTest
    @CsvSource({"3000, 10000", "30000, 1000"})
    void a_conversation_of_30_MB_fits_a_small_heap(int turns, int length) {
        read(conversation(turns, "w".repeat(length)), ChatRequest::read);

        assertThat(room.most).isLessThan(OF_A_SMALL_HEAP);
        assertThat(room.staying).as("its texts").isGreaterThan((long) turns * length);
        assertThat(room.planned).as("a prompt is made of the end of it").isLessThan(70 * MIB);
    }

    @Test
    void letters_that_are_not_Latin_take_two_bytes_each() {
        read(conversation(1, "\u65e5".repeat(100_000)), ChatRequest::read);

        assertThat(room.staying).isBetween(200_000L, 2 * 310_000L);
    }

    @Test
    void the_newest_turn_and_system_texts_are_planned_for_whole() {
        var long1 = "w".repeat(20_000_000);
        read(
                "{\"messages\":[{\"role\":\"system\",\"content\":\"" + long1
                        + "\"},{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"user\",\"content\":\"" + long1
                        + "\"}]}",
                ChatRequest::read);

        assertThat(room.planned).isGreaterThan(2L * RequestFields.COPIES * long1.length());
    }

    @Test
    void what_is_needed_to_read_one_turn_is_there_for_the_next() {
        read(conversation(100_000, "a"), ChatRequest::read);

        assertThat(room.borrowed - 3_300_000).as("the fields of the request").isLessThan(4_000);
        assertThat(room.staying).as("measured: 192 bytes each").isBetween(19_200_000L, 30_000_000L);
    }

    @Test
    void a_hundred_thousand_texts_to_embed_fit_a_small_heap() {
        read(
                "{\"model\":\"m\",\"input\":[" + "\"a text of some forty letters, as they come\",".repeat(99_999)
                        + "\"\"]}",
                json -> EmbedRequest.read(json).input().texts());

        assertThat(room.most).isLessThan(30 * MIB);
    }

    @Test
    void a_image_takes_its_base64_and_its_bytes() {
        var image = Base64.getEncoder().encodeToString(new byte[20_000_000]);
        read(conversationWithImage(image), ChatRequest::read);
        assertThat(room.most).isBetween(46_000_000L, 49_000_000L);
        assertThat(room.staying).isBetween(20_000_000L, 20_100_000L);
    }

    @Test
    void line_ends_in_base64_are_taken_out_of_copies() {
        var image = Base64.getEncoder().encodeToString(new byte[3_000_000]) + "\\n";
        read(conversationWithImage(image), ChatRequest::read);
        assertThat(room.most).isGreaterThan(18_000_000L);
        assertThat(room.staying).isLessThan(3_200_000L);
    }

    @Test
    void arguments_and_tools_are_trees_only_while_a_prompt_is_made() {
        var call = "{\"role\":\"assistant\",\"tool_calls\":[{\"function\":{\"name\":\"f\",\"arguments\":{\"a\":1}}}]},";
        var tool = "{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{\"type\":\"object\"}}},";
        read("{\"messages\":[" + call.repeat(999) + "{}],\"tools\":[" + tool.repeat(999) + "{}]}", ChatRequest::read);

        assertThat(room.staying).isBetween(500_000L, 1_400_000L);
        assertThat(room.planned).isGreaterThan(1_000_000L);
    }

    @Test
    void options_are_objects_that_stay() {
        var numbers = "1,".repeat(100_000);
        read("{\"options\":{\"x\":[" + numbers + "1]}}", ChatRequest::read);

        assertThat(room.staying).as("measured: 33 bytes each").isBetween(3_300_000L, 6_000_000L);
    }

    private void read(String json, Function<JsonObject, ?> reader) {
        var body = json.getBytes(UTF_8);
        room.borrow(body.length);
        assertThat(reader.apply(JsonObject.read(body, "ChatRequest", room))).isNotNull();
    }

    private static String conversation(int turns, String text) {
        var turn = "{\"role\":\"user\",\"content\":\"" + text + "\"}";
        return "{\"messages\":[" + (turn + ",").repeat(turns - 1) + turn + "]}";
    }

    private static String conversationWithImage(String base64) {
        return "{\"messages\":[{\"role\":\"user\",\"content\":\"a\",\"images\":[\"" + base64 + "\"]}]}";
    }
}
