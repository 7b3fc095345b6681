// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.puna.cli.client.UserFolders;
import dev.puna.cli.convert.FileQuantizer;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.Map;
import java.util.function.IntSupplier;

/**
 * What a command finds around it; a test gives its own.
 *
 * @param environment variables of the process
 * @param in standard input
 * @param out standard output, in UTF-8 whatever the locale says
 * @param err standard error, likewise
 * @param terminals which of the three is a terminal
 * @param columns width of the terminal; asked only where there is one
 * @param clock for "3 minutes ago"
 * @param devices looks for what models can run on
 * @param quantizer writes files anew with weights of another type
 */
public record CliContext(
        Map<String, String> environment,
        InputStream in,
        PrintWriter out,
        PrintWriter err,
        Terminals terminals,
        IntSupplier columns,
        Clock clock,
        DeviceListing devices,
        FileQuantizer quantizer) {

    public CliContext {
        environment = Map.copyOf(environment);
        requireNonNull(in, "in is null");
        requireNonNull(out, "out is null");
        requireNonNull(err, "err is null");
        requireNonNull(terminals, "terminals is null");
        requireNonNull(columns, "columns is null");
        requireNonNull(clock, "clock is null");
        requireNonNull(devices, "devices is null");
        requireNonNull(quantizer, "quantizer is null");
    }

    static CliContext ofThisProcess(DeviceListing devices, FileQuantizer quantizer) {
        return new CliContext(
                System.getenv(),
                System.in,
                writer(FileDescriptor.out),
                writer(FileDescriptor.err),
                Terminals.ofThisProcess(),
                Terminals::columns,
                Clock.systemUTC(),
                devices,
                quantizer);
    }

    /** Width of the terminal on standard output; 0 if it is none. */
    int outputColumns() {
        return terminals.output() ? columns.getAsInt() : 0;
    }

    /** Width of the terminal on standard error; 0 if it is none. */
    int errorColumns() {
        return terminals.error() ? columns.getAsInt() : 0;
    }

    UserFolders folders() {
        return new UserFolders(environment);
    }

    private static PrintWriter writer(FileDescriptor descriptor) {
        var bytes = new BufferedOutputStream(new FileOutputStream(descriptor));
        return new PrintWriter(new OutputStreamWriter(bytes, UTF_8), false);
    }
}
