// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.puna.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/**
 * Keeps the bodies of requests to models where somebody can look at them and send them again, if the settings say so: in a
 * folder of its own for temporary files, which only the server's user can read. Source: contract 6, {@code DEBUG_LOG_REQUESTS}.
 * <b>Threads:</b> any that may block.
 */
final class RequestLog {
    private static final Logger LOG = Logger.getLogger(RequestLog.class);

    private final Optional<Path> folder;
    private final String server;
    private final AtomicLong number = new AtomicLong();

    private RequestLog(Optional<Path> folder, Settings settings) {
        this.folder = folder;
        server = settings.host().connect().toString();
    }

    RequestLog(Path folder, Settings settings) {
        this(Optional.of(folder), settings);
    }

    /** One that keeps as much as the settings say: all or nothing. */
    static RequestLog of(Settings settings) {
        return new RequestLog(settings.logsRequests() ? folder() : Optional.empty(), settings);
    }

    private static Optional<Path> folder() {
        try {
            var made = Files.createTempDirectory("puna-requests-");
            LOG.infof("requests.log folder=%s", made);
            return Optional.of(made);
        } catch (IOException e) {
            LOG.warnf("requests.log.off reason=\"no folder can be made: %s\"", e.getMessage());
            return Optional.empty();
        }
    }

    /** Writes a body down beside a script that sends it again; a disk that is full keeps nobody from being answered. */
    void add(Route route, byte[] body) {
        if (folder.isEmpty() || !route.logged()) {
            return;
        }
        var path = route.path();
        var name = "%06d%s".formatted(number.incrementAndGet(), path.replace('/', '-'));
        var file = folder.get().resolve(name + ".json");
        var script = "#!/bin/sh\ncurl '%s%s' --data-binary '@%s'\n".formatted(server, path, file);
        try {
            Files.write(file, body);
            Files.write(folder.get().resolve(name + ".sh"), script.getBytes(UTF_8));
        } catch (IOException e) {
            LOG.warnf("requests.log.failed file=%s reason=\"%s\"", file, e.getMessage());
        }
    }
}
