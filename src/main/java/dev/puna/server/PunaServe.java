// SPDX-License-Identifier: Apache-2.0
package dev.puna.server;

import dev.puna.failure.Failure;
import dev.puna.settings.Settings;
import io.quarkus.runtime.Quarkus;
import java.net.BindException;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * {@code puna serve}: from the environment to a server that listens, and from a signal to exit code 0, whenever it
 * comes.
 *
 * <p>What keeps it from starting ends the process with one sentence and exit code 1.
 */
public final class PunaServe {
    /** As the JVM's own flag for it. */
    private static final int EXIT_OUT_OF_MEMORY = 3;

    /** What a stop may take beyond the grace of running answers. */
    private static final Duration LONGEST_STOP = Duration.ofSeconds(10);

    /** Whether requests may have come: a process has one server, and it is another thread's part that knows. */
    private static volatile boolean serving;

    /** Made when first used, after {@link #run} has said what a signal does: a log that ends before it is set up complains. */
    private static final class Logs {
        private static final Logger OWN = Logger.getLogger(PunaServe.class);

        /** Where the JDK says who ended the program, which a log that is not yet set up would show. */
        private static final java.util.logging.Logger EXITS = java.util.logging.Logger.getLogger("java.lang.Runtime");
    }

    private final Map<String, String> environment;
    private final Consumer<String> complaints;
    private volatile boolean refused;
    private volatile Duration longestStop = LONGEST_STOP;

    /**
     * @param environment variables of the process
     * @param complaints shows a sentence to whoever started the server
     */
    public PunaServe(Map<String, String> environment, Consumer<String> complaints) {
        this.environment = environment;
        this.complaints = complaints;
    }

    /** Serves until the process is told to stop; does not return. */
    public void run(String... arguments) {
        // First of all, since from here on a stop that is asked for is no error, nor worth a word of the JDK.
        Runtime.getRuntime().addShutdownHook(new Thread(this::toldToStop, "puna-end"));
        Logs.EXITS.setLevel(Level.OFF);
        Settings settings;
        try {
            settings = Settings.ofServer(environment);
            new ListenCheck(settings.host()).run();
        } catch (Failure failure) {
            refuse(failure.text());
            return;
        }
        Thread.setDefaultUncaughtExceptionHandler(PunaServe::lost);
        longestStop = longestStop(settings);
        configure(settings);
        Quarkus.run(null, (code, failure) -> end(settings, code, failure), arguments);
    }

    /**
     * A thread has ended that was not meant to. For want of memory there may be others, and a server without them is worse than
     * one that its supervisor starts again; a request that finds no memory does not get here.
     */
    private static void lost(Thread thread, Throwable failure) {
        Logs.OWN.errorf(failure, "server.thread.lost name=%s", thread.getName());
        if (failure instanceof OutOfMemoryError) {
            Runtime.getRuntime().halt(EXIT_OUT_OF_MEMORY);
        }
    }

    /** Settings that Quarkus itself acts on. They win over its own variables, so that there is one place to set them. */
    private static void configure(Settings settings) {
        Ipv4Listening.want(settings.host().isIpv4());
        System.setProperty("quarkus.http.host", settings.host().bind());
        System.setProperty("quarkus.http.port", Integer.toString(settings.host().port()));
        if (settings.verbosity() > 0) {
            var level = settings.verbosity() > 1 ? "TRACE" : "DEBUG";
            System.setProperty("quarkus.log.category.\"dev.puna\".level", level);
        }
    }

    /** The server is about to listen: from now on a signal lets it finish what it does. */
    static void serves() {
        serving = true;
    }

    /** Called by Quarkus on the main thread when the application has stopped, or could not start. */
    private void end(Settings settings, int code, @Nullable Throwable failure) {
        if (failure != null && !isStopping()) {
            refuse(sentence(settings, failure));
        }
        // A signal has the JVM end with 128 and the signal's number, but a stop that was asked for and went well is no
        // error; nor is a start that fails because of it.
        Runtime.getRuntime().halt(failure == null ? Math.max(0, code) : 0);
    }

    private void refuse(String sentence) {
        refused = true;
        complaints.accept(sentence);
        System.exit(1);
    }

    /**
     * What a signal runs. A server that does not answer yet has nothing to finish; one that does is stopped by Quarkus, and
     * the main thread then says how it went.
     */
    private void toldToStop() {
        if (refused) {
            return;
        }
        if (!serving) {
            Runtime.getRuntime().halt(0);
        }
        try {
            Thread.sleep(longestStop);
            Logs.OWN.error("server.stop.stuck");
            Runtime.getRuntime().halt(1);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether a signal has come: the JVM takes no further hooks then. */
    private static boolean isStopping() {
        var hook = new Thread(() -> {}, "puna-end");
        try {
            Runtime.getRuntime().addShutdownHook(hook);
            return !Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            return true;
        }
    }

    /** From the signal to the end of the process. */
    static Duration longestStop(Settings settings) {
        return settings.shutdownGrace().plus(LONGEST_STOP);
    }

    private static String sentence(Settings settings, Throwable failure) {
        var causes = Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .toList();
        for (var cause : causes) {
            if (cause instanceof Failure known) {
                return known.text();
            }
            if (cause instanceof BindException refused) {
                return ListenCheck.sentence(settings.host(), refused);
            }
            if (cause instanceof OutOfMemoryError exhausted) {
                return "the server could not start: " + exhausted.getMessage()
                        + "; allow it more threads (ulimit -u, TasksMax) or memory";
            }
        }
        Logs.OWN.error("server.start.failed", failure);
        return "the server could not start: " + causes.getLast();
    }
}
