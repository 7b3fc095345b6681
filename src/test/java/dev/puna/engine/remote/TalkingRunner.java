// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import dev.puna.engine.wire.ByteSink;
import dev.puna.engine.wire.ByteSource;
import dev.puna.engine.wire.FrameReader;
import dev.puna.engine.wire.FrameWriter;
import dev.puna.engine.wire.FromRunner;
import dev.puna.engine.wire.ToRunner;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** A process that says what a test wants when it is told something, whatever that may be. It ends when it is killed. */
final class TalkingRunner implements Runner {
    private final BytePipe heard = new BytePipe();
    private final BytePipe said = new BytePipe();
    private final CompletableFuture<End> end = new CompletableFuture<>();
    private final Function<ToRunner, List<FromRunner>> answers;

    TalkingRunner(Function<ToRunner, List<FromRunner>> answers) {
        this.answers = answers;
    }

    /** On a thread of its own. */
    TalkingRunner begin() {
        Thread.ofPlatform().daemon().name("talking").start(() -> {
            var reader = new FrameReader(heard::read);
            var writer = new FrameWriter(said::write);
            try {
                for (var message = reader.readToRunner(); message != null; message = reader.readToRunner()) {
                    answers.apply(message).forEach(writer::add);
                    writer.flush();
                }
            } catch (IOException closed) {
                disconnect();
            }
        });
        return this;
    }

    boolean hasEnded() {
        return end.isDone();
    }

    @Override
    public ByteSource source() {
        return said::read;
    }

    @Override
    public ByteSink sink() {
        return heard::write;
    }

    @Override
    public void disconnect() {
        heard.close();
        said.close();
    }

    @Override
    public void kill() {
        end.complete(new End("SIGKILL", List.of()));
        disconnect();
    }

    @Override
    public CompletableFuture<End> end() {
        return end;
    }
}
