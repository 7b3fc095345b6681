// SPDX-License-Identifier: Apache-2.0
package dev.puna.parsing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.parsing.EverySplit.Parsed;
import dev.puna.parsing.ResponsePart.Content;
import dev.puna.parsing.ResponsePart.Thought;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ThinkingParserTest {

    private static final ThinkingTags TAGS = new ThinkingTags("<think>", "</think>");

    @Test
    void a_thought_is_told_from_the_answer() {
        assertThat(parsed("<think>a < b</think>c")).isEqualTo(new Parsed("a < b", "c", List.of()));
    }

    @Test
    void white_space_around_the_tags_belongs_to_nothing_but_that_before_the_closing_one() {
        assertThat(parsed(" \n<think>\n\t a \n</think>\n\n\u00A0c ")).isEqualTo(new Parsed("a \n", "c ", List.of()));
    }

    @Test
    void an_answer_without_the_tag_is_content_as_it_stands() {
        assertThat(parsed("  c <think>d</think>")).isEqualTo(new Parsed("", "  c <think>d</think>", List.of()));
        assertThat(parsed("<thin")).isEqualTo(new Parsed("", "<thin", List.of()));
        assertThat(parsed("<thinking>")).isEqualTo(new Parsed("", "<thinking>", List.of()));
        assertThat(parsed(" \n")).isEqualTo(new Parsed("", " \n", List.of()));
        assertThat(parsed("")).isEqualTo(new Parsed("", "", List.of()));
    }

    @Test
    void a_thought_without_an_end_is_a_thought() {
        assertThat(parsed("<think>a</thi")).isEqualTo(new Parsed("a</thi", "", List.of()));
        assertThat(parsed("<think>")).isEqualTo(new Parsed("", "", List.of()));
        assertThat(parsed("<think>\n")).isEqualTo(new Parsed("", "", List.of()));
    }

    @Test
    void an_empty_thought_leaves_only_the_answer() {
        assertThat(parsed("<think>\n\n</think>\n\nc")).isEqualTo(new Parsed("", "c", List.of()));
        assertThat(parsed("<think></think>c")).isEqualTo(new Parsed("", "c", List.of()));
    }

    @Test
    void what_only_begins_like_the_closing_tag_is_part_of_the_thought() {
        assertThat(parsed("<think>a </thin </think </think>c"))
                .isEqualTo(new Parsed("a </thin </think ", "c", List.of()));
    }

    @Test
    void a_second_pair_of_tags_is_content() {
        assertThat(parsed("<think>a</think>b<think>c</think>"))
                .isEqualTo(new Parsed("a", "b<think>c</think>", List.of()));
    }

    @Test
    void a_prompt_that_ends_inside_the_thought_needs_no_opening_tag() {
        var inside = EverySplit.of("\n a</think>\nc", () -> parser(new ThinkingParser(TAGS, true)));

        assertThat(inside).isEqualTo(new Parsed("a", "c", List.of()));
    }

    @Test
    void tags_that_overlap_with_themselves_are_found() {
        var tags = new ThinkingTags("[[", "]]]");
        var found = EverySplit.of("[[a]]]]c", () -> parser(new ThinkingParser(tags, false)));

        assertThat(found).isEqualTo(new Parsed("a", "]c", List.of()));
    }

    @Test
    void what_is_certain_comes_at_once() {
        var parser = new ThinkingParser(TAGS, false);

        assertThat(parser.add("<th")).isEmpty();
        assertThat(parser.add("ink>a")).containsExactly(new Thought("a"));
        assertThat(parser.add("b</")).containsExactly(new Thought("b"));
        assertThat(parser.add("c")).containsExactly(new Thought("</c"));
        assertThat(parser.add("</think>\n")).isEmpty();
        assertThat(parser.add("\nd")).containsExactly(new Content("d"));
        assertThat(parser.add(" ")).containsExactly(new Content(" "));
    }

    @Test
    void tags_must_not_be_blank() {
        assertThatThrownBy(() -> new ThinkingTags(" ", "</think>")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ThinkingTags("<think>", "")).isInstanceOf(IllegalArgumentException.class);
    }

    private static Parsed parsed(String text) {
        return EverySplit.of(text, () -> parser(new ThinkingParser(TAGS, false)));
    }

    private static EverySplit.Parser parser(ThinkingParser parser) {
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
