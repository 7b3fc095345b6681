// SPDX-License-Identifier: Apache-2.0
package dev.puna.template;

import dev.puna.template.syntax.Node;
import dev.puna.template.syntax.Node.Branch;
import dev.puna.template.syntax.Node.Branch.Word;
import dev.puna.template.syntax.Node.Sequence;
import dev.puna.template.syntax.Node.Text;
import dev.puna.template.value.GoText;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a model writes around its thoughts and before its calls of tools, as its template does with those of earlier turns. Source:
 * contract section 8, 6 and 7.
 *
 * @param beforeThought empty, as {@code afterThought}, for a template that has no place for thoughts
 * @param beforeCall never blank
 */
public record TemplateTags(String beforeThought, String afterThought, String beforeCall) {
    private static final String NO_TAG = "{";

    static TemplateTags of(Sequence root) {
        var thoughts = new Thoughts();
        thoughts.visit(root, root, false);
        var call = calling(root).flatMap(branch -> firstText(branch.body())).orElse(NO_TAG);
        var brace = call.indexOf('{');
        var tag = (brace < 0 ? call : call.substring(0, brace)).strip();
        return new TemplateTags(thoughts.open, thoughts.close, tag.isEmpty() ? NO_TAG : tag);
    }

    /** Whether thoughts can be told from the rest of an answer. */
    public boolean tellThoughts() {
        return !beforeThought.isEmpty() && !afterThought.isEmpty();
    }

    private static Optional<Branch> calling(@Nullable Sequence sequence) {
        for (var node : sequence == null ? List.<Node>of() : sequence.nodes()) {
            if (node instanceof Branch branch) {
                if (branch.word() == Word.IF && mentions(branch.pipeline(), "toolcalls")) {
                    return Optional.of(branch);
                }
                var inner = calling(branch.body()).or(() -> calling(branch.otherwise()));
                if (inner.isPresent()) {
                    return inner;
                }
            }
        }
        return Optional.empty();
    }

    /** The text that comes before anything is printed, in whatever branch. */
    private static Optional<String> firstText(Sequence sequence) {
        for (var node : sequence.nodes()) {
            switch (node) {
                case Text text -> {
                    return Optional.of(GoText.text(text.bytes()));
                }
                case Branch branch -> {
                    var inner = firstText(branch.body());
                    if (inner.isPresent()) {
                        return inner;
                    }
                }
                case Node.Action _ -> {
                    return Optional.empty();
                }
                default -> {}
            }
        }
        return Optional.empty();
    }

    private static boolean mentions(Node node, String name) {
        return Set.copyOf(TreeNames.of(List.of(new Sequence(0, List.of(node))))).contains(name);
    }

    /** Looks for places in which a message's thought is printed; the last one counts. */
    private static final class Thoughts {
        private String open = "";
        private String close = "";

        void visit(@Nullable Node node, Sequence list, boolean overMessages) {
            switch (node) {
                case Sequence sequence -> sequence.nodes().forEach(inner -> visit(inner, sequence, overMessages));
                case Branch branch -> {
                    var inside = branch.word() == Word.RANGE ? mentions(branch.pipeline(), "messages") : overMessages;
                    visit(branch.pipeline(), list, overMessages);
                    visit(branch.body(), list, inside);
                    visit(branch.otherwise(), list, inside);
                }
                case Node.Action action -> visit(action.pipeline(), list, overMessages);
                case Node.Pipeline pipeline when overMessages && mentions(pipeline, "thinking") -> found(list);
                case null, default -> {}
            }
        }

        private void found(Sequence list) {
            if (list.nodes().getFirst() instanceof Text first && list.nodes().getLast() instanceof Text last) {
                open = GoText.text(first.bytes()).strip();
                close = GoText.text(last.bytes()).strip();
            }
        }
    }
}
