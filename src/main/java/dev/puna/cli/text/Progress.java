// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.text;

import static java.util.Objects.requireNonNull;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What is being done, on standard error: one line for each step, the last one moving.
 *
 * <p>On a terminal the lines are drawn again ten times a second by a thread of its own, which ends with {@link #close} or
 * {@link #clear}. Elsewhere each step is printed once, when it is over, and steps without a name not at all. Any thread may
 * report.
 */
public final class Progress implements AutoCloseable {
    private static final String[] FRAMES = {"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"};
    private static final long INTERVAL_MILLIS = 100;
    private static final String HIDE_CURSOR = "\u001b[?25l";
    private static final String SHOW_CURSOR = "\u001b[?25h";
    private static final String CLEAR_LINE = "\u001b[K";

    private final PrintWriter err;
    private final int columns;
    private final List<Step> steps = new ArrayList<>();
    private final Thread leaving = new Thread(this::leave, "cursor");
    private int drawnLines;
    private int frame;
    private boolean open = true;
    private volatile String lastWords = "";

    /**
     * Shows nothing yet.
     *
     * @param columns width of the terminal; 0 if there is none
     */
    public Progress(PrintWriter err, int columns) {
        this.err = requireNonNull(err, "err is null");
        this.columns = columns;
        if (columns > 0) {
            Runtime.getRuntime().addShutdownHook(leaving);
            Thread.ofPlatform().daemon().name("progress").start(this::animate);
        }
    }

    /** Ends the step before and starts one whose end nobody knows; without a name only the moving sign shows. */
    public synchronized void step(String name) {
        if (!steps.isEmpty()
                && steps.getLast().isSpinning()
                && steps.getLast().name.equals(name)) {
            return;
        }
        finishLast();
        steps.add(new Step(name, -1));
        draw();
    }

    /** Ends the step before and starts one that counts bytes to a total. */
    public synchronized Bar bar(String name, long total) {
        finishLast();
        var step = new Step(name, Math.max(0, total));
        steps.add(step);
        draw();
        return step;
    }

    /** What to say when the program is interrupted before this ends. */
    public synchronized void onInterrupt(String words) {
        if (columns == 0 && lastWords.isEmpty()) {
            Runtime.getRuntime().addShutdownHook(leaving);
        }
        lastWords = words;
    }

    /** Ends it; what was done stays to be read. */
    @Override
    public synchronized void close() {
        if (open) {
            finishLast();
            draw();
            end();
        }
    }

    /** Ends it and takes it off the terminal. */
    public synchronized void clear() {
        if (open) {
            erase();
            steps.clear();
            end();
        }
    }

    private void end() {
        open = false;
        if (columns > 0) {
            restoreCursor();
        }
        if (columns > 0 || !lastWords.isEmpty()) {
            removeHook();
        }
        notifyAll();
    }

    private void removeHook() {
        try {
            Runtime.getRuntime().removeShutdownHook(leaving);
        } catch (IllegalStateException _) {
            // The process is ending; the hook runs and does no harm.
        }
    }

    /** The program is interrupted. */
    private void leave() {
        if (columns > 0) {
            restoreCursor();
        }
        if (!lastWords.isEmpty()) {
            err.println((columns > 0 ? "\n" : "") + lastWords);
            err.flush();
        }
    }

    private void restoreCursor() {
        err.print(SHOW_CURSOR);
        err.flush();
    }

    private void finishLast() {
        if (!steps.isEmpty() && !steps.getLast().done) {
            var last = steps.getLast();
            last.done = true;
            if (columns == 0 && !last.name.isEmpty()) {
                err.println(last.text(0));
                err.flush();
            }
        }
    }

    private synchronized void animate() {
        try {
            while (open) {
                wait(INTERVAL_MILLIS);
                frame = (frame + 1) % FRAMES.length;
                draw();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void draw() {
        if (columns == 0 || !open) {
            return;
        }
        var text = new StringBuilder(HIDE_CURSOR);
        if (drawnLines > 1) {
            text.append("\u001b[").append(drawnLines - 1).append('A');
        }
        text.append('\r');
        for (var index = 0; index < steps.size(); index++) {
            text.append(index == 0 ? "" : "\n")
                    .append(steps.get(index).text(columns))
                    .append(CLEAR_LINE);
        }
        if (!steps.isEmpty() && steps.getLast().done && !steps.getLast().name.isEmpty()) {
            text.append('\n');
        }
        drawnLines = steps.size();
        err.print(text);
        err.flush();
    }

    private void erase() {
        if (columns == 0 || drawnLines == 0) {
            return;
        }
        var up = drawnLines > 1 ? "\u001b[" + (drawnLines - 1) + "A" : "";
        err.print(up + "\r\u001b[J");
        err.flush();
    }

    /** A step that counts. */
    public interface Bar {
        /** Bytes that are done, of the total. */
        void set(long completed);
    }

    private final class Step implements Bar {
        private final String name;
        private final long total;
        private final long started = System.nanoTime();
        private long completed;
        /** What was done before anybody looked, which says nothing about the speed. */
        private long before = -1;

        private boolean done;

        private Step(String name, long total) {
            this.name = name;
            this.total = total;
        }

        @Override
        public void set(long bytes) {
            synchronized (Progress.this) {
                completed = Math.min(bytes, total);
                before = before < 0 ? completed : before;
            }
        }

        private boolean isSpinning() {
            return total < 0 && !done;
        }

        private String text(int width) {
            if (total < 0) {
                return shortened(width - 2) + (done ? "" : (name.isEmpty() ? "" : " ") + FRAMES[frame]);
            }
            var percent = total == 0 ? 100 : completed * 100 / total;
            var head = shortened(width - 6) + String.format(Locale.ROOT, " %3d%%", percent);
            var tail = tail();
            var room = width - Width.of(head) - Width.of(tail) - 4;
            return width == 0 || room < 5 ? head : head + " ▕" + blocks(room) + "▏" + tail;
        }

        /** The name as a terminal has room for it: a line that broke would not be found again. */
        private String shortened(int room) {
            return columns == 0 || name.length() <= room ? name : name.substring(0, Math.max(0, room - 1)) + "…";
        }

        private String blocks(int room) {
            var full = total == 0 ? room : (int) (completed * room / total);
            return "█".repeat(full) + " ".repeat(room - full);
        }

        private String tail() {
            var seconds = (System.nanoTime() - started) / 1e9;
            if (completed >= total || completed == 0 || seconds < 1) {
                return " " + Quantity.bytes(total);
            }
            var rate = (completed - before) / seconds;
            if (rate < 1) {
                return " " + Quantity.bytes(completed) + "/" + Quantity.bytes(total);
            }
            return " " + Quantity.bytes(completed) + "/" + Quantity.bytes(total) + "  " + Quantity.bytes((long) rate)
                    + "/s  " + remaining((long) ((total - completed) / rate));
        }

        private static String remaining(long seconds) {
            return seconds < 60 ? seconds + "s" : seconds / 60 + "m" + seconds % 60 + "s";
        }
    }
}
