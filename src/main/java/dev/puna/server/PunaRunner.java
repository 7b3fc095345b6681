// SPDX-License-Identifier: Apache-2.0
package dev.puna.server;

import dev.puna.engine.ComputeTurns;
import dev.puna.engine.StepClock;
import dev.puna.engine.local.NativeEngineLoader;
import dev.puna.engine.local.NativeQuantizer;
import dev.puna.engine.local.ProcessHooks;
import dev.puna.engine.prefix.PrefixFolder;
import dev.puna.engine.prefix.PrefixKeeping;
import dev.puna.engine.runner.Outbox;
import dev.puna.engine.runner.RunnerService;
import dev.puna.failure.Failure;
import dev.puna.llama.BackendChoice;
import dev.puna.process.LocalSocket;
import dev.puna.process.ProcessLibrary;
import dev.puna.process.SharedTurns;
import dev.puna.settings.Settings;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * {@code puna runner}: the process of one model, which {@code puna serve} starts and speaks to. Knows nothing of HTTP, the store or
 * the network, and ends with the server.
 */
public final class PunaRunner {
    /** As the server hands them over. */
    private static final int SOCKET = 3;

    private static final int TURNS = 4;

    private static final Duration LONGEST_END = Duration.ofSeconds(2);

    private final Map<String, String> environment;
    private final Consumer<String> complaints;

    /**
     * @param environment variables of the process
     * @param complaints shows a sentence to whoever started it
     */
    public PunaRunner(Map<String, String> environment, Consumer<String> complaints) {
        this.environment = environment;
        this.complaints = complaints;
    }

    /** Serves until the server is gone or says nothing sensible any more; does not return. */
    public void run() {
        try {
            var settings = Settings.from(environment);
            RunnerLog.begin(settings.verbosity());
            ProcessLibrary.load(NativeLibraries.folder(settings));
            serve(settings, LocalSocket.inherited(SOCKET), SharedTurns.inherited(TURNS));
            Runtime.getRuntime().halt(0);
        } catch (Failure failure) {
            complaints.accept(failure.text());
        } catch (IOException broken) {
            complaints.accept(broken.getMessage() + " (puna runner is started by puna serve)");
        }
        Runtime.getRuntime().halt(1);
    }

    private void serve(Settings settings, LocalSocket socket, SharedTurns turns) throws IOException {
        var outbox = new Outbox(socket::write, () -> Runtime.getRuntime().halt(0));
        var folder = NativeLibraries.folder(settings);
        var choice = BackendChoice.of(settings.llmLibrary(), settings.smallBatch());
        var steps = new StepClock();
        var keeping = new PrefixKeeping(_ -> PrefixFolder.of(environment), settings.prefixConversations());
        var loader = new NativeEngineLoader(
                folder,
                choice,
                settings.lenientTools(),
                settings.speculates(),
                new ProcessHooks(new Turns(turns), steps, outbox::flush, keeping));
        var service = new RunnerService(
                loader, threads -> new NativeQuantizer(folder, () -> threads, choice), steps, socket::read, outbox);
        if (service.run()) {
            close(service);
        }
    }

    /** What is to be kept is written when the model is closed; nothing else is worth waiting for. */
    private static void close(RunnerService service) {
        var closing = Thread.ofPlatform().daemon().name("end").start(service::close);
        try {
            closing.join(LONGEST_END);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Turns that the processes of all models take. */
    private record Turns(SharedTurns shared) implements ComputeTurns {
        @Override
        public <T> T take(Supplier<T> step) {
            return shared.take(step);
        }
    }
}
