// SPDX-License-Identifier: Apache-2.0
package dev.puna.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * What a child writes, as lines. It may be anything: lines are cut to 4 KiB, bytes that are no UTF-8 and control characters are replaced
 * by U+FFFD. <b>Threads:</b> one writes, any may ask for the last lines.
 */
final class ChildOutput {
    private static final Logger LOG = Logger.getLogger(ChildOutput.class);

    private static final int LINE_AT_MOST = 4096;
    private static final int REMEMBERED = 20;
    private static final String REPLACEMENT = "\uFFFD";

    private final Consumer<String> log;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final Deque<String> last = new ArrayDeque<>();
    private boolean cut;
    private boolean open = true;

    ChildOutput(Consumer<String> log) {
        this.log = log;
    }

    void write(byte[] bytes, int length) {
        var begin = 0;
        for (var i = 0; i < length; i++) {
            if (bytes[i] == '\n') {
                add(bytes, begin, i);
                endLine();
                begin = i + 1;
            }
        }
        add(bytes, begin, length);
    }

    private void add(byte[] bytes, int begin, int end) {
        var room = Math.min(end - begin, LINE_AT_MOST - line.size());
        cut |= room < end - begin;
        line.write(bytes, begin, room);
    }

    /** Whether more may come; asked by the thread that writes. */
    boolean isOpen() {
        return open;
    }

    /** Nothing more will come. */
    void end() {
        open = false;
        if (line.size() > 0) {
            endLine();
        }
    }

    private void endLine() {
        var text = line.toString(UTF_8);
        var readable = (text.endsWith("\r") ? text.substring(0, text.length() - 1) : text)
                        .replaceAll("[\\p{Cntrl}&&[^\\t]]", REPLACEMENT)
                + (cut ? "…" : "");
        line.reset();
        cut = false;
        remember(readable);
        try {
            log.accept(readable);
        } catch (RuntimeException e) {
            LOG.warnf(e, "child.line.lost");
        }
    }

    private synchronized void remember(String text) {
        if (last.size() == REMEMBERED) {
            last.removeFirst();
        }
        last.addLast(text);
    }

    synchronized List<String> lastLines() {
        return List.copyOf(last);
    }
}
