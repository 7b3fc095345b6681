// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli;

import dev.puna.cli.client.ServerJson;
import dev.puna.cli.text.Quantity;
import dev.puna.cli.text.TextTable;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code puna list [PREFIX]}: the models of the store, newest first; with {@code -v} also which bytes they share. */
@Command(
        name = "list",
        aliases = "ls",
        description = "List models",
        customSynopsis = "puna list",
        footer = PunaHost.DOC)
final class ListCommand extends ClientCommand {
    private static final int SHORT_DIGEST = 12;

    // The recorded help has no flag.
    @Option(
            names = {"-v", "--verbose"},
            hidden = true)
    private boolean verbose;

    ListCommand(CliContext context) {
        super(context);
    }

    @Override
    protected void run(List<String> words) {
        var prefix = words.isEmpty() ? "" : words.getFirst().toLowerCase(Locale.ROOT);
        var table = new TextTable();
        var now = context().clock().instant();
        var answer = server().get(verbose ? "/api/tags?sizes=true" : "/api/tags");
        for (var model : answer.list("models")) {
            var name = model.text("name");
            if (name.toLowerCase(Locale.ROOT).startsWith(prefix)) {
                var id = shortened(model.text("digest"));
                var size = Quantity.bytes(model.number("size"));
                var modified = Quantity.moment(
                        OffsetDateTime.parse(model.text("modified_at")).toInstant(), now);
                if (verbose) {
                    table.add(name, id, size, share(model, "own_size"), share(model, "shared_size"), modified);
                } else {
                    table.add(name, id, size, modified);
                }
            }
        }
        if (verbose) {
            out().print(table.under("NAME", "ID", "SIZE", "OWN", "SHARED", "MODIFIED"));
            out().println("Total: " + share(answer, "total_size"));
        } else {
            out().print(table.under("NAME", "ID", "SIZE", "MODIFIED"));
        }
    }

    /** Another server does not say. */
    private static String share(ServerJson json, String key) {
        return json.keys().contains(key) ? Quantity.bytes(json.number(key)) : "-";
    }

    static String shortened(String digest) {
        return digest.substring(0, Math.min(SHORT_DIGEST, digest.length()));
    }
}
