// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import dev.puna.engine.wire.FrameReader;
import dev.puna.engine.wire.FrameWriter;
import dev.puna.engine.wire.FromRunner;
import dev.puna.engine.wire.ToRunner;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;

/** A process that says what a test wants when it is told something, whatever that may be. It ends when it is killed. */
final class TalkingRunner extends PipedRunner {
    private final Function<ToRunner, List<FromRunner>> answers;

    TalkingRunner(Function<ToRunner, List<FromRunner>> answers) {
        super(new BytePipe(), new BytePipe());
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
}
