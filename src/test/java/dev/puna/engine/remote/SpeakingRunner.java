// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import dev.puna.engine.wire.FrameReader;
import dev.puna.engine.wire.ToRunner;
import dev.puna.simulation.SimulatedPipe;
import dev.puna.simulation.Timeline;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Random;

/** A process in a simulation that says certain bytes in two parts, whatever it is told, and then closes its connection or nothing more. */
final class SpeakingRunner extends PipedRunner {
    private final Timeline timeline;
    private final byte[] bytes;
    private final int first;
    private final boolean closes;
    private boolean over;

    /**
     * @param first how many bytes it says before it is told to count
     */
    SpeakingRunner(Timeline timeline, Random random, byte[] bytes, int first) {
        super(new SimulatedPipe(timeline, random), new SimulatedPipe(timeline, random));
        this.timeline = timeline;
        this.bytes = bytes;
        this.first = Math.min(first, bytes.length);
        closes = random.nextBoolean();
    }

    void speak() {
        timeline.start("patience", () -> {
            timeline.sleep(Duration.ofSeconds(1));
            sayTheRest();
        });
        try {
            var reader = new FrameReader(heard::read);
            for (var message = reader.readToRunner(); message != null; message = reader.readToRunner()) {
                if (message instanceof ToRunner.Load) {
                    said.write(ByteBuffer.wrap(bytes, 0, first));
                } else if (message instanceof ToRunner.Count) {
                    sayTheRest();
                }
            }
        } catch (IOException closed) {
            disconnect();
        }
    }

    private void sayTheRest() {
        if (over) {
            return;
        }
        over = true;
        try {
            said.write(ByteBuffer.wrap(bytes, first, bytes.length - first));
            if (closes) {
                said.close();
            }
        } catch (IOException closed) {
            disconnect();
        }
    }
}
