// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.store;

import dev.puna.archive.ModelExport;
import dev.puna.cli.CliContext;
import dev.puna.cli.client.CommandFailure;
import dev.puna.cli.client.IoReason;
import dev.puna.cli.client.OutputClosed;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code puna export MODEL...}: models as one archive, on standard output or in a file. */
@Command(
        name = "export",
        description = "Write models into one archive",
        customSynopsis = "puna export MODEL [MODEL...] > FILE",
        footer = StoreCommand.DOC)
public final class ExportCommand extends StoreCommand {
    @Option(
            names = {"-o", "--output"},
            paramLabel = "string",
            description = "Write to this file, which is there only when it is whole")
    private String file = "";

    public ExportCommand(CliContext context) {
        super(context);
    }

    @Override
    protected void run(List<String> words) {
        requireSome(words);
        if (file.isEmpty() && context().terminals().output()) {
            throw new CommandFailure("an archive is nothing for a terminal: use -o FILE, or > FILE");
        }
        var export = ModelExport.of(existingStore(), names(words));
        try (var progress = progress()) {
            var bars = new BlobBars(progress, "exporting");
            if (file.isEmpty()) {
                toStandardOutput(export, bars);
            } else {
                toFile(export, bars);
            }
        }
    }

    private static void toStandardOutput(ModelExport export, BlobBars bars) {
        // Not closed: the descriptor is the process's.
        var output = new FileOutputStream(FileDescriptor.out).getChannel();
        try {
            export.write(output, bars);
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).contains("Broken pipe")) {
                throw new OutputClosed();
            }
            throw failed("standard output", e);
        }
    }

    private void toFile(ModelExport export, BlobBars bars) {
        try (var output = UnfinishedFile.of(Path.of(file))) {
            export.write(output.channel(), bars);
            output.finish();
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    private static CommandFailure failed(String where, IOException e) {
        return new CommandFailure("cannot write the archive to %s: %s".formatted(where, IoReason.of(e)), e);
    }
}
