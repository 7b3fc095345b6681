// SPDX-License-Identifier: Apache-2.0
package dev.puna.parsing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.chat.ToolDefinition;
import dev.puna.parsing.EverySplit.Parsed;
import dev.puna.parsing.ResponsePart.Content;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class ToolCallParserTest {

    private static final List<ToolDefinition> TOOLS = Stream.of("get", "get_weather", "say_hello")
            .map(name -> new ToolDefinition(name, "{}"))
            .toList();

    private static final String PARIS = "{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Paris\"}}";
    private static final String PARIS_CALL = "0 get_weather {\"city\":\"Paris\"}";

    @Test
    void a_call_behind_its_tag_is_found_and_the_text_before_it_is_content() {
        assertThat(parsed("<tool_call>", "Let me see.\n<tool_call>\n" + PARIS + "\n</tool_call>"))
                .isEqualTo(new Parsed("", "Let me see.\n", List.of(PARIS_CALL)));
    }

    @Test
    void several_calls_are_counted_and_what_follows_them_is_dropped() {
        var hello = "{\"name\": \"say_hello\", \"arguments\": {\"a\": [1, {\"b\": \"}\"}]}}";

        assertThat(parsed(
                        "<tool_call>", "<tool_call>" + PARIS + "</tool_call><tool_call>" + hello + "</tool_call> bye"))
                .isEqualTo(new Parsed("", "", List.of(PARIS_CALL, "1 say_hello {\"a\":[1,{\"b\":\"}\"}]}")));
    }

    @Test
    void calls_in_an_array_are_found() {
        var two = "[TOOL_CALLS] [" + PARIS + ", {\"name\": \"get\", \"arguments\": {\"key\": \"get_weather\"}}]";

        assertThat(parsed("[TOOL_CALLS]", two).calls()).containsExactly(PARIS_CALL, "1 get {\"key\":\"get_weather\"}");
    }

    @Test
    void arguments_may_be_called_parameters_or_be_quoted_or_stand_under_the_tools_name_or_alone_or_deeper() {
        assertThat(parsed("<|c|>", "<|c|>{\"name\":\"get_weather\",\"parameters\":{\"city\":\"Paris\"}}")
                        .calls())
                .containsExactly(PARIS_CALL);
        assertThat(parsed("<|c|>", "<|c|>{\"name\":\"get_weather\",\"arguments\":\"{\\\"city\\\":\\\"Paris\\\"}\"}")
                        .calls())
                .containsExactly(PARIS_CALL);
        assertThat(parsed("<|c|>", "<|c|>{\"get_weather\":{\"city\":\"Paris\"}}")
                        .calls())
                .containsExactly(PARIS_CALL);
        assertThat(parsed("<|c|>", "<|c|>get_weather\n```json\n{\"city\":\"Paris\"}\n```")
                        .calls())
                .containsExactly(PARIS_CALL);
        assertThat(parsed("<|c|>", "<|c|>{\"type\":\"function\",\"function\":" + PARIS + "}")
                        .calls())
                .containsExactly(PARIS_CALL);
        assertThat(parsed("<|c|>", "<|c|>{\"calls\":[1," + PARIS + "]}").calls())
                .containsExactly(PARIS_CALL);
        assertThat(parsed("<|c|>", "<|c|>{\"parameters\":{\"city\":\"Paris\"},\"tool_name\":\"get_weather\"}")
                        .calls())
                .containsExactly(PARIS_CALL);
    }

    @Test
    void a_tool_may_be_called_without_arguments() {
        assertThat(parsed("<tool_call>", "<tool_call>{\"name\": \"say_hello\"}</tool_call>")
                        .calls())
                .containsExactly("0 say_hello {}");
    }

    @Test
    void the_longest_of_the_names_that_begin_first_counts() {
        assertThat(parsed("<|c|>", "<|c|>{\"name\":\"get\",\"arguments\":{}}").calls())
                .containsExactly("0 get {}");
        assertThat(parsed("<|c|>", "<|c|>{\"name\":\"get_weather\",\"arguments\":{}}")
                        .calls())
                .containsExactly("0 get_weather {}");
    }

    @Test
    void arguments_keep_their_order_and_their_numbers() {
        assertThat(parsed(
                                "<|c|>",
                                "<|c|>{\"name\":\"get\",\"arguments\":{\"z\":1,\"a\":-2.5,\"m\":12345678901234567890}}")
                        .calls())
                .containsExactly("0 get {\"z\":1,\"a\":-2.5,\"m\":12345678901234567890}");
    }

    @Test
    void numbers_that_no_long_or_double_holds_are_kept() {
        var call = "{\"name\": \"get\", \"arguments\": {\"n\": 1e400, \"id\": 12345678901234567890, \"x\": 2.50}}";

        assertThat(parsed("<tool_call>", "<tool_call>" + call).calls())
                .containsExactly("0 get {\"n\":1E+400,\"id\":12345678901234567890,\"x\":2.50}");
    }

    @Test
    void an_answer_without_the_tag_is_content() {
        assertThat(parsed("<tool_call>", "No <tool_ " + PARIS + " <tool"))
                .isEqualTo(new Parsed("", "No <tool_ " + PARIS + " <tool", List.of()));
    }

    @Test
    void text_behind_the_tag_that_turns_out_to_be_no_call_comes_at_the_end() {
        assertThat(parsed("<tool_call>", "a<tool_call>{\"name\":\"unknown\",\"arguments\":{}}</tool_call>"))
                .isEqualTo(
                        new Parsed("", "a<tool_call>{\"name\":\"unknown\",\"arguments\":{}}</tool_call>", List.of()));
        assertThat(parsed("<tool_call>", "<tool_call>{\"name\":\"get_weather\",\"arguments\":{\"ci"))
                .isEqualTo(new Parsed("", "<tool_call>{\"name\":\"get_weather\",\"arguments\":{\"ci", List.of()));
        assertThat(parsed("<tool_call>", "<tool_call>get_weather {'city': 'Paris'}")
                        .calls())
                .isEmpty();
    }

    @Test
    void a_brace_is_a_tag_only_at_the_beginning() {
        assertThat(parsed("{", " \n" + PARIS)).isEqualTo(new Parsed("", " \n", List.of(PARIS_CALL)));
        assertThat(parsed("{", "See: " + PARIS)).isEqualTo(new Parsed("", "See: " + PARIS, List.of()));
        assertThat(parsed("[", "[" + PARIS + "]")).isEqualTo(new Parsed("", "", List.of(PARIS_CALL)));
    }

    @Test
    void an_object_in_place_of_a_call_is_content() {
        assertThat(parsed("{", "{\"answer\": \"}\"} and {more} " + PARIS))
                .isEqualTo(new Parsed("", "{\"answer\": \"}\"} and {more} " + PARIS, List.of()));
        assertThat(parsed("[", "[1, 2] " + PARIS)).isEqualTo(new Parsed("", "[1, 2] " + PARIS, List.of()));
        assertThat(parsed("{", "{\"open")).isEqualTo(new Parsed("", "{\"open", List.of()));
    }

    @Test
    void an_object_in_place_of_a_call_comes_as_soon_as_it_is_closed() {
        var parser = new ToolCallParser("{", TOOLS);

        assertThat(parser.add("{\"a\":1")).isEmpty();
        assertThat(parser.add("}")).containsExactly(new Content("{\"a\":1}"));
        assertThat(parser.add(" b")).containsExactly(new Content(" b"));
    }

    @Test
    void a_call_comes_as_soon_as_it_is_whole() {
        var parser = new ToolCallParser("<tool_call>", TOOLS);

        assertThat(parser.add("<tool_call>" + PARIS.substring(0, PARIS.length() - 1)))
                .isEmpty();
        assertThat(parser.add("}")).hasSize(1);
        assertThat(parser.add("</tool_call>")).isEmpty();
        assertThat(parser.end()).isEmpty();
    }

    @Test
    void brackets_without_end_are_bounded_in_time() {
        var parser = new ToolCallParser("<tool_call>", TOOLS);
        parser.add("<tool_call>get_weather ");

        for (var i = 0; i < 2_000; i++) {
            parser.add("{\"a\":[");
        }
        parser.add("}".repeat(3_000));

        assertThat(parser.end()).hasSize(1).first().isInstanceOf(Content.class);
    }

    @Test
    void without_tools_everything_is_content() {
        var parsed = EverySplit.of("<tool_call>" + PARIS, () -> parser(new ToolCallParser("<tool_call>", List.of())));

        assertThat(parsed).isEqualTo(new Parsed("", "<tool_call>" + PARIS, List.of()));
    }

    @Test
    void a_tag_must_not_be_blank() {
        assertThatThrownBy(() -> new ToolCallParser(" ", TOOLS)).isInstanceOf(IllegalArgumentException.class);
    }

    private static Parsed parsed(String tag, String text) {
        return EverySplit.of(text, () -> parser(new ToolCallParser(tag, TOOLS)));
    }

    private static EverySplit.Parser parser(ToolCallParser parser) {
        return new EverySplit.Parser() {
            @Override
            public List<ResponsePart> add(String piece) {
                return parser.add(piece);
            }

            @Override
            public List<ResponsePart> end() {
                return parser.end();
            }
        };
    }
}
