// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.chat.Thinking;
import dev.puna.failure.InvalidRequest;
import dev.puna.failure.NotFound;
import dev.puna.failure.StoreFailure;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the service refuses, and in which words. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class GenerationRefusalsTest {
    private final ScriptedGenerations generations;

    GenerationRefusalsTest(@TempDir Path folder) {
        generations = new ScriptedGenerations(folder);
    }

    @Test
    void a_model_that_is_not_there_is_said_to_be_missing() {
        generations.generateRefused("{'model':'nosuch','prompt':'x'}", NotFound.class, "model 'nosuch' not found");
        generations.generateRefused("{'prompt':'x'}", NotFound.class, "model '' not found");
        generations.generateRefused("{'model':'a b','prompt':'x'}", InvalidRequest.class, "invalid model name");
        generations.chatRefused("{'model':'nosuch'}", NotFound.class, "model 'nosuch' not found");
        generations.chatRefused("{'messages':[]}", InvalidRequest.class, "model is required");
    }

    @Test
    void a_model_is_asked_only_for_what_it_can_do() {
        generations.generateRefused("{'model':'embedder','prompt':'x'}", "\"embedder\" does not support generate");
        generations.chatRefused("{'model':'embedder','messages':[{}]}", "\"embedder\" does not support chat");
        generations.chatRefused(
                "{'model':'plain','messages':[{}],'tools':[{'function':{'name':'f'}}]}",
                "registry.ollama.ai/library/plain:latest does not support tools");
        generations.generateRefused(
                "{'model':'plain','prompt':'x','think':true}", "\"plain\" does not support thinking");
        generations.chatRefused(
                "{'model':'plain','messages':[{}],'think':'high'}", "\"plain\" does not support thinking");
        generations.generateRefused(
                "{'model':'deepseek-r1','prompt':'x','think':true}",
                "\"deepseek-r1\" does not support thinking. Pull the model again to get the latest version with full"
                        + " thinking support");
        generations.generateRefused(
                "{'model':'plain','prompt':'x','images':['aa==']}", "\"plain\" does not support images");
        generations.chatRefused(
                "{'model':'plain','messages':[{'images':['aa==']}]}", "\"plain\" does not support images");

        assertThat(generations.scheduling.requests()).isEmpty();
    }

    @Test
    void raw_text_excludes_what_shapes_it() {
        var message = "raw mode does not support template, system, or context";
        generations.generateRefused("{'model':'plain','prompt':'x','raw':true,'system':'S'}", message);
        generations.generateRefused("{'model':'plain','prompt':'x','raw':true,'template':'T'}", message);
        generations.generateRefused("{'model':'plain','prompt':'x','raw':true,'context':[1]}", message);
        generations.generateRefused("{'model':'embedder','raw':true,'system':'S','think':true}", message);
    }

    @Test
    void options_of_the_wrong_type_and_unknown_formats_are_refused_before_anything_loads() {
        generations.generateRefused(
                "{'model':'plain','prompt':'x','options':{'temperature':'hot'}}",
                "option \"temperature\" must be of type float32");
        generations.chatRefused(
                "{'model':'plain','messages':[{}],'format':5}",
                "invalid format: \"5\"; expected \"json\" or a valid JSON Schema object");

        assertThat(generations.scheduling.requests()).isEmpty();
    }

    @Test
    void a_format_that_nobody_knows_is_named() {
        generations.chatRefused(
                "{'model':'stranger','messages':[{}]}", StoreFailure.class, "unknown renderer \"qwen9\"");
        assertThat(ScriptedGenerations.object(generations.chat("{'model':'stranger'}")))
                .contains("\"done_reason\":\"load\"");
    }

    @Test
    void a_level_of_thinking_that_means_nothing_is_refused_unless_the_model_falls_back_to_its_own() {
        var words = "(must be \"high\", \"medium\", \"low\", \"max\", true, or false)";
        generations.chatRefused(
                "{'model':'thinker','messages':[{}],'think':'none'}", "invalid think value: \"none\" " + words);
        generations.chatRefused(
                "{'model':'nosuch','messages':[{}],'think':'none'}", "invalid think value: \"none\" " + words);
        generations.chatRefused(
                "{'model':'oss','messages':[{}],'think':1}",
                "think must be a boolean or string (\"high\", \"medium\", \"low\", \"max\", true, or false)"
                        + "; supported values: [\"low\",\"medium\",\"high\"]");

        ScriptedGenerations.object(generations.chat("{'model':'coder','messages':[{}],'stream':false,'think':'none'}"));
        assertThat(generations.conversation().thinking()).isEqualTo(Thinking.OFF);
    }
}
