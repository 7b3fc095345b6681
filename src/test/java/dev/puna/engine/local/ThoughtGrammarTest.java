// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.device.Placement;
import dev.puna.engine.OutputFormat;
import dev.puna.engine.prompt.ResponseFormat;
import dev.puna.engine.prompt.ThoughtGrammar;
import dev.puna.llama.Batch;
import dev.puna.llama.Context;
import dev.puna.llama.LoadProgress;
import dev.puna.llama.LoadedModel;
import dev.puna.llama.NativeMemory;
import dev.puna.llama.Sampler;
import dev.puna.llama.StepOutcome;
import dev.puna.llama.TestLlama;
import dev.puna.llama.settings.CacheType;
import dev.puna.llama.settings.ContextSettings;
import dev.puna.llama.settings.FlashAttention;
import dev.puna.llama.settings.ModelSettings;
import dev.puna.parsing.ThinkingTags;
import dev.puna.support.ParrotGguf;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Models that want to say something else than the format allows, held to it behind their thought. Where they must not say what
 * they want, they like white space as much as anything.
 */
@Tag("engine")
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class ThoughtGrammarTest {

    private static final String BLUE_SKY = "{\"type\":\"object\",\"properties\":{\"sky\":{\"enum\":[\"blue\"]}},"
            + "\"required\":[\"sky\"],\"additionalProperties\":false}";

    private static final String GREEN = "{\"sky\": \"green\"}";
    private static final String BLUE = "{\"sky\": \"blue\"}";

    @TempDir
    Path folder;

    @AfterEach
    void nothing_is_left() {
        assertThat(NativeMemory.openOwners()).isZero();
    }

    @Test
    void a_thought_may_come_first() throws IOException {
        var thought = "<think>\nroot ::= <</thi </think {x} é\n</think>\n\n";

        assertThat(said(thought + GREEN, false)).startsWith(thought).isEqualToIgnoringWhitespace(thought + BLUE);
    }

    @Test
    void no_thought_need_come() throws IOException {
        assertThat(said(GREEN, false)).isEqualToIgnoringWhitespace(BLUE);
    }

    @Test
    void a_prompt_may_end_inside_the_thought() throws IOException {
        assertThat(said("hm, so <<</think>" + GREEN, true)).isEqualToIgnoringWhitespace("hm, so <<</think>" + BLUE);
    }

    @Test
    void without_tags_the_format_holds_from_the_start() {
        assertThat(ThoughtGrammar.before("root ::= \"a\"\n", Optional.empty(), false))
                .isEqualTo("root ::= \"a\"\n");
    }

    @Test
    void only_the_rule_itself_is_renamed() {
        var rules = "root ::= \"root\" [root] root-kv xroot root | \"\\\"root\\\"\" # root";

        assertThat(ThoughtGrammar.before(rules, Optional.of(new ThinkingTags("<t>", "</t>")), true))
                .endsWith("answer-root ::= \"root\" [root] root-kv xroot answer-root | \"\\\"root\\\"\" # root");
    }

    private String said(String wish, boolean inside) throws IOException {
        var file = Files.write(folder.resolve("parrot.gguf"), ParrotGguf.saying("{{ messages[0].content }}", wish));
        var responseFormat = new ResponseFormat.Tagged(
                Optional.of(new ThinkingTags("<think>", "</think>")), inside, Optional.empty(), List.of());
        var request =
                EngineTests.raw("x").format(new OutputFormat.Schema(BLUE_SKY)).request();
        var settings = new ModelSettings(Placement.CPU, true, false);
        var backend = TestLlama.backend();
        try (var model = LoadedModel.open(backend, List.of(file), settings, new LoadProgress());
                var context = model.context(new ContextSettings(
                        512, 1, 64, 64, 1, 1, false, Optional.empty(), CacheType.F16, FlashAttention.AUTO));
                var batch = context.batch(64);
                var sampler = new Samplers(model).open(request, responseFormat)) {
            return generated(context, batch, sampler, model.vocabulary().tokenize("x", true, true));
        }
    }

    private static String generated(Context context, Batch batch, Sampler sampler, int[] prompt) {
        batch.clear();
        var last = 0;
        for (var i = 0; i < prompt.length; i++) {
            last = batch.add(prompt[i], i, 0, i == prompt.length - 1);
        }
        var text = new ByteArrayOutputStream();
        for (var position = prompt.length; position < 300; position++) {
            batch.sample(last, sampler, -1);
            assertThat(context.step(batch)).isEqualTo(StepOutcome.DONE);
            if (batch.end(0)) {
                break;
            }
            text.writeBytes(batch.piece(0));
            var token = batch.token(0);
            batch.clear();
            last = batch.add(token, position, 0, true);
        }
        return text.toString(UTF_8);
    }
}
