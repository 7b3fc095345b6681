// SPDX-License-Identifier: Apache-2.0
package dev.puna.template;

import dev.puna.template.syntax.Node;
import dev.puna.template.syntax.Node.Sequence;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The fields and variables that trees mention, in lower case. Source: contract 8.4. Used by one thread. */
final class TreeNames {
    private final Set<String> found = new HashSet<>();

    private TreeNames() {}

    static Set<String> of(Iterable<Sequence> trees) {
        var names = new TreeNames();
        trees.forEach(names::visit);
        return Set.copyOf(names.found);
    }

    private void visit(@Nullable Node node) {
        switch (node) {
            case null -> {}
            case Sequence sequence -> sequence.nodes().forEach(this::visit);
            case Node.Action action -> visit(action.pipeline());
            case Node.Branch branch -> {
                visit(branch.pipeline());
                visit(branch.body());
                visit(branch.otherwise());
            }
            case Node.Call call -> visit(call.pipeline());
            case Node.Pipeline pipeline -> pipeline.commands().forEach(this::visit);
            case Node.Command command -> command.operands().forEach(this::visit);
            case Node.Field field -> add(field.fields());
            case Node.Variable variable -> add(variable.fields());
            case Node.Chain chain -> visit(chain.of());
            case Node.Text _,
                    Node.Break _,
                    Node.Continue _,
                    Node.End _,
                    Node.Else _,
                    Node.Function _,
                    Node.Dot _,
                    Node.Nil _,
                    Node.Truth _,
                    Node.Numeral _,
                    Node.Literal _ -> {}
        }
    }

    private void add(List<String> names) {
        names.forEach(name -> found.add(name.toLowerCase(Locale.ROOT)));
    }
}
