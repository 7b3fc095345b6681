// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli;

import dev.puna.cli.client.CommandFailure;
import dev.puna.cli.client.ServerJson;
import dev.puna.cli.text.ModelDetailsView;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code puna show MODEL}: what a model is, or one part of it alone. */
@Command(
        name = "show",
        description = "Show information for a model",
        customSynopsis = "puna show MODEL",
        footer = PunaHost.DOC)
final class ShowCommand extends ClientCommand {
    @Option(names = "--license", description = "Show license of a model")
    private boolean license;

    @Option(names = "--modelfile", description = "Show Modelfile of a model")
    private boolean modelfile;

    @Option(names = "--parameters", description = "Show parameters of a model")
    private boolean parameters;

    @Option(names = "--system", description = "Show system message of a model")
    private boolean system;

    @Option(names = "--template", description = "Show template of a model")
    private boolean template;

    @Option(
            names = {"-v", "--verbose"},
            description = "Show detailed model information")
    private boolean verbose;

    ShowCommand(CliContext context) {
        super(context);
    }

    @Override
    protected void run(List<String> words) {
        requireExactly(1, words);
        var parts = Stream.of(license, modelfile, parameters, system, template)
                .filter(wanted -> wanted)
                .count();
        if (parts > 1) {
            throw new CommandFailure(
                    "only one of '--license', '--modelfile', '--parameters', '--system', or '--template'"
                            + " can be specified");
        }
        var model = server().post("/api/show", Map.of("model", words.getFirst(), "verbose", verbose));
        if (parts == 1) {
            out().print(part(model));
        } else {
            out().print(ModelDetailsView.of(model, verbose));
        }
    }

    private String part(ServerJson model) {
        if (license) {
            return model.text("license") + "\n";
        }
        if (modelfile) {
            return model.text("modelfile") + "\n";
        }
        if (parameters) {
            return model.text("parameters") + "\n";
        }
        return system ? model.text("system") : model.text("template");
    }
}
