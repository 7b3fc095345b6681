// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import dev.puna.engine.EngineLoader;
import dev.puna.engine.Quantizer;
import dev.puna.engine.StepClock;
import dev.puna.engine.runner.Outbox;
import dev.puna.engine.runner.RunnerService;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What the process of a model does, on threads of this one; it can be let die. */
final class ThreadRunners implements Runner.Starter {
    final List<ThreadRunner> started = new CopyOnWriteArrayList<>();
    private final EngineLoader loader;
    private final Quantizer quantizer;

    /** Whether those that are started have something to keep before they end. */
    private volatile boolean keep;

    ThreadRunners(EngineLoader loader, Quantizer quantizer) {
        this.loader = loader;
        this.quantizer = quantizer;
    }

    @Override
    public Runner start(RunnerNeeds needs) {
        var runner = new ThreadRunner(needs, keep);
        started.add(runner);
        Thread.ofPlatform().daemon().name("runner").start(() -> runner.serve(loader, quantizer));
        return runner;
    }

    void keepSomething() {
        keep = true;
    }

    static final class ThreadRunner extends PipedRunner {
        final RunnerNeeds needs;
        final StepClock steps = new StepClock();
        private final boolean keeps;
        private volatile boolean deaf;
        private volatile boolean toldToEnd;

        ThreadRunner(RunnerNeeds needs, boolean keeps) {
            super(new BytePipe(), new BytePipe());
            this.keeps = keeps;
            this.needs = needs;
        }

        private void serve(EngineLoader loader, Quantizer quantizer) {
            var outbox = new Outbox(
                    parts -> {
                        if (!deaf) {
                            said.write(parts);
                        }
                    },
                    () -> {});
            var service = new RunnerService(loader, _ -> quantizer, steps, heard::read, outbox);
            try {
                toldToEnd = service.run();
                die("exit code 0");
            } catch (IOException broken) {
                die("exit code 1", "error: " + broken.getMessage());
            } finally {
                service.close();
            }
        }

        @Override
        public boolean keeps() {
            return keeps;
        }

        boolean wasToldToEnd() {
            return toldToEnd;
        }

        /** As a process does that is stopped, or whose driver hangs. */
        void saysNothingMore() {
            deaf = true;
        }
    }
}
