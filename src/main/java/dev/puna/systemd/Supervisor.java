// SPDX-License-Identifier: Apache-2.0
package dev.puna.systemd;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;

/**
 * Whoever started this process and wants to hear of it, by the protocol of {@code sd_notify(3)}: lines of
 * {@code NAME=value} in a datagram to the socket that {@code NOTIFY_SOCKET} names.
 *
 * <p>Any thread. Each call takes at most half a second, most of them microseconds, and tells whether the message went out;
 * a supervisor that cannot be reached is no reason to stop serving.
 */
public final class Supervisor {
    private static final int ATTEMPTS = 5;
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(100);

    private final String address;
    private final Optional<Duration> watchdog;

    private Supervisor(String address, Optional<Duration> watchdog) {
        this.address = address;
        this.watchdog = watchdog;
    }

    /** The one that the variables of this process name; empty if nobody asked to be told. */
    public static Optional<Supervisor> from(Map<String, String> environment) {
        requireNonNull(environment, "environment is null");
        return Optional.ofNullable(environment.get("NOTIFY_SOCKET"))
                .filter(socket -> !socket.isBlank())
                .map(socket -> new Supervisor(socket, watchdog(environment)));
    }

    /** {@code WATCHDOG_USEC}, if it is meant for this process and a number. */
    private static Optional<Duration> watchdog(Map<String, String> environment) {
        var self = Long.toString(ProcessHandle.current().pid());
        if (!environment.getOrDefault("WATCHDOG_PID", self).equals(self)) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(environment.get("WATCHDOG_USEC"))
                    .map(Long::parseLong)
                    .filter(microseconds -> microseconds > 0)
                    .map(microseconds -> Duration.of(microseconds, ChronoUnit.MICROS));
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    /** How long after {@link #alive} this process is taken for dead; empty if nobody watches. */
    public Optional<Duration> watchdog() {
        return watchdog;
    }

    /** The server listens. */
    public boolean ready(String status) {
        return tell("READY=1\n" + status(status));
    }

    /** The server is about to stop, which may take as long as this, whatever the service's own limit is. */
    public boolean stopping(String status, Duration atMost) {
        return tell("STOPPING=1\nEXTEND_TIMEOUT_USEC=" + atMost.toNanos() / 1_000 + "\n" + status(status));
    }

    /** The server works. */
    public boolean alive(String status) {
        return tell("WATCHDOG=1\n" + status(status));
    }

    /** One line, whatever the text holds: a line of its own could say anything. */
    private static String status(String text) {
        return "STATUS=" + text.replaceAll("\\p{Cntrl}", " ");
    }

    private boolean tell(String message) {
        if (!UnixDatagram.canBeAddress(address)) {
            return false;
        }
        for (var attempt = 1; !UnixDatagram.send(address, message); attempt++) {
            if (attempt == ATTEMPTS || !waited()) {
                return false;
            }
        }
        return true;
    }

    private static boolean waited() {
        try {
            Thread.sleep(BETWEEN_ATTEMPTS);
            return true;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public String toString() {
        return address;
    }
}
