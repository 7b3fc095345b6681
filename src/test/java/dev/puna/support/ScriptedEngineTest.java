// SPDX-License-Identifier: Apache-2.0
package dev.puna.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.chat.Message;
import dev.puna.device.Placement;
import dev.puna.engine.EngineSpec;
import dev.puna.engine.FinishReason;
import dev.puna.engine.GenerationEvent;
import dev.puna.engine.GenerationRequest;
import dev.puna.engine.Loading;
import dev.puna.engine.OutputFormat;
import dev.puna.failure.Cancelled;
import dev.puna.failure.NativeFailure;
import dev.puna.model.GenerationOptions;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ScriptedEngineTest {
    private static final Duration BOUND = Duration.ofSeconds(10);
    private static final GenerationRequest HELLO = new GenerationRequest(
            TestPrompts.conversation(List.of(Message.of("user", "hello"))),
            GenerationOptions.DEFAULT,
            new OutputFormat.Free(),
            true,
            true,
            false,
            false,
            OptionalInt.empty());

    private final ScriptedEngineLoader loader = new ScriptedEngineLoader();

    @Test
    void it_answers_what_the_script_says() {
        loader.answers(Script.answering("Hel", "lo"));

        var events = load().generate(HELLO).collect().asList().await().atMost(BOUND);

        assertThat(events)
                .containsExactly(Script.text("Hel"), Script.text("lo"), Script.finished(FinishReason.STOP, 2));
        assertThat(loader.engine().requests()).containsExactly(HELLO);
        assertThat(loader.engine().activeRequests()).isZero();
    }

    @Test
    void it_gives_no_more_than_is_asked_for_and_notices_who_leaves() {
        loader.answers(Script.endlessly("a"));
        var subscriber = load().generate(HELLO).subscribe().withSubscriber(AssertSubscriber.<GenerationEvent>create(3));

        subscriber.awaitItems(3, BOUND).cancel();

        assertThat(loader.engine().emitted()).isEqualTo(3);
        assertThat(loader.engine().cancellations()).isEqualTo(1);
        assertThat(loader.engine().activeRequests()).isZero();
    }

    @Test
    void it_fails_where_the_script_says() {
        var failure = new NativeFailure("decode failed");
        loader.answers(Script.failing(failure, "a"));

        var subscriber = load().generate(HELLO).subscribe().withSubscriber(AssertSubscriber.<GenerationEvent>create(9));

        subscriber.awaitFailure(BOUND).assertItems(Script.text("a")).assertFailedWith(NativeFailure.class);
    }

    @Test
    void closing_ends_what_runs() {
        loader.answers(Script.endlessly("a").every(Duration.ofMinutes(1)));
        var engine = load();
        var subscriber = engine.generate(HELLO).subscribe().withSubscriber(AssertSubscriber.<GenerationEvent>create(9));

        engine.close();

        subscriber.awaitFailure(BOUND).assertFailedWith(Cancelled.class);
        assertThat(loader.engine().closings()).isEqualTo(1);
    }

    @Test
    void a_load_fails_when_told_to() {
        loader.failsToLoad(new NativeFailure("no such file"));

        assertThatThrownBy(this::load).isInstanceOf(NativeFailure.class).hasMessage("no such file");
    }

    @Test
    void a_load_that_waits_can_be_cancelled() {
        loader.loadsOnlyWhenLet();
        var loading = Loading.create();
        loading.cancel();

        assertThatThrownBy(() -> loader.load(spec(), loading)).isInstanceOf(Cancelled.class);
        assertThat(loader.cancelledLoads()).isEqualTo(1);
    }

    private ScriptedEngine load() {
        return (ScriptedEngine) loader.load(spec(), Loading.create());
    }

    private static EngineSpec spec() {
        return new EngineSpec(
                "m",
                TestModelFiles.of(List.of(Path.of("m.gguf"))),
                4096,
                1,
                512,
                1,
                Placement.CPU,
                true,
                "f16",
                "auto",
                0);
    }
}
