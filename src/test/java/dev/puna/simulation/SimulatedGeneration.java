// SPDX-License-Identifier: Apache-2.0
package dev.puna.simulation;

import dev.puna.engine.FinishReason;
import dev.puna.engine.GenerationEvent;
import dev.puna.engine.wire.FromRunner;
import dev.puna.support.Script;
import java.util.List;
import java.util.concurrent.Semaphore;

/** An answer in a simulated process, whose pieces are numbers from 0 on. Threads of the timeline. */
final class SimulatedGeneration {
    private final World world;
    private final SimulatedChild child;
    private final long call;
    private final int caller;
    private final int length;
    private final Semaphore credit = new Semaphore(0);
    private boolean cancelled;

    SimulatedGeneration(World world, SimulatedChild child, long call, int caller, int length) {
        this.world = world;
        this.child = child;
        this.call = call;
        this.caller = caller;
        this.length = length;
    }

    int caller() {
        return caller;
    }

    void credit(int events) {
        credit.release(events);
    }

    void cancel() {
        cancelled = true;
        credit.release(2);
    }

    void run() {
        world.doze(100);
        child.say(new FromRunner.Prepared(call, 1_000));
        for (var i = 0; i < length && !cancelled; i++) {
            if (world.random.nextInt(8) == 0) {
                world.doze(500);
            }
            emit(piece(i));
        }
        emit(Script.finished(FinishReason.STOP, length));
        if (cancelled || child.say(new FromRunner.Ended(call))) {
            child.over(call);
        }
    }

    private void emit(GenerationEvent event) {
        credit.acquireUninterruptibly();
        if (!cancelled) {
            child.say(new FromRunner.Event(call, event));
        }
    }

    static GenerationEvent piece(int number) {
        return new GenerationEvent.Text(Integer.toString(number), List.of());
    }
}
