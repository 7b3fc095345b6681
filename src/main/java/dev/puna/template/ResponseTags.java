// SPDX-License-Identifier: Apache-2.0
package dev.puna.template;

import static java.util.Objects.requireNonNull;

import dev.puna.go.GoText;
import dev.puna.template.syntax.Node;
import dev.puna.template.syntax.Node.Branch;
import dev.puna.template.syntax.Node.Sequence;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a model is likely to write around its reasoning and before its calls: what a template writes there for earlier turns. Source:
 * contract 8.6 and 8.7.
 *
 * @param thinkingOpen before a thought; empty if the template shows none
 * @param thinkingClose behind a thought; empty if the template shows none
 * @param toolCall before a call; a brace if the template shows no other
 */
public record ResponseTags(String thinkingOpen, String thinkingClose, String toolCall) {
    private static final String BRACE = "{";

    public ResponseTags {
        requireNonNull(thinkingOpen, "thinkingOpen is null");
        requireNonNull(thinkingClose, "thinkingClose is null");
        requireNonNull(toolCall, "toolCall is null");
    }

    /** Whether a thought can be told from the rest. */
    public boolean thinks() {
        return !thinkingOpen.isEmpty() && !thinkingClose.isEmpty();
    }

    static ResponseTags of(Sequence tree) {
        var thinking = new Thoughts();
        thinking.visit(tree, false);
        return new ResponseTags(thinking.open, thinking.close, toolTag(tree));
    }

    /** Looks for the list in which a message's thought stands between two texts; the last one found counts. */
    private static final class Thoughts {
        private String open = "";
        private String close = "";

        void visit(Sequence list, boolean inMessages) {
            for (var node : list.nodes()) {
                switch (node) {
                    case Sequence inner -> visit(inner, inMessages);
                    case Node.Action action -> mention(action.pipeline(), list, inMessages);
                    case Node.Call call -> mention(call.pipeline(), list, inMessages);
                    case Branch branch -> branch(branch, list, inMessages);
                    case Node.Text _,
                            Node.Break _,
                            Node.Continue _,
                            Node.End _,
                            Node.Else _,
                            Node.Command _,
                            Node.Operand _ -> {}
                }
            }
        }

        private void branch(Branch branch, Sequence list, boolean inMessages) {
            var range = branch.word() == Branch.Word.RANGE;
            var inside = range ? mentions(branch.pipeline(), "Messages") : inMessages;
            mention(branch.pipeline(), list, inside);
            visit(branch.body(), inside);
            var otherwise = branch.otherwise();
            if (otherwise != null) {
                visit(otherwise, inside);
            }
        }

        private void mention(Node.@Nullable Pipeline pipeline, Sequence list, boolean inMessages) {
            if (pipeline == null || !inMessages || !mentions(pipeline, "Thinking")) {
                return;
            }
            open = list.nodes().getFirst() instanceof Node.Text text ? trimmed(text) : open;
            close = list.nodes().getLast() instanceof Node.Text text ? trimmed(text) : close;
        }
    }

    private static String trimmed(Node.Text text) {
        return GoText.text(text.bytes()).strip();
    }

    private static boolean mentions(Node.Pipeline pipeline, String field) {
        return pipeline.commands().stream()
                .flatMap(command -> command.operands().stream())
                .anyMatch(operand -> operand instanceof Node.Pipeline inner
                        ? mentions(inner, field)
                        : operand instanceof Node.Field named && named.fields().contains(field));
    }

    private static String toolTag(Sequence tree) {
        var tag = condition(tree.nodes(), "ToolCalls")
                .flatMap(branch -> firstText(branch.body().nodes()))
                .map(ResponseTags::trimmed)
                .orElse("");
        var end = tag.indexOf(BRACE);
        var name = (end < 0 ? tag : tag.substring(0, end)).strip();
        return name.isEmpty() ? BRACE : name;
    }

    /** The first {@code if} that asks for a field. */
    private static Optional<Branch> condition(List<Node> nodes, String field) {
        for (var node : nodes) {
            if (node instanceof Branch branch) {
                if (branch.word() == Branch.Word.IF && mentions(branch.pipeline(), field)) {
                    return Optional.of(branch);
                }
                var otherwise = branch.otherwise();
                var found = condition(branch.body().nodes(), field)
                        .or(() -> otherwise == null ? Optional.empty() : condition(otherwise.nodes(), field));
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    /** The first text that stands before anything is printed. */
    private static Optional<Node.Text> firstText(List<Node> nodes) {
        for (var node : nodes) {
            if (node instanceof Node.Text text) {
                return Optional.of(text);
            }
            if (node instanceof Node.Action) {
                return Optional.empty();
            }
            if (node instanceof Branch branch) {
                var found = firstText(branch.body().nodes());
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }
}
