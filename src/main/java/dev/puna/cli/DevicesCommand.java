// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli;

import dev.puna.cli.client.CommandFailure;
import dev.puna.cli.client.ServerJson;
import dev.puna.cli.text.Quantity;
import dev.puna.cli.text.TextTable;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code puna devices}: what models can be computed on here, and why not on more. Asks no server, since people ask when the
 * server does not do as they expect; so it tells what a server with the same environment and rights would find.
 */
@Command(
        name = "devices",
        description = "List devices that models can run on",
        customSynopsis = "puna devices",
        footer = {
            "PUNA_NATIVE_LIBS=The path to the native libraries",
            "PUNA_LLM_LIBRARY=Set LLM library to bypass autodetection",
        })
final class DevicesCommand extends ClientCommand {
    private static final int WIDEST_CELL = 60;

    @Option(names = "--json", description = "Print everything that is known as JSON")
    private boolean json;

    DevicesCommand(CliContext context) {
        super(context);
    }

    @Override
    protected void run(List<String> words) {
        requireExactly(0, words);
        var text = context().devices().json(context().environment());
        if (json) {
            out().println(text);
        } else {
            print(ServerJson.read(text).orElseThrow(() -> new CommandFailure("the devices could not be read")));
        }
    }

    private void print(ServerJson found) {
        var table = new TextTable(WIDEST_CELL);
        for (var device : found.list("devices")) {
            table.add(
                    device.text("name"),
                    device.text("backend"),
                    device.text("type"),
                    Quantity.bytes(device.number("memory_total")),
                    Quantity.bytes(device.number("memory_free")),
                    device.text("description"));
        }
        out().print(table.under("NAME", "BACKEND", "TYPE", "MEMORY", "FREE", "DESCRIPTION"));
        out().println();
        out().println("Libraries: " + found.text("folder") + " (llama.cpp " + found.text("version") + ")");
        if (!found.text("cpu").isEmpty()) {
            out().println("CPU instructions: " + found.text("cpu"));
        }
        found.list("rejected").forEach(library -> out().println(
                        "Not used: " + library.text("file") + " (" + library.text("reason") + ")"));
        var isolation = found.list("isolation");
        if (!isolation.isEmpty()) {
            out().println("The process of a model:");
            isolation.forEach(line -> out().println("  " + line.text()));
        }
        var variables = found.at("variables");
        variables.keys().forEach(name -> out().println("Set: " + name + "=" + variables.text(name)));
    }
}
