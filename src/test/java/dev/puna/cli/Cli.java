// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.puna.cli.convert.FileQuantizer;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;

/** Runs commands in this process with streams, environment and time of their own. */
final class Cli {
    static final Instant NOW = Instant.parse("2026-08-21T12:00:00Z");

    private final Map<String, String> environment = new HashMap<>();
    private Terminals terminals = Terminals.NONE;
    private String input = "";
    private DeviceListing devices = _ -> {
        throw new AssertionError("no command but devices looks for them");
    };

    private FileQuantizer quantizer = (_, _, _, _, _) -> {
        throw new AssertionError("no command but convert quantises");
    };

    Cli(int port) {
        environment.put("PUNA_HOST", "127.0.0.1:" + port);
        environment.put("HOME", "/nowhere");
    }

    Cli with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** What there is to run models on. */
    Cli finding(DeviceListing newDevices) {
        devices = newDevices;
        return this;
    }

    /** What quantises files. */
    Cli quantizing(FileQuantizer newQuantizer) {
        quantizer = newQuantizer;
        return this;
    }

    Cli reading(String text) {
        input = text;
        return this;
    }

    Cli on(Terminals newTerminals) {
        terminals = newTerminals;
        return this;
    }

    /** Those that commands run in. */
    CliContext context(PrintWriter out, PrintWriter err) {
        return new CliContext(
                environment,
                new ByteArrayInputStream(input.getBytes(UTF_8)),
                out,
                err,
                terminals,
                () -> 60,
                Clock.fixed(NOW, ZoneOffset.UTC),
                devices,
                quantizer);
    }

    Ended run(String... words) {
        var out = new StringWriter();
        var err = new StringWriter();
        var outWriter = new PrintWriter(out);
        var errWriter = new PrintWriter(err);
        var exitCode = CommandTree.of(context(outWriter, errWriter), words).execute(words);
        outWriter.flush();
        errWriter.flush();
        return new Ended(exitCode, out.toString(), err.toString());
    }

    /** What a command left. */
    record Ended(int exitCode, String output, String errors) {
        /** The same with what standard error left on a terminal. */
        Recording asRecording() {
            return new Recording(exitCode, output, new Screen().show(errors).text());
        }
    }
}
