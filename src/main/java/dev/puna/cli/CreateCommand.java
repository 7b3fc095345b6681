// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli;

import dev.puna.cli.client.CommandFailure;
import dev.puna.cli.client.IoReason;
import dev.puna.cli.create.ModelCreation;
import dev.puna.cli.create.ModelfileRequest;
import dev.puna.model.ModelName;
import dev.puna.model.WeightRules;
import dev.puna.modelfile.Instruction.Parameter;
import dev.puna.modelfile.Modelfile;
import dev.puna.modelfile.Parameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code puna create MODEL}: makes a model from a Modelfile, from {@code -} for standard input. */
@Command(name = "create", description = "Create a model", customSynopsis = "puna create MODEL", footer = PunaHost.DOC)
final class CreateCommand extends ClientCommand {
    private static final Path USUAL = Path.of("Modelfile");

    @Option(names = "--draft-quantize", paramLabel = "string", description = "Quantize draft model to this level")
    private String draftQuantize = "";

    // Making models from safetensors is the server's business, so there is nothing to switch.
    @SuppressWarnings("UnusedVariable")
    @Option(names = "--experimental", description = "Enable experimental safetensors model creation")
    private boolean experimental;

    @Option(
            names = {"-f", "--file"},
            paramLabel = "string",
            description = "Name of the Modelfile (default \"Modelfile\")")
    private String file = "";

    // Ollama's help, which this is to the letter, does not have it; the manual does.
    @Option(names = "--link", hidden = true)
    private boolean link;

    @Option(
            names = {"-q", "--quantize"},
            paramLabel = "string",
            description = "Quantize model to this level (e.g. q4_K_M)")
    private String quantize = "";

    @Option(
            names = "--imatrix",
            hidden = true,
            paramLabel = "string",
            description = "Importance matrix, a file of llama-imatrix, for --quantize")
    private String importance = "";

    @Option(
            names = "--tensor-type",
            hidden = true,
            paramLabel = "string",
            description = "Type of the tensors that a regular expression names (e.g. attn_v=q6_K), repeatable")
    private List<String> tensorTypes = new ArrayList<>();

    @Option(
            names = "--output-tensor-type",
            hidden = true,
            paramLabel = "string",
            description = "Type of the output tensor")
    private String outputType = "";

    @Option(
            names = "--token-embedding-type",
            hidden = true,
            paramLabel = "string",
            description = "Type of the token embeddings")
    private String embeddingType = "";

    @Option(names = "--pure", hidden = true, description = "Quantize all tensors to the same type")
    private boolean pure;

    CreateCommand(CliContext context) {
        super(context);
    }

    @Override
    protected void run(List<String> words) {
        requireExactly(1, words);
        requireName(words.getFirst());
        var server = server();
        var modelfile = read();
        try (var progress = progress()) {
            progress.step("gathering model components");
            var request = ModelfileRequest.of(
                    modelfile.orElseThrow(() -> new CommandFailure("no Modelfile or safetensors files found")),
                    folder(),
                    context().folders().home());
            warnOfDeprecated(modelfile.get());
            putUnlessEmpty(request, "quantize", quantize);
            putUnlessEmpty(request, "draft_quantize", draftQuantize);
            addRules(request);
            new ModelCreation(server, progress, UnaryOperator.identity(), link).run(words.getFirst(), request);
        }
    }

    private void addRules(ModelfileRequest request) {
        var rules = new WeightRules(importance, tensorTypes, outputType, embeddingType, pure);
        if (!rules.isEmpty() && quantize.isEmpty()) {
            throw new CommandFailure(
                    "an importance matrix and types of tensors need --quantize: the type of the other weights");
        }
        if (!importance.isEmpty()) {
            request.importance(Path.of(importance));
        }
        if (!tensorTypes.isEmpty()) {
            request.fields().put("tensor_types", tensorTypes);
        }
        putUnlessEmpty(request, "output_tensor_type", outputType);
        putUnlessEmpty(request, "token_embedding_type", embeddingType);
        if (pure) {
            request.fields().put("pure", true);
        }
    }

    /** Said before gigabytes are sent for a name that the server refuses. */
    private static void requireName(String name) {
        if (ModelName.tryParse(name).isEmpty()) {
            throw new CommandFailure("invalid model name: " + name);
        }
    }

    /** Nothing if the file that the user named is not there. */
    private Optional<Modelfile> read() {
        try {
            if (file.equals("-")) {
                return Optional.of(Modelfile.parse(context().in().readAllBytes()));
            }
            return Optional.of(Modelfile.parse(Files.readAllBytes(file.isEmpty() ? USUAL : Path.of(file))));
        } catch (NoSuchFileException _) {
            // A folder without a Modelfile may itself be the model.
            return file.isEmpty() ? Optional.of(Modelfile.parse("FROM .")) : Optional.empty();
        } catch (IOException e) {
            throw new CommandFailure(
                    "the Modelfile " + (file.isEmpty() ? USUAL : file) + " cannot be read: " + IoReason.of(e), e);
        }
    }

    private Path folder() {
        var parent = file.isEmpty() || file.equals("-")
                ? null
                : Path.of(file).toAbsolutePath().getParent();
        return parent == null ? Path.of("").toAbsolutePath() : parent;
    }

    private void warnOfDeprecated(Modelfile modelfile) {
        for (var instruction : modelfile.instructions()) {
            if (instruction instanceof Parameter parameter && Parameters.isDeprecated(parameter.name())) {
                err().println("warning: parameter " + parameter.name() + " is deprecated");
            }
        }
    }

    private static void putUnlessEmpty(ModelfileRequest request, String field, String value) {
        if (!value.isEmpty()) {
            request.fields().put(field, value);
        }
    }
}
