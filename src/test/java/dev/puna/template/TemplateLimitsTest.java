// SPDX-License-Identifier: Apache-2.0
package dev.puna.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.chat.Message;
import dev.puna.chat.Thinking;
import dev.puna.failure.InvalidRequest;
import dev.puna.template.value.Value;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(30)
class TemplateLimitsTest {

    @Test
    void a_template_that_calls_itself_for_ever_is_stopped() {
        assertFails(
                "{{define \"a\"}}x{{template \"a\" .}}{{end}}{{template \"a\" .}}", "exceeded maximum template depth");
    }

    @Test
    void recursion_is_stopped_before_a_small_stack_overflows() throws InterruptedException {
        var failures = new AtomicReference<Throwable>();
        var loop = "{{define \"a\"}}" + "{{if true}}".repeat(190) + "{{template \"a\" (print (print .))}}"
                + "{{end}}".repeat(190) + "{{end}}{{template \"a\" .}}";
        var thread = new Thread(null, () -> render(loop), "small", 1 << 19);
        thread.setUncaughtExceptionHandler((_, failure) -> failures.set(failure));
        thread.start();
        thread.join(Duration.ofSeconds(20));

        assertThat(failures.get()).isInstanceOf(InvalidRequest.class).hasMessageContaining("exceeded maximum");
    }

    @Test
    void blocks_and_parentheses_cannot_nest_without_end() {
        assertFails("{{if true}}".repeat(100_000), "max nesting depth exceeded");
        assertFails("{{" + "(".repeat(100_000), "max expression depth exceeded");
        assertFails("{{if true}}" + "{{else if true}}".repeat(100_000), "max nesting depth exceeded");
        assertFails("{{block \"a\" .}}".repeat(100_000), "max nesting depth exceeded");
    }

    @Test
    void huge_widths_are_padded_up_to_a_limit_and_refused_beyond() {
        assertThat(render("{{printf \"%999999d\" 1}}")).hasSize(999_999);
        assertThat(render("{{printf \"%999999999d\" 1}}")).startsWith("%!(NOVERB)");
        assertFails("{{printf \"" + "%999999d".repeat(40) + "\"" + " 1".repeat(40) + "}}", "longer than");
        assertFails("{{printf \"" + "%.999999f".repeat(40) + "\"" + " 1.5".repeat(40) + "}}", "longer than");
    }

    @Test
    void a_text_that_doubles_again_and_again_is_refused() {
        assertFails("{{$x := \"0123456789\"}}{{range 40}}{{$x = print $x $x}}{{end}}{{len $x}}", "longer than");
        assertFails("{{range 100000000}}0123456789{{end}}", "longer than");
    }

    @Test
    void escapes_of_escapes_are_refused_before_they_fill_the_memory() {
        for (var function : List.of("js", "json")) {
            assertFails("{{$x := \"\\\\\"}}{{range 40}}{{$x = " + function + " $x}}{{end}}{{len $x}}", "longer than");
        }
        assertFails("{{$x := \"&\"}}{{range 22}}{{$x = print $x $x}}{{end}}{{html $x}}", "longer than");
    }

    @Test
    void many_wholetexts_are_refused_together() {
        var variables = new StringBuilder("{{$x := \"0123456789\"}}{{range 20}}{{$x = print $x $x}}{{end}}");
        for (int i = 0; i < 200; i++) {
            variables.append("{{$v").append(i).append(" := print $x}}");
        }
        assertFails(variables.toString(), "longer than");
    }

    @Test
    void a_wholeconversation_makes_a_wholetext() {
        var whole = Message.of("user", "word ".repeat(4 << 20));
        var inputs = new PromptInputs(List.of(whole), List.of(), Thinking.UNSET, "");

        assertThat(PromptTemplate.parse("{{ range .Messages }}<{{ .Content }}>{{ end }}")
                        .render(inputs))
                .hasSize(5 * (4 << 20) + 2);
    }

    @Test
    void functions_take_a_whole_conversation_too_in_any_script() {
        for (var text : List.of("word ".repeat(4 << 20), "\u6f22".repeat(8 << 20))) {
            var whole = Message.of("user", text);
            var inputs = new PromptInputs(List.of(whole), List.of(), Thinking.UNSET, "");
            for (var action :
                    List.of("printf \"%s\" .Content", "print .Content", "slice .Content 0", "json .Content")) {
                var rendered = PromptTemplate.parse("{{ range .Messages }}{{ " + action + " }}{{ end }}")
                        .render(inputs);

                assertThat(rendered.length() - text.length()).isBetween(0, 2);
            }
        }
    }

    @Test
    void hundreds_of_thousands_of_turns_of_one_role_become_one_in_no_time() {
        var turns = Collections.nCopies(400_000, Message.of("user", "Hello."));
        var inputs = new PromptInputs(turns, List.of(), Thinking.UNSET, "");

        assertThat(PromptTemplate.parse("{{ range .Messages }}<{{ .Content }}>{{ end }}")
                        .render(inputs))
                .hasSize(8 * 400_000);
    }

    @Test
    void a_long_conversation_may_take_its_time() {
        var loop = "{{range 1000000000}}{{end}}";
        var inputs = new PromptInputs(List.of(Message.of("user", "x".repeat(2 << 20))), List.of(), Thinking.UNSET, "");

        assertThatThrownBy(
                        () -> PromptTemplate.parse("{{ .Messages }}" + loop.replace("}}{{end", "}}" + loop + "{{end"))
                                .render(inputs))
                .hasMessageContaining("longer than 7 seconds");
    }

    @Test
    void a_loop_that_writes_nothing_is_stopped_by_the_clock() {
        assertFails("{{range 1000000000}}{{range 1000000000}}{{end}}{{end}}", "longer than 5 seconds");
    }

    @Test
    void messages_name_line_and_column() {
        assertFails("a\nb {{ nope }}", "template: :2: function \"nope\" not defined");
        assertFails(
                "\n\n  {{ index .x 1 }}",
                "template: :3:5: executing \"\" at <index .x 1>: error calling index: " + "index of untyped nil");
        assertFails("{{ if", "template: :1: unclosed action");
        assertFails("{{ if }", "template: :1: unexpected \"}\" in if");
    }

    private static String render(String template) {
        return GoTemplate.parse(template).render(Value.Mapping.of(new TreeMap<>()));
    }

    private static void assertFails(String template, String message) {
        assertThatThrownBy(() -> render(template))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining(message);
    }
}
