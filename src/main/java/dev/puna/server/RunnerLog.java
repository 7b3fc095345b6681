// SPDX-License-Identifier: Apache-2.0
package dev.puna.server;

import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.formatters.PatternFormatter;

/**
 * How what the process of a model logs gets into the server's log: as lines that begin with their importance as systemd has it
 * ({@code <6>}, source: {@code sd-daemon(3)}). What libraries write by themselves has no such beginning. Any thread.
 */
final class RunnerLog {
    private static final org.jboss.logging.Logger LOG = org.jboss.logging.Logger.getLogger(RunnerLog.class);

    private static final int PREFIX = 3;

    private RunnerLog() {}

    /**
     * Has this process log so.
     *
     * @param verbosity 0, 1 for debug or 2 for trace lines
     */
    static void begin(int verbosity) {
        var root = Logger.getLogger("");
        for (var other : root.getHandlers()) {
            root.removeHandler(other);
        }
        var handler = new ConsoleHandler();
        handler.setLevel(Level.ALL);
        handler.setFormatter(new Lines());
        root.addHandler(handler);
        Logger.getLogger("dev.puna").setLevel(verbosity > 1 ? Level.FINER : verbosity > 0 ? Level.FINE : Level.INFO);
    }

    /** Logs a line of such a process in this one. */
    static void relay(String line) {
        var text =
                line.startsWith("<") && line.length() > PREFIX && line.charAt(2) == '>' ? line.substring(PREFIX) : "";
        if (text.isEmpty()) {
            LOG.warnf("runner.output %s", line);
            return;
        }
        switch (line.charAt(1)) {
            case '3' -> LOG.error(text);
            case '4' -> LOG.warn(text);
            case '6' -> LOG.info(text);
            default -> LOG.debug(text);
        }
    }

    private static final class Lines extends Formatter {
        private static final PatternFormatter TEXT = new PatternFormatter("%s%e");

        @Override
        public String format(LogRecord entry) {
            var beginning = "<" + importance(entry.getLevel()) + ">";
            return TEXT.format(ExtLogRecord.wrap(entry))
                    .strip()
                    .lines()
                    .map(line -> beginning + line + "\n")
                    .collect(Collectors.joining());
        }

        private static int importance(Level level) {
            if (level.intValue() >= Level.SEVERE.intValue()) {
                return 3;
            }
            if (level.intValue() >= Level.WARNING.intValue()) {
                return 4;
            }
            return level.intValue() >= Level.INFO.intValue() ? 6 : 7;
        }
    }
}
