// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli;

import dev.puna.cli.text.Quantity;
import dev.puna.cli.text.TextTable;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;

/** {@code puna list [PREFIX]}: the models of the store, newest first. */
@Command(
        name = "list",
        aliases = "ls",
        description = "List models",
        customSynopsis = "puna list",
        footer = PunaHost.DOC)
final class ListCommand extends ClientCommand {
    private static final int SHORT_DIGEST = 12;

    ListCommand(CliContext context) {
        super(context);
    }

    @Override
    protected void run(List<String> words) {
        var prefix = words.isEmpty() ? "" : words.getFirst().toLowerCase(Locale.ROOT);
        var table = new TextTable();
        var now = context().clock().instant();
        for (var model : server().get("/api/tags").list("models")) {
            var name = model.text("name");
            if (name.toLowerCase(Locale.ROOT).startsWith(prefix)) {
                table.add(
                        name,
                        shortened(model.text("digest")),
                        Quantity.bytes(model.number("size")),
                        Quantity.moment(
                                OffsetDateTime.parse(model.text("modified_at")).toInstant(), now));
            }
        }
        out().print(table.under("NAME", "ID", "SIZE", "MODIFIED"));
    }

    static String shortened(String digest) {
        return digest.substring(0, Math.min(SHORT_DIGEST, digest.length()));
    }
}
