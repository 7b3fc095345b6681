// SPDX-License-Identifier: Apache-2.0
package dev.puna;

import dev.puna.cli.CommandTree;
import dev.puna.server.DeviceReport;
import dev.puna.server.FileQuantization;
import dev.puna.server.PunaRunner;
import dev.puna.server.PunaServe;
import io.quarkus.runtime.annotations.QuarkusMain;

/**
 * Starts the server, the process of a model, or one client command.
 *
 * <p>Only {@code serve} boots Quarkus; {@code runner} speaks to the server that started it, and every other command is an HTTP client
 * and starts in the time of a small program.
 */
@QuarkusMain
public final class Puna {
    Puna() {}

    public static void main(String... args) {
        if (asksToServe(args)) {
            new PunaServe(System.getenv(), CommandTree::complain).run(args);
        } else if (args.length == 1 && args[0].equals("runner")) {
            new PunaRunner(System.getenv(), CommandTree::complain).run();
        } else {
            System.exit(CommandTree.run(DeviceReport::json, FileQuantization::write, args));
        }
    }

    private static boolean asksToServe(String... args) {
        return args.length == 1 && (args[0].equals("serve") || args[0].equals("start"));
    }
}
