// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli;

import static java.util.Objects.requireNonNull;

import dev.puna.cli.client.BackgroundServer;
import dev.puna.cli.client.CommandFailure;
import dev.puna.cli.client.PunaServer;
import dev.puna.cli.client.Refused;
import dev.puna.cli.client.ServerJson;
import dev.puna.cli.client.ServerUnreachable;
import dev.puna.cli.demo.DemoModel;
import dev.puna.cli.text.Progress;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Optional;

/** Gets a server and a model ready to be run: starts the one and fetches the other where they are missing. */
final class ModelPreparer {
    private final PunaServer server;
    private final CliContext context;
    private final PrintWriter err;

    ModelPreparer(PunaServer server, CliContext context, PrintWriter err) {
        this.server = requireNonNull(server, "server is null");
        this.context = requireNonNull(context, "context is null");
        this.err = requireNonNull(err, "err is null");
    }

    PunaServer server() {
        return server;
    }

    /** What the server knows about the model. */
    ServerJson show(String model, boolean insecure) {
        try {
            return askOrFetch(model, insecure);
        } catch (ServerUnreachable e) {
            startServer(e);
            return askOrFetch(model, insecure);
        }
    }

    private ServerJson askOrFetch(String model, boolean insecure) {
        try {
            return ask(model);
        } catch (Refused e) {
            if (!e.isNotFound()) {
                throw e;
            }
            fetch(model, insecure, e);
            return ask(model);
        }
    }

    private ServerJson ask(String model) {
        return server.post("/api/show", Map.of("model", model));
    }

    private void startServer(ServerUnreachable e) {
        var background = new BackgroundServer(context.folders());
        if (!background.mayServe(server)) {
            throw e;
        }
        var progress = progress();
        Optional<BackgroundServer.Started> started;
        try {
            started = background.start(server, progress);
        } finally {
            progress.clear();
        }
        started.ifPresent(process -> {
            err.println("puna: started a server in the background; it goes on running (stop it with 'kill "
                    + process.processId() + "', its log is " + process.log() + ")");
            err.flush();
        });
    }

    private void fetch(String model, boolean insecure, Refused missing) {
        try (var progress = progress()) {
            if (DemoModel.isMeantBy(model)) {
                new DemoModel(context.folders()).install(server, progress);
            } else {
                new Transfer(server, progress).pull(model, insecure);
            }
        } catch (Transfer.NoRoute e) {
            throw new CommandFailure(missing.sentence() + ", and " + e.sentence(), e);
        }
    }

    private Progress progress() {
        return new Progress(err, context.errorColumns());
    }
}
