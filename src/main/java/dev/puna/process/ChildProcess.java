// SPDX-License-Identifier: Apache-2.0
package dev.puna.process;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A process that this one has started, and that ends when this one does, however that ends ({@code PR_SET_PDEATHSIG}).
 *
 * <p>It has a session of its own, so that a terminal's Ctrl-C does not reach it; {@code /dev/null} as standard input; one pipe as
 * standard output and standard error; the descriptors that it is given, and no other; no core dumps; and a higher {@code oom_score_adj}
 * than this process. <b>Threads:</b> any.
 */
public final class ChildProcess {
    private static final int SIGKILL = 9;

    private final ChildHandle handle;
    private final ChildOutput output;
    private final CompletableFuture<ExitStatus> exit = new CompletableFuture<>();

    ChildProcess(ChildHandle handle, ChildOutput output) {
        this.handle = handle;
        this.output = output;
    }

    /** Whether children can be started on this system; elsewhere all work stays in this process. */
    public static boolean supported() {
        return System.getProperty("os.name").equals("Linux");
    }

    /** Starts one without bounds. */
    public static ChildProcess start(ChildCommand command, List<? extends Inheritable> inherited, Consumer<String> log)
            throws IOException {
        return start(command, inherited, ChildBounds.NONE, log);
    }

    /**
     * Starts one, and returns when its program has begun.
     *
     * @param inherited become its descriptors 3, 4, …; this process keeps its own
     * @param log takes each line that it writes, without control characters and cut to some thousand characters; called by the thread
     *     that looks after all children, so it must not wait
     * @throws IOException if it could not be started, in a sentence
     */
    public static ChildProcess start(
            ChildCommand command, List<? extends Inheritable> inherited, ChildBounds bounds, Consumer<String> log)
            throws IOException {
        return ChildWatch.get().start(new ChildPlan(command, List.copyOf(inherited), bounds), log);
    }

    public long pid() {
        return handle.pid();
    }

    /** What {@code puna_lock_apply_before} answered: the restrictions that are in force. */
    public int locks() {
        return handle.locks();
    }

    public boolean isAlive() {
        return !handle.isReaped();
    }

    /** Ends it at once; {@link #exit} tells when that has happened. */
    public void kill() {
        signal(SIGKILL);
    }

    /** Sends a signal by its number; nothing happens if the process has ended. */
    public void signal(int number) {
        handle.signal(number);
    }

    /**
     * Completed when it has ended and all that it wrote has been read. Whatever depends on it runs on the thread that looks after
     * all children unless it is asynchronous, and must not wait there.
     */
    public CompletableFuture<ExitStatus> exit() {
        return exit;
    }

    /** The last lines that it wrote, twenty at most. */
    public List<String> lastLines() {
        return output.lastLines();
    }

    @Override
    public String toString() {
        return "process " + pid();
    }

    ChildHandle handle() {
        return handle;
    }

    ChildOutput output() {
        return output;
    }
}
