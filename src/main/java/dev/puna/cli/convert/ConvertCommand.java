// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.convert;

import static java.util.Objects.requireNonNull;

import dev.puna.cli.CliContext;
import dev.puna.cli.ClientCommand;
import dev.puna.cli.client.CommandFailure;
import dev.puna.cli.client.IoReason;
import dev.puna.cli.store.UnfinishedFile;
import dev.puna.cli.text.Progress;
import dev.puna.cli.text.Quantity;
import dev.puna.conversion.Conversion;
import dev.puna.conversion.source.ModelFiles;
import dev.puna.gguf.Gguf;
import dev.puna.gguf.WeightPlans;
import dev.puna.model.FileType;
import dev.puna.model.WeightPlan;
import dev.puna.model.WeightRules;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code puna convert DIR}: a model in safetensors as a GGUF file, the one that llama.cpp's converter would write. Asks no server;
 * only to quantise it loads the native libraries.
 */
@Command(
        name = "convert",
        description = "Write a model in safetensors as a GGUF file",
        customSynopsis = "puna convert DIR",
        footer = "PUNA_NATIVE_LIBS=The path to the native libraries, which --quantize needs")
public final class ConvertCommand extends ClientCommand {
    @Option(
            names = {"-o", "--output"},
            paramLabel = "string",
            description = "Write to this file (default NAME-SIZE-TYPE.gguf in DIR)")
    private String file = "";

    @Option(
            names = {"-q", "--quantize"},
            paramLabel = "string",
            description = "Quantize the weights to this level (e.g. q4_K_M)")
    private String quantize = "";

    @Option(
            names = "--imatrix",
            paramLabel = "string",
            description = "Importance matrix, a file of llama-imatrix, for --quantize")
    private String importance = "";

    @Option(
            names = "--tensor-type",
            paramLabel = "string",
            description = "Type of the tensors that a regular expression names (e.g. attn_v=q6_K), repeatable")
    private List<String> tensorTypes = new ArrayList<>();

    @Option(names = "--output-tensor-type", paramLabel = "string", description = "Type of the output tensor")
    private String outputType = "";

    @Option(names = "--token-embedding-type", paramLabel = "string", description = "Type of the token embeddings")
    private String embeddingType = "";

    @Option(names = "--pure", description = "Quantize all tensors to the same type")
    private boolean pure;

    public ConvertCommand(CliContext context) {
        super(context);
    }

    @Override
    protected void run(List<String> words) {
        requireExactly(1, words);
        var type = quantize.toUpperCase(Locale.ROOT);
        if (!type.isEmpty() && FileType.target(type).isEmpty()) {
            throw new CommandFailure("unsupported quantization type " + quantize + " - supported types are "
                    + String.join(", ", FileType.targets()));
        }
        var plan = plan(type);
        var folder = Path.of(words.getFirst());
        if (!Files.isDirectory(folder)) {
            throw new CommandFailure(
                    folder + " is no directory: name the one that holds config.json and model.safetensors");
        }
        var files = ModelFiles.of(folder);
        try (var conversion = Conversion.open(files)) {
            var place = place(folder, conversion, type);
            requireNoSource(files, place);
            try (var progress = progress()) {
                write(conversion, place, type, plan, progress);
            }
            conversion.warnings().forEach(text -> err().println("warning: " + text));
            out().println(place);
            writeProjector(files, place);
        } catch (IOException e) {
            throw failed(e);
        } catch (UncheckedIOException e) {
            throw failed(requireNonNull(e.getCause(), "an IOException is its cause"));
        }
    }

    /** What is wrong with the rules is told before gigabytes are converted. */
    private Optional<WeightPlan> plan(String type) {
        var rules = new WeightRules(importance, tensorTypes, outputType, embeddingType, pure);
        if (type.isEmpty()) {
            if (!rules.isEmpty()) {
                throw new CommandFailure(
                        "an importance matrix and types of tensors need --quantize: the type of the other weights");
            }
            return Optional.empty();
        }
        var matrix = importance.isEmpty()
                ? Optional.<Path>empty()
                : Optional.of(Path.of(importance).toAbsolutePath());
        return Optional.of(WeightPlans.of(type, rules, matrix));
    }

