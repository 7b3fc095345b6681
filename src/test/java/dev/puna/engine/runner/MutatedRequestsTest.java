// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.engine.EmbeddingRequest;
import dev.puna.engine.EngineSpec;
import dev.puna.engine.GenerationRequest;
import dev.puna.engine.Prompt;
import dev.puna.engine.RankRequest;
import dev.puna.engine.StepClock;
import dev.puna.engine.wire.ByteSource;
import dev.puna.engine.wire.Frames;
import dev.puna.engine.wire.FromRunner;
import dev.puna.engine.wire.MutatedStream;
import dev.puna.engine.wire.Protocol;
import dev.puna.engine.wire.ToRunner;
import dev.puna.support.ScriptedEngineLoader;
import dev.puna.support.TestRequests;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever the server says, the process of a model does it or ends with a reason, and what it says itself are messages. On threads
 * of this machine.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class MutatedRequestsTest {
    private static final int MUTATIONS = Integer.getInteger("puna.wire.mutations", 2_000);
    private static final int CALLS = 9;
    private static final List<ToRunner> REQUESTS = List.of(
            new ToRunner.Hello(Protocol.PROTOCOL_VERSION),
            new ToRunner.Load(1, spec()),
            new ToRunner.Ping(0),
            new ToRunner.Generate(2, request("Hi")),
            new ToRunner.Credit(2, 64),
            new ToRunner.Embed(3, new EmbeddingRequest(List.of("a"), true)),
            new ToRunner.Count(4, request("one two")),
            new ToRunner.Render(5, request("one two")),
            new ToRunner.Tokenize(6, "abc", true),
            new ToRunner.Detokenize(7, List.of(65)),
            new ToRunner.Rank(8, new RankRequest("q", List.of("a"), true)),
            new ToRunner.Cancel(2),
            new ToRunner.Devices(9));

    private static final int FIRST = Frames.of(REQUESTS.subList(0, 2).toArray()).length;

    /** Bytes that are said when the model is there. */
    private static final int LOADED = 60;

    @Test
    @Timeout(value = 24, unit = TimeUnit.HOURS)
    void whatever_is_said_is_done_or_refused() {
        var ended =
                MutatedStream.tryEach(MUTATIONS, REQUESTS, ToRunner.class, CALLS, (_, bytes) -> serve(bytes) ? 1 : 0);
        assertThat(ended).isBetween(MUTATIONS / 4, MUTATIONS - MUTATIONS / 10);
    }

    /** Whether all was understood. */
    private static boolean serve(byte[] bytes) {
        var said = new ByteArrayOutputStream();
        var outbox = new Outbox(Frames.into(said), () -> {});
        var service = new RunnerService(
                new ScriptedEngineLoader(), _ -> (_, _, _, _) -> {}, new StepClock(), pausing(bytes, said), outbox);
        boolean understood;
        try {
            service.run();
            understood = true;
        } catch (IOException refused) {
            assertThat(refused.getMessage()).isNotBlank();
            understood = false;
        } finally {
            service.close();
        }
        try {
            outbox.flush();
            assertThat(Frames.read(said.toByteArray(), FromRunner.class))
                    .startsWith(new FromRunner.Hello(Protocol.PROTOCOL_VERSION));
        } catch (IOException broken) {
            throw new AssertionError(broken);
        }
        return understood;
    }

    /** Gives the load, waits until it is done, or a little, and gives the rest. */
    private static ByteSource pausing(byte[] bytes, ByteArrayOutputStream said) {
        var stream = new ByteArrayInputStream(bytes);
        return (into, offset, length) -> {
            var given = bytes.length - stream.available();
            if (given < FIRST) {
                return stream.read(into, offset, Math.min(length, FIRST - given));
            }
            for (var i = 0; given == FIRST && i < 100 && said.size() < LOADED; i++) {
                LockSupport.parkNanos(50_000);
            }
            return stream.read(into, offset, length);
        };
    }

    private static EngineSpec spec() {
        return TestRequests.spec(Path.of("/models/weights.gguf"), 0);
    }

    private static GenerationRequest request(String text) {
        return TestRequests.of(new Prompt.Raw(text));
    }
}
