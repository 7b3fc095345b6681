// SPDX-License-Identifier: Apache-2.0
package dev.puna.go;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class JsonWriterTest {
    private final StringBuilder out = new StringBuilder();
    private final JsonWriter json = new JsonWriter(out);

    @Test
    void commas_stand_between_values_and_nowhere_else() {
        json.beginArray();
        json.beginObject();
        json.endObject();
        json.beginObject();
        json.key("a");
        json.beginArray();
        json.endArray();
        json.key("b");
        json.raw("null");
        json.endObject();
        json.text("t");
        json.real(1);
        json.endArray();

        assertThat(out).hasToString("[{},{\"a\":[],\"b\":null},\"t\",1]");
    }

    @Test
    void texts_of_bytes_are_passed_on_as_bytes_and_a_bad_byte_is_replaced() {
        json.beginObject();
        json.keyOfBytes(GoText.bytes("é<"));
        json.textOfBytes(GoText.bytes("😀\u2028\ufffd") + "\u00ff");
        json.endObject();

        assertThat(GoText.text(out.toString())).isEqualTo("{\"é\\u003c\":\"😀\\u2028\ufffd\\ufffd\"}");
    }
}
