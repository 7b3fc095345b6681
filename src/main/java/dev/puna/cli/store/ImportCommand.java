// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.store;

import dev.puna.archive.ModelImport;
import dev.puna.cli.CliContext;
import dev.puna.cli.client.CommandFailure;
import dev.puna.cli.client.IoReason;
import dev.puna.model.ModelName;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code puna import [FILE]}: the models of an archive, from a file or standard input. */
@Command(
        name = "import",
        description = "Read models from an archive",
        customSynopsis = "puna import [FILE]",
        footer = StoreCommand.DOC)
public final class ImportCommand extends StoreCommand {
    private static final String STANDARD_INPUT = "-";

    @Option(names = "--name", paramLabel = "string", description = "Name of the model, in place of the archive's")
    private String name = "";

    public ImportCommand(CliContext context) {
        super(context);
    }

    @Override
    protected void run(List<String> words) {
        if (words.size() > 1) {
            throw new CommandFailure("accepts at most 1 arg(s), received " + words.size());
        }
        var file = words.isEmpty() ? STANDARD_INPUT : words.getFirst();
        if (file.equals(STANDARD_INPUT) && context().terminals().input()) {
            throw new CommandFailure("an archive does not come from a terminal: name a FILE, or use < FILE");
        }
        var called = name.isEmpty() ? Optional.<ModelName>empty() : Optional.of(name(name));
        models(file, called).forEach(model -> out().println("imported '" + model.shortName() + "'"));
    }

    private List<ModelName> models(String file, Optional<ModelName> called) {
        try (var archive = open(file);
                var progress = progress()) {
            progress.onInterrupt("puna: interrupted; what came whole is kept, and the same import goes on from there");
            return new ModelImport(writableStore(), called, new BlobBars(progress, "importing")).run(archive);
        } catch (IOException e) {
            throw new CommandFailure(
                    "cannot read the archive from %s: %s"
                            .formatted(file.equals(STANDARD_INPUT) ? "standard input" : file, IoReason.of(e)),
                    e);
        }
    }

    private static ReadableByteChannel open(String file) throws IOException {
        if (file.equals(STANDARD_INPUT)) {
            return new FileInputStream(FileDescriptor.in).getChannel();
        }
        var path = Path.of(file);
        if (Files.isDirectory(path)) {
            throw new CommandFailure("%s is a folder: 'tar -C %s -c . | puna import' reads an image layout in a folder"
                    .formatted(file, file));
        }
        return FileChannel.open(path, StandardOpenOption.READ);
    }
}
