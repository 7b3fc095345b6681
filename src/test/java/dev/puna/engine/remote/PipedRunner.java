// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import dev.puna.engine.wire.ByteSink;
import dev.puna.engine.wire.ByteSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A process of a test, which is a thread at the other ends of two pipes. */
abstract class PipedRunner implements Runner {
    final Pipe heard;
    final Pipe said;
    private final CompletableFuture<End> end = new CompletableFuture<>();

    PipedRunner(Pipe heard, Pipe said) {
        this.heard = heard;
        this.said = said;
    }

    final void die(String reason, String... lastLines) {
        end.complete(new End(reason, List.of(lastLines)));
        disconnect();
    }

    final boolean hasEnded() {
        return end.isDone();
    }

    @Override
    public final ByteSource source() {
        return said::read;
    }

    @Override
    public final ByteSink sink() {
        return heard::write;
    }

    @Override
    public final void disconnect() {
        heard.close();
        said.close();
    }

    @Override
    public final void kill() {
        die("SIGKILL");
    }

    @Override
    public final CompletableFuture<End> end() {
        return end;
    }
}