    /** What the model needs to see pictures becomes a file of its own beside it, as llama.cpp's converter has it. */
    private void writeProjector(ModelFiles files, Path model) throws IOException {
        var found = Conversion.openProjector(files);
        if (found.isPresent()) {
            try (var conversion = found.get()) {
                var place = model.resolveSibling("mmproj-" + model.getFileName());
                try (var progress = progress()) {
                    write(conversion, place, "", Optional.empty(), progress);
                }
                out().println(place);
            }
        }
    }

    private Path place(Path folder, Conversion conversion, String type) {
        var name = conversion.fileName(type);
        if (file.isEmpty()) {
            return folder.resolve(name);
        }
        var given = Path.of(file);
        return Files.isDirectory(given) ? given.resolve(name) : given;
    }

    /** What is read must not be replaced by what is made of it. */
    private static void requireNoSource(ModelFiles files, Path place) throws IOException {
        if (!Files.exists(place)) {
            return;
        }
        for (var name : files.names()) {
            if (!name.endsWith(".gguf")
                    && Files.isSameFile(place, files.path(name).orElseThrow())) {
                throw new CommandFailure(place + " belongs to the model that is converted: name another file with -o");
            }
        }
    }

    private void write(Conversion conversion, Path place, String type, Optional<WeightPlan> plan, Progress progress)
            throws IOException {
        if (!Files.exists(place) || Files.isRegularFile(place)) {
            requireSpace(place, conversion.size());
        }
        try (var output = UnfinishedFile.of(place)) {
            if (plan.isEmpty()) {
                convert(conversion, output.channel(), progress);
            } else {
                quantize(conversion, output, type, plan.get(), progress);
            }
            output.finish();
        }
    }

    private void quantize(Conversion conversion, UnfinishedFile output, String type, WeightPlan plan, Progress progress)
            throws IOException {
        try (var between =
                UnfinishedFile.of(output.part().resolveSibling(output.part().getFileName() + ".gguf"))) {
            convert(conversion, between.channel(), progress);
            var facts = Gguf.read(between.part()).facts();
            if (!FileType.isSource(facts.fileType())) {
                throw new CommandFailure("quantization is only supported for F16, BF16 and F32 models, and this one is "
                        + facts.fileType() + ": convert it without --quantize");
            }
            var size = conversion.size();
            var bar = progress.bar("quantizing %s model to %s".formatted(facts.fileType(), type), size);
            context()
                    .quantizer()
                    .quantize(
                            context().environment(),
                            between.part(),
                            output.part(),
                            plan,
                            done -> bar.set((long) (done * size)));
            bar.set(size);
        }
        // What libllama leaves on a full disk is no GGUF, and it may not notice.
        Gguf.read(output.part());
    }

    private static void convert(Conversion conversion, FileChannel to, Progress progress) {
        var bar = progress.bar("converting model", conversion.size());
        conversion.writeTo(piece -> writeAll(to, piece), bar::set);
        bar.set(conversion.size());
    }

    private static void writeAll(FileChannel to, ByteBuffer piece) {
        try {
            while (piece.hasRemaining()) {
                to.write(piece);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void requireSpace(Path place, long size) throws IOException {
        var folder = requireNonNull(place.toAbsolutePath().getParent(), "a file is in a folder");
        if (!Files.isDirectory(folder)) {
            throw new CommandFailure("there is no folder " + folder + " to write to");
        }
        var free = Files.getFileStore(folder).getUsableSpace();
        if (size > free) {
            throw new CommandFailure(
                    "no space left for %s: it gets %s, and %s are free in %s; name a file on another disk"
                                    .formatted(place.getFileName(), Quantity.bytes(size), Quantity.bytes(free), folder)
                            + " with -o");
        }
    }

    private static CommandFailure failed(IOException e) {
        return new CommandFailure("the converted model cannot be written: " + IoReason.of(e), e);
    }
}
