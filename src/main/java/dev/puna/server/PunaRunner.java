// SPDX-License-Identifier: Apache-2.0
package dev.puna.server;

import dev.puna.engine.ComputeTurns;
import dev.puna.engine.local.NativeEngineLoader;
import dev.puna.engine.local.NativeQuantizer;
import dev.puna.engine.local.ProcessHooks;
import dev.puna.engine.runner.Outbox;
import dev.puna.engine.runner.RunnerService;
import dev.puna.failure.Failure;
import dev.puna.llama.BackendChoice;
import dev.puna.process.LocalSocket;
import dev.puna.process.ProcessLibrary;
import dev.puna.process.SharedTurns;
import dev.puna.settings.Settings;
import java.io.IOException;
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

    private static void serve(Settings settings, LocalSocket socket, SharedTurns turns) throws IOException {
        var outbox = new Outbox(socket::write, () -> Runtime.getRuntime().halt(0));
        var folder = NativeLibraries.folder(settings);
        var choice = BackendChoice.of(settings.llmLibrary(), settings.smallBatch());
        var loader = new NativeEngineLoader(
                folder, choice, settings.lenientTools(), new ProcessHooks(new Turns(turns), outbox::flush));
        new RunnerService(loader, threads -> new NativeQuantizer(folder, () -> threads, choice), socket::read, outbox)
                .run();
    }

    /** Turns that the processes of all models take. */
    private record Turns(SharedTurns shared) implements ComputeTurns {
        @Override
        public <T> T take(Supplier<T> step) {
            return shared.take(step);
        }
    }
}
