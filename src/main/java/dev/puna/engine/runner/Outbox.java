// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.runner;

import static java.util.Objects.requireNonNull;

import dev.puna.engine.wire.ByteSink;
import dev.puna.engine.wire.FrameWriter;
import dev.puna.engine.wire.FromRunner;
import dev.puna.failure.Failure;
import dev.puna.failure.NativeFailure;
import java.io.IOException;

/**
 * The way to the server. What is added goes out with the next flush, so that the events of one step are one write. <b>Threads:</b> any;
 * a flush waits for a server that does not read.
 */
public final class Outbox {
    private final FrameWriter writer;
    private final Runnable gone;

    /**
     * @param gone run when the server cannot be reached any more, maybe several times
     */
    public Outbox(ByteSink sink, Runnable gone) {
        this.writer = new FrameWriter(sink);
        this.gone = requireNonNull(gone, "gone is null");
    }

    /** Keeps a message for the next flush; one that is too long to be sent is a failure of its call instead. */
    void add(FromRunner message) {
        try {
            writer.add(message);
        } catch (Failure tooLong) {
            writer.add(new FromRunner.Failed(message.call(), tooLong));
        }
    }

    void send(FromRunner message) {
        add(message);
        flush();
    }

    /** Ends a call with what went wrong. */
    void fail(long call, Throwable thrown) {
        send(new FromRunner.Failed(call, failure(thrown)));
    }

    private static Failure failure(Throwable thrown) {
        return switch (thrown) {
            case Failure known -> known;
            case OutOfMemoryError exhausted ->
                new NativeFailure("the process of the model is out of memory: " + exhausted.getMessage(), exhausted);
            default -> new NativeFailure("unexpected: " + thrown, thrown);
        };
    }

    /** Writes what was added. */
    public void flush() {
        try {
            writer.flush();
        } catch (IOException _) {
            gone.run();
        }
    }
}
