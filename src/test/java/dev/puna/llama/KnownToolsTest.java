// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.puna.failure.InvalidRequest;
import dev.puna.llama.guard.ShimJson;
import dev.puna.support.LlamaTemplates;
import dev.puna.support.TestModels;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayNameGeneration(ReplaceUnderscores.class)
@ExtendWith(NoNativeLeaks.class)
@Timeout(60)
class KnownToolsTest {
    /** Of a schema that llama.cpp would make a wrong grammar of. */
    private static final String POSITIVE = "{'type':'object','properties':{'n':{'type':'integer','minimum':1}}}";

    private final KnownTools tools = new KnownTools();

    @Test
    void the_same_tools_are_prepared_once() {
        var first = tools.takeOut(inputs(tool("count", POSITIVE)));

        assertThat(tools.takeOut(inputs(tool("count", POSITIVE)))).isSameAs(first);
        assertThat(tools.takeOut(inputs(tool("count", "{'type':'object'}")))).isNotSameAs(first);
        assertThat(tools.takeOut(inputs(tool("count", POSITIVE) + "],'callable':['count'")))
                .isNotSameAs(first);
    }

    @Test
    void the_last_used_are_remembered() {
        var first = tools.takeOut(inputs(tool("count", POSITIVE)));
        for (var other = 0; other < 3; other++) {
            tools.takeOut(inputs(tool("other" + other, POSITIVE)));
        }
        assertThat(tools.takeOut(inputs(tool("count", POSITIVE)))).isSameAs(first);

        for (var other = 0; other < 4; other++) {
            tools.takeOut(inputs(tool("other" + other, POSITIVE)));
        }

        assertThat(tools.takeOut(inputs(tool("count", POSITIVE)))).isNotSameAs(first);
    }

    @Test
    void what_is_large_is_not_remembered() {
        var large = tool("count", "{'type':'object','description':'" + "x".repeat(128 << 10) + "'}");

        assertThat(tools.takeOut(inputs(large))).isNotSameAs(tools.takeOut(inputs(large)));
    }

    @Test
    void what_is_wrong_with_tools_is_said_each_time() {
        for (var round = 0; round < 2; round++) {
            assertThatThrownBy(() -> tools.takeOut(inputs(tool("count", "{'type':'integer','enum':[]}"))))
                    .isInstanceOf(InvalidRequest.class)
                    .hasMessageStartingWith("the tool \"count\": ");
        }
    }

    @Test
    void a_conversation_is_the_same_whatever_was_rendered_before() {
        try (var model = TestLlama.openVocabulary(TestModels.smolLm2());
                var used = model.chatFormat(LlamaTemplates.read("Qwen-Qwen2.5-7B-Instruct"))) {
            var inputs = new String[] {
                inputs(tool("count", POSITIVE)).toString(),
                inputs(tool("count", POSITIVE) + "],'parallel_tool_calls':true,'x':[")
                        .toString(),
                inputs(tool("count", POSITIVE) + "," + tool("other", POSITIVE) + "],'callable':['other'")
                        .toString(),
                inputs(tool("count", POSITIVE) + "],'tool_choice':'required','x':[")
                        .toString(),
                inputs(tool("count", POSITIVE) + "],'json_schema':'{\\\"type\\\":\\\"integer\\\"}','x':[")
                        .toString(),
                inputs("").toString()
            };
            for (var round = 0; round < 2; round++) {
                for (var each : inputs) {
                    try (var fresh = model.chatFormat(LlamaTemplates.read("Qwen-Qwen2.5-7B-Instruct"))) {
                        assertThat(TestLlama.apply(used, each)).isEqualTo(TestLlama.apply(fresh, each));
                    }
                }
            }
            assertThat(TestLlama.apply(used, inputs[0])
                            .path("sampler")
                            .path("grammar")
                            .asText())
                    .contains("puna-")
                    .isNotEqualTo(TestLlama.apply(used, inputs[1])
                            .path("sampler")
                            .path("grammar")
                            .asText());
        }
    }

    @Test
    void how_answers_look_is_read_once_for_the_same_tools() {
        try (var model = TestLlama.openVocabulary(TestModels.smolLm2());
                var format = model.chatFormat(LlamaTemplates.read("Qwen-Qwen2.5-7B-Instruct"))) {
            var asked = inputs(tool("count", POSITIVE));
            var first = format.apply(asked);
            var other = format.apply(asked.deepCopy().put("tool_choice", "required"));
            var again = format.apply(asked.put("tool_choice", "required"));

            assertThat(again.get("sampler")).isSameAs(other.get("sampler")).isNotEqualTo(first.get("sampler"));
            assertThat(again.get("prompt")).isEqualTo(first.get("prompt"));
        }
    }

    private static String tool(String name, String parameters) {
        return "{'type':'function','function':{'name':'" + name + "','parameters':" + parameters + "}}";
    }

    private static ObjectNode inputs(String tools) {
        var text = "{'messages':[{'role':'user','content':'Hi'}],'tools':[" + tools + "]}";
        return (ObjectNode) ShimJson.parse(text.replace('\'', '"'));
    }
}
