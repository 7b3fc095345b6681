// SPDX-License-Identifier: Apache-2.0
package dev.puna.template;

import dev.puna.template.syntax.Node;
import dev.puna.template.syntax.Node.Sequence;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tree without what comes behind the first action that prints {@code .Response}: an answer is to begin there. The action itself
 * stays, for an answer that was begun. Conditions are not looked at. Source: contract 8.4. Used once, by one thread.
 */
final class CutTree {
    private boolean cut;

    private CutTree() {}

    static Sequence of(Sequence tree) {
        return new CutTree().kept(tree);
    }

    private Sequence kept(Sequence tree) {
        var nodes = new ArrayList<Node>();
        for (var node : tree.nodes()) {
            if (cut) {
                break;
            }
            nodes.add(kept(node));
        }
        return new Sequence(tree.position(), nodes);
    }

    private Node kept(Node node) {
        return switch (node) {
            case Sequence sequence -> kept(sequence);
            case Node.Branch branch ->
                new Node.Branch(
                        branch.position(),
                        branch.word(),
                        branch.pipeline(),
                        kept(branch.body()),
                        otherwise(branch.otherwise()));
            case Node.Action action -> {
                cut |= action.pipeline().commands().stream()
                        .flatMap(command -> command.operands().stream())
                        .anyMatch(operand -> namesResponse(operand));
                yield action;
            }
            case Node.Text _,
                    Node.Call _,
                    Node.Break _,
                    Node.Continue _,
                    Node.End _,
                    Node.Else _,
                    Node.Command _,
                    Node.Operand _ -> node;
        };
    }

    private @Nullable Sequence otherwise(@Nullable Sequence tree) {
        return tree == null || cut ? null : kept(tree);
    }

    private static boolean namesResponse(Node.Operand operand) {
        return switch (operand) {
            case Node.Field field -> field.fields().contains("Response");
            case Node.Pipeline pipeline ->
                pipeline.commands().stream()
                        .flatMap(command -> command.operands().stream())
                        .anyMatch(CutTree::namesResponse);
            case Node.Variable _,
                    Node.Chain _,
                    Node.Function _,
                    Node.Dot _,
                    Node.Nil _,
                    Node.Truth _,
                    Node.Numeral _,
                    Node.Literal _ -> false;
        };
    }

    /** Nodes of a tree and one more. */
    static Sequence with(Sequence tree, Node last) {
        var nodes = new ArrayList<>(tree.nodes());
        nodes.add(last);
        return new Sequence(tree.position(), List.copyOf(nodes));
    }
}
