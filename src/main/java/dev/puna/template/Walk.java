// SPDX-License-Identifier: Apache-2.0
package dev.puna.template;

import dev.puna.go.GoQuote;
import dev.puna.template.syntax.Node;
import dev.puna.template.syntax.Node.Branch;
import dev.puna.template.syntax.Node.Sequence;
import dev.puna.template.value.Printer;
import dev.puna.template.value.TooMuchText;
import dev.puna.template.value.Value;
import dev.puna.template.value.Value.Int;
import dev.puna.template.value.Value.Listing;
import dev.puna.template.value.Value.Mapping;
import dev.puna.template.value.Value.None;
import dev.puna.template.value.Value.Octet;
import dev.puna.template.value.Value.Text;
import java.util.Map;

/** One rendering: goes through a tree and writes. Used once, by one thread. */
final class Walk {
    private final Map<String, Sequence> trees;
    private final Budget budget;
    private final Evaluator evaluator;
    private final StringBuilder out;
    private final Printer printer;

    /** What comes after a node: the next one, or a jump out of a loop's body. */
    private enum Next {
        NODE,
        BREAK,
        CONTINUE
    }

    Walk(String source, Map<String, Sequence> trees, Sequence root, Value data, Budget budget, StringBuilder out) {
        this.trees = trees;
        this.budget = budget;
        this.evaluator = new Evaluator(source, budget, new Evaluator.Scope("", data, root));
        this.out = out;
        this.printer = new Printer(out, budget.mostText());
    }

    /**
     * Renders a tree.
     *
     * @throws dev.puna.failure.InvalidRequest in Go's words
     */
    void run(Sequence root, Value data) {
        try {
            sequence(data, root);
        } catch (TooMuchText _) {
            throw budget.tooMuchText();
        }
    }

    private Next sequence(Value dot, Sequence nodes) {
        evaluator.at(nodes);
        if (!budget.enter()) {
            throw evaluator.error("exceeded maximum template depth (" + Budget.DEEPEST + ")");
        }
        for (var node : nodes.nodes()) {
            var next = node(dot, node);
            if (next != Next.NODE) {
                budget.leave();
                return next;
            }
        }
        budget.leave();
        return Next.NODE;
    }

    private Next node(Value dot, Node node) {
        evaluator.at(node);
        budget.step();
        return switch (node) {
            case Node.Text text -> {
                var bytes = text.bytes();
                if (out.length() + bytes.length() > budget.mostText()) {
                    throw budget.tooMuchText();
                }
                out.append(bytes);
                yield Next.NODE;
            }
            case Node.Action action -> {
                var pipeline = action.pipeline();
                var value = evaluator.pipeline(dot, pipeline);
                if (pipeline.variables().isEmpty()) {
                    evaluator.at(node);
                    print(value);
                }
                yield Next.NODE;
            }
            case Branch branch -> branch.word() == Branch.Word.RANGE ? range(dot, branch) : choose(dot, branch);
            case Sequence sequence -> sequence(dot, sequence);
            case Node.Call call -> call(dot, call);
            case Node.Break _ -> Next.BREAK;
            case Node.Continue _ -> Next.CONTINUE;
            case Node.End _, Node.Else _, Node.Command _, Node.Operand _ ->
                throw new IllegalStateException("not to be walked: " + node);
        };
    }

    private void print(Value value) {
        if (value instanceof Text(var bytes)) {
            if (out.length() + bytes.length() > budget.mostText()) {
                throw budget.tooMuchText();
            }
            out.append(bytes);
        } else {
            printer.print(Functions.printable(value));
        }
    }

    private Next choose(Value dot, Branch branch) {
        var mark = evaluator.variables().size();
        var value = evaluator.pipeline(dot, branch.pipeline());
        var otherwise = branch.otherwise();
        var next = Next.NODE;
        if (Truth.of(value)) {
            next = sequence(branch.word() == Branch.Word.WITH ? value : dot, branch.body());
        } else if (otherwise != null) {
            next = sequence(dot, otherwise);
        }
        evaluator.variables().shrink(mark);
        return next;
    }

    private Next range(Value dot, Branch range) {
        var mark = evaluator.variables().size();
        var value = Indirection.of(evaluator.pipeline(dot, range.pipeline())).value();
        var ran =
                switch (value) {
                    case Int(var count) -> count(range, value, count);
                    case Octet(var count) -> count(range, value, count);
                    case Listing list -> elements(range, list);
                    case Mapping map -> entries(range, map);
                    case None _ -> false;
                    default -> throw evaluator.error("range can't iterate over " + Printer.text(value, 'v'));
                };
        var otherwise = range.otherwise();
        var next = ran || otherwise == null ? Next.NODE : sequence(dot, otherwise);
        evaluator.variables().shrink(mark);
        // A break after else can only be meant for a loop around, but Go takes it for this one.
        return next == Next.BREAK ? Next.NODE : next;
    }

    private boolean count(Branch range, Value value, long count) {
        if (range.pipeline().variables().size() > 1) {
            throw evaluator.error("can't use " + Printer.text(value, 'v') + " to iterate over more than one variable");
        }
        var more = true;
        for (var i = 0L; i < count && more; i++) {
            more = iteration(range, None.VALUE, value instanceof Int ? Value.of(i) : new Octet((int) i));
        }
        return count > 0;
    }

    private boolean elements(Branch range, Listing list) {
        var more = true;
        for (var i = 0; i < list.size() && more; i++) {
            more = iteration(range, Value.of(i), list.get(i));
        }
        return list.size() > 0;
    }

    private boolean entries(Branch range, Mapping map) {
        for (var key : map.entries().keySet()) {
            var slot = map.get(key);
            if (!iteration(range, new Text(key), slot == null ? Value.Boxed.NIL : slot)) {
                break;
            }
        }
        return !map.entries().isEmpty();
    }

    /** Runs a loop's body once; false once the loop is to end. */
    private boolean iteration(Branch range, Value index, Value element) {
        budget.step();
        var variables = range.pipeline().variables();
        var both = variables.size() > 1;
        if (range.pipeline().assigns()) {
            if (!variables.isEmpty()) {
                evaluator.assign(variables.getFirst().name(), both ? index : element);
            }
            if (both) {
                evaluator.assign(variables.get(1).name(), element);
            }
        } else {
            if (!variables.isEmpty()) {
                evaluator.variables().assign(1, element);
            }
            if (both) {
                evaluator.variables().assign(2, index);
            }
        }
        var mark = evaluator.variables().size();
        var next = sequence(element, range.body());
        evaluator.variables().shrink(mark);
        return next != Next.BREAK;
    }

    private Next call(Value dot, Node.Call call) {
        var tree = trees.get(call.name());
        if (tree == null) {
            throw evaluator.error("template " + GoQuote.quote(call.name()) + " not defined");
        }
        var value = evaluator.pipeline(dot, call.pipeline());
        var before = evaluator.enter(new Evaluator.Scope(call.name(), value, tree));
        sequence(value, tree);
        evaluator.enter(before);
        return Next.NODE;
    }
}
