// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.store;

import dev.puna.cli.CliContext;
import dev.puna.cli.client.CommandFailure;
import dev.puna.failure.Failure;
import dev.puna.model.Layer;
import dev.puna.model.ModelName;
import dev.puna.store.ModelStore;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code puna verify [MODEL...]}: reads every blob of the models again, and gets those that are bad from their registry if asked to. */
@Command(
        name = "verify",
        description = "Check that the files of models are what they should be",
        customSynopsis = "puna verify [MODEL...]",
        footer = StoreCommand.DOC)
public final class VerifyCommand extends StoreCommand {
    @Option(names = "--repair", description = "Have the server pull what is missing or damaged again")
    private boolean repair;

    @Option(names = "--insecure", description = "Use an insecure registry")
    private boolean insecure;

    public VerifyCommand(CliContext context) {
        super(context);
    }

    @Override
    protected void run(List<String> words) {
        var store = existingStore();
        var models = words.isEmpty() ? store.upkeep().names() : names(words);
        var bad = 0;
        var lines = new ArrayList<String>();
        try (var progress = progress()) {
            var repairs = new BlobRepair(server(), store, insecure, new BlobBars(progress, "pulling"));
            var check = new ModelCheck(store, new BlobBars(progress, "verifying"));
            for (var model : models) {
                var problems = problems(store, check, model);
                if (repair) {
                    problems = problems.stream()
                            .map(problem -> repairs.repaired(model, problem))
                            .toList();
                }
                bad += problems.stream().allMatch(Problem::isSolved) ? 0 : 1;
                lines.add(model.shortName() + (problems.isEmpty() ? ": good" : ":"));
                problems.forEach(problem -> lines.add("  " + problem.text()));
            }
        }
        lines.forEach(out()::println);
        if (bad > 0) {
            throw new CommandFailure((bad == 1 ? "1 model is damaged: " : bad + " models are damaged: ")
                    + (repair
                            ? "pull, create or import it again"
                            : "'puna verify --repair' gets what is bad from its registry"));
        }
    }

    private static List<Problem> problems(ModelStore store, ModelCheck check, ModelName model) {
        try {
            var content = store.content(model);
            if (content.isEmpty()) {
                throw new CommandFailure("model '%s' not found".formatted(model.shortName()));
            }
            return content.get().blobs().stream()
                    .<Problem>mapMulti((blob, next) -> check.problem(blob).ifPresent(next))
                    .toList();
        } catch (Failure e) {
            return List.of(new Problem.OfManifest(e.text() + "; pull, create or import it again"));
        }
    }

    /** What is wrong with a model. */
    sealed interface Problem {
        /** For people. */
        String text();

        /** Whether it is no more. */
        default boolean isSolved() {
            return this instanceof Solved;
        }

        /** Its manifest cannot be read. */
        record OfManifest(String text) implements Problem {}

        /** A blob is missing or damaged. */
        record OfBlob(Layer blob, String text) implements Problem {}

        /** A blob was got again. */
        record Solved(String text) implements Problem {}
    }
}
