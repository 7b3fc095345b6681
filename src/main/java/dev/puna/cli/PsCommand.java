// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli;

import dev.puna.cli.client.ServerJson;
import dev.puna.cli.text.Quantity;
import dev.puna.cli.text.TextTable;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code puna ps [PREFIX]}: the models in memory, and those that are refused for a while. */
@Command(name = "ps", description = "List running models", customSynopsis = "puna ps", footer = PunaHost.DOC)
final class PsCommand extends ClientCommand {
    /** The column before the last. */
    private static final int RUNNER = 5;

    PsCommand(CliContext context) {
        super(context);
    }

    @Override
    protected void run(List<String> words) {
        var table = new TextTable();
        var now = context().clock().instant();
        var models = server().get("/api/ps").list("models");
        // Servers before 0.40 tell no runners.
        var showsRunners =
                models.stream().anyMatch(model -> !model.text("runner").isEmpty());
        for (var model : models) {
            if (words.isEmpty() || model.text("name").startsWith(words.getFirst())) {
                var cells = new ArrayList<>(List.of(model.text("name"), ListCommand.shortened(model.text("digest"))));
                cells.addAll(isRefused(model) ? refused(model, now) : loaded(model, now));
                if (showsRunners) {
                    cells.add(RUNNER, model.text("runner"));
                }
                table.add(cells.toArray(String[]::new));
            }
        }
        var header = new ArrayList<>(List.of("NAME", "ID", "SIZE", "PROCESSOR", "CONTEXT", "UNTIL"));
        if (showsRunners) {
            header.add(RUNNER, "RUNNER");
        }
        out().print(table.under(header.toArray(String[]::new)));
    }

    private static List<String> loaded(ServerJson model, Instant now) {
        return List.of(
                Quantity.bytes(model.number("size")),
                processor(model.number("size"), model.number("size_vram")),
                Long.toString(model.number("context_length")),
                until(model, now));
    }

    /** One that is not tried for a while since its process has crashed again and again; only Puna tells of those. */
    private static boolean isRefused(ServerJson model) {
        return !model.text("error").isEmpty();
    }

    private static List<String> refused(ServerJson model, Instant now) {
        var left = Duration.between(now, expiry(model));
        return List.of("-", "-", "-", "Refused for " + Quantity.span(left.isNegative() ? Duration.ZERO : left));
    }

    private static String until(ServerJson model, Instant now) {
        var expires = expiry(model);
        return expires.isBefore(now) ? "Stopping..." : Quantity.moment(expires, now);
    }

    private static Instant expiry(ServerJson model) {
        return OffsetDateTime.parse(model.text("expires_at")).toInstant();
    }

    private static String processor(long size, long onDevice) {
        if (onDevice == 0) {
            return "100% CPU";
        }
        if (onDevice == size) {
            return "100% GPU";
        }
        if (onDevice > size || size == 0) {
            return "Unknown";
        }
        var cpu = Math.round((double) (size - onDevice) / size * 100);
        return cpu + "%/" + (100 - cpu) + "% CPU/GPU";
    }
}
