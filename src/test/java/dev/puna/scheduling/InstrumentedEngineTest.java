// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling;

import static dev.puna.scheduling.SchedulingRig.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.engine.EmbeddingRequest;
import dev.puna.engine.FinishReason;
import dev.puna.engine.GenerationEvent;
import dev.puna.engine.GenerationRequest;
import dev.puna.engine.OutputFormat;
import dev.puna.engine.Prompt;
import dev.puna.engine.Usage;
import dev.puna.failure.InvalidRequest;
import dev.puna.failure.NativeFailure;
import dev.puna.model.GenerationOptions;
import dev.puna.support.Script;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class InstrumentedEngineTest {
    static final GenerationRequest HELLO = new GenerationRequest(
            new Prompt.Raw("hello"),
            GenerationOptions.DEFAULT,
            new OutputFormat.Free(),
            true,
            true,
            false,
            false,
            OptionalInt.empty());

    @TempDir
    Path blobs;

    @Test
    void answers_and_their_tokens_are_counted() {
        var rig = new SchedulingRig(blobs);
        rig.loader.answers(Script.answering("Hel", "lo"));
        var lease = rig.lease("a");

        generate(lease);
        lease.engine().embed(new EmbeddingRequest(List.of("abc"), true)).await().atMost(SchedulingRig.BOUND);

        assertThat(rig.events.all)
                .containsExactly(
                        "loaded a:latest",
                        "first piece a:latest",
                        "answered a:latest 3 2",
                        "streamed a:latest 2.0 with a gap",
                        "embedded a:latest 3");
        lease.close();
    }

    @Test
    void tokens_that_were_guessed_are_counted_where_some_were() {
        var rig = new SchedulingRig(blobs);
        var usage = new Usage(3, 0, Duration.ofMillis(30), 9, Duration.ofMillis(90), 0, 9).withGuesses(7, 5);
        rig.loader.answers(Script.of(
                Script.text("Hello"), new GenerationEvent.Finished(FinishReason.STOP, usage, List.of(), false)));
        var lease = rig.lease("a");

        generate(lease);

        assertThat(rig.events.all).endsWith("streamed a:latest 1.0 with a gap", "guessed a:latest 7 5");
        lease.close();
    }

    @Test
    void holders_of_a_lease_cannot_close_the_engine() {
        var rig = new SchedulingRig(blobs);
        var lease = rig.lease("a");

        lease.engine().close();

        assertThat(rig.loader.engine().closings()).isZero();
        lease.close();
    }

    @Test
    void three_native_failures_in_a_row_have_the_model_loaded_anew() {
        var rig = new SchedulingRig(blobs);
        rig.loader.answers(Script.failing(new NativeFailure("decode failed")));
        var lease = rig.lease("a");
        fails(lease, NativeFailure.class);
        fails(lease, NativeFailure.class);
        assertThat(rig.loader.engine().closings()).isZero();
        fails(lease, NativeFailure.class);
        lease.close();

        rig.lease("a").close();

        eventually(() -> rig.loader.engines().getFirst().closings() == 1);
        assertThat(rig.loader.engines()).hasSize(2);
    }

    @Test
    void an_engine_that_has_died_is_loaded_anew() {
        var rig = new SchedulingRig(blobs);
        rig.lease("a").close();

        rig.loader.engine().dies();

        eventually(() -> rig.loader.engines().getFirst().closings() == 1);
        rig.lease("a").close();
        assertThat(rig.loader.engines()).hasSize(2);
    }

    @Test
    void an_engine_that_dies_as_soon_as_it_is_loaded_is_loaded_anew() {
        var rig = new SchedulingRig(blobs);
        rig.loader.loadsOneThatDies();
        rig.lease("a").close();

        eventually(() -> rig.loader.engines().getFirst().closings() == 1);
        rig.lease("a").close();
        assertThat(rig.loader.engines()).hasSize(2);
    }

    @Test
    void failures_of_the_asker_and_those_between_successes_break_nothing() {
        var rig = new SchedulingRig(blobs);
        var lease = rig.lease("a");
        for (var i = 0; i < 5; i++) {
            rig.loader.answers(Script.failing(new NativeFailure("decode failed")));
            fails(lease, NativeFailure.class);
            fails(lease, NativeFailure.class);
            rig.loader.answers(Script.failing(new InvalidRequest("no such tool")));
            fails(lease, InvalidRequest.class);
            rig.loader.answers(Script.answering("ok"));
            generate(lease);
        }
        lease.close();

        rig.lease("a").close();

        assertThat(rig.loader.engines()).hasSize(1);
    }

    private static void generate(Lease lease) {
        lease.engine().generate(HELLO).collect().asList().await().atMost(SchedulingRig.BOUND);
    }

    private static void fails(Lease lease, Class<? extends Throwable> kind) {
        assertThatThrownBy(() -> generate(lease)).isInstanceOf(kind);
    }
}
