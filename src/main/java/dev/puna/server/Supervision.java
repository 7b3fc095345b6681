// SPDX-License-Identifier: Apache-2.0
package dev.puna.server;

import dev.puna.scheduling.ModelScheduler;
import dev.puna.scheduling.Occupancy;
import dev.puna.systemd.Supervisor;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.StreamSupport;
import org.jboss.logging.Logger;

/**
 * Tells the supervisor, if there is one, what the server does.
 *
 * <p>If the supervisor watches, a thread asks every event loop and the scheduler twice in each of its intervals, and reports
 * life only once all have answered. So one loop that hangs, or a scheduler that does, ends in a restart.
 */
final class Supervision {
    private static final Logger LOG = Logger.getLogger(Supervision.class);

    private final Optional<Supervisor> supervisor;
    private final EventLoopGroup loops;
    private final Supplier<Occupancy> occupancy;

    /**
     * @param loops the threads that serve connections
     * @param occupancy asks the scheduler; returns as soon as it can answer
     */
    Supervision(Optional<Supervisor> supervisor, EventLoopGroup loops, Supplier<Occupancy> occupancy) {
        this.supervisor = supervisor;
        this.loops = loops;
        this.occupancy = occupancy;
    }

    static Supervision of(Optional<Supervisor> supervisor, EventLoopGroup loops, ModelScheduler models) {
        return new Supervision(supervisor, loops, models::occupancy);
    }

    /** The server listens: says so, and reports life from now on if anybody watches. Any thread, once. */
    void listening(String host, int port) {
        supervisor.ifPresent(listener -> {
            heard(listener, listener.ready("Listening on %s, port %d".formatted(host, port)));
            listener.watchdog().ifPresent(interval -> watch(listener, interval.dividedBy(2)));
        });
    }

    /** The server begins to stop, which takes no longer than this. */
    void stopping(Duration atMost) {
        supervisor.ifPresent(
                listener -> heard(listener, listener.stopping("Stopping: running answers are finished", atMost)));
    }

    private void watch(Supervisor listener, Duration every) {
        Thread.ofPlatform().daemon().name("puna-watchdog").start(() -> {
            try {
                while (true) {
                    Thread.sleep(every);
                    reportLife(listener, every);
                }
            } catch (InterruptedException | RejectedExecutionException _) {
                LOG.debug("systemd.watchdog.end");
            }
        });
    }

    private void reportLife(Supervisor listener, Duration patience) throws InterruptedException {
        if (everyLoopRuns(patience)) {
            heard(listener, listener.alive(status(occupancy.get())));
        } else {
            LOG.errorf("server.stuck reason=\"an event loop has not run for %s ms\"", patience.toMillis());
        }
    }

    private boolean everyLoopRuns(Duration patience) throws InterruptedException {
        var all = StreamSupport.stream(loops.spliterator(), false).toList();
        var answers = new CountDownLatch(all.size());
        all.forEach(loop -> loop.execute(answers::countDown));
        return answers.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static String status(Occupancy now) {
        return "Models in memory: %d; requests running: %d, waiting: %d"
                .formatted(now.loaded(), now.active(), now.waiting());
    }

    private static void heard(Supervisor listener, boolean sent) {
        if (!sent) {
            LOG.warnf("systemd.unheard socket=%s effect=\"the supervisor may think that the server hangs\"", listener);
        }
    }
}
