// SPDX-License-Identifier: Apache-2.0
package dev.puna.template;

import dev.puna.failure.InvalidRequest;
import dev.puna.go.GoQuote;
import dev.puna.go.GoText;
import dev.puna.template.Function.Parameter;
import dev.puna.template.syntax.Node;
import dev.puna.template.syntax.Node.Command;
import dev.puna.template.syntax.Node.Operand;
import dev.puna.template.syntax.Node.Pipeline;
import dev.puna.template.value.GoPanic;
import dev.puna.template.value.Kind;
import dev.puna.template.value.TooMuchText;
import dev.puna.template.value.Value;
import dev.puna.template.value.Value.Boxed;
import dev.puna.template.value.Value.Mapping;
import dev.puna.template.value.Value.None;
import dev.puna.template.value.Value.Pointer;
import dev.puna.template.value.Value.Struct;
import dev.puna.template.value.Value.Text;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives pipelines their values, and knows where it is, for messages in Go's words. A null among arguments named {@code last} means
 * that no value comes from a command before. Used by one thread.
 */
final class Evaluator {
    private final String source;
    private final Budget budget;
    private Scope scope;

    /** Where an evaluation is: the template it runs, its variables, and the node that messages name. */
    static final class Scope {
        private final String template;
        private final TemplateVariables variables;
        private Node node;

        Scope(String template, Value dot, Node node) {
            this.template = template;
            this.variables = new TemplateVariables(dot);
            this.node = node;
        }
    }

    Evaluator(String source, Budget budget, Scope scope) {
        this.source = source;
        this.budget = budget;
        this.scope = scope;
    }

    TemplateVariables variables() {
        return scope.variables;
    }

    /** Changes to another template; what was there before is given back, to be entered again. */
    Scope enter(Scope other) {
        var before = scope;
        scope = other;
        return before;
    }

    void at(Node node) {
        scope.node = node;
    }

    /** A failure at the current node. */
    InvalidRequest error(String message) {
        var before = source.substring(0, scope.node.position());
        var line = 1 + before.chars().filter(c -> c == '\n').count();
        var column = before.length() - 1 - before.lastIndexOf('\n');
        var where = "template: :%d:%d: executing %s at <%s>: "
                .formatted(line, column, GoQuote.quote(scope.template), scope.node.source());
        return new InvalidRequest(GoText.text(where + message));
    }

    Value pipeline(Value dot, @Nullable Pipeline pipeline) {
        if (pipeline == null) {
            return None.VALUE;
        }
        at(pipeline);
        if (!budget.enter()) {
            throw error("exceeded maximum template depth (" + Budget.DEEPEST + ")");
        }
        Value value = null;
        for (var command : pipeline.commands()) {
            budget.step();
            value = command(dot, command, value).bare();
        }
        var result = value == null ? None.VALUE : value;
        for (var variable : pipeline.variables()) {
            if (pipeline.assigns()) {
                assign(variable.name(), result);
            } else {
                scope.variables.declare(variable.name(), result);
            }
        }
        budget.leave();
        return result;
    }

    void assign(String name, Value value) {
        if (!scope.variables.assign(name, value)) {
            throw error("undefined variable: " + name);
        }
    }

    private Value command(Value dot, Command command, @Nullable Value last) {
        var operands = command.operands();
        var first = operands.getFirst();
        switch (first) {
            case Node.Field field -> {
                return field(dot, field, operands, last);
            }
            case Node.Chain chain -> {
                return chain(dot, chain, operands, last);
            }
            case Node.Function function -> {
                return function(dot, function, command, operands, last);
            }
            case Pipeline pipeline -> {
                refuseArguments(operands, last);
                return pipeline(dot, pipeline);
            }
            case Node.Variable variable -> {
                return variable(variable, operands, last);
            }
            case Node.Truth _, Node.Dot _, Node.Nil _, Node.Numeral _, Node.Literal _ -> {
                at(first);
                refuseArguments(operands, last);
                return constant(dot, first);
            }
        }
    }

    private void refuseArguments(List<Operand> operands, @Nullable Value last) {
        if (operands.size() > 1 || last != null) {
            throw error(
                    "can't give argument to non-function " + operands.getFirst().source());
        }
    }

    private Value constant(Value dot, Operand operand) {
        return switch (operand) {
            case Node.Truth truth -> Value.of(truth.is());
            case Node.Dot _ -> dot;
            case Node.Numeral number -> {
                var value = number.value();
                at(operand);
                if (value == null) {
                    throw error(number.source() + " overflows int");
                }
                yield value;
            }
            case Node.Literal literal -> literal.value();
            case Node.Nil _ -> throw error("nil is not a command");
            case Node.Field _, Node.Chain _, Node.Function _, Node.Variable _, Pipeline _ ->
                throw new IllegalStateException("no constant: " + operand);
        };
    }

    private Value field(Value dot, Node.Field field, List<Operand> operands, @Nullable Value last) {
        at(field);
        return fields(dot, field.fields(), operands, last);
    }

    private Value chain(Value dot, Node.Chain chain, List<Operand> operands, @Nullable Value last) {
        at(chain);
        var start =
                switch (chain.of()) {
                    case Pipeline pipeline -> {
                        at(pipeline);
                        yield pipeline(dot, pipeline);
                    }
                    case Node.Function function -> {
                        at(function);
                        yield function(dot, function, function, List.of(), null);
                    }
                    default -> throw new IllegalStateException("no start of a chain: " + chain);
                };
        return fields(start, chain.fields(), operands, last);
    }

    private Value variable(Node.Variable variable, List<Operand> operands, @Nullable Value last) {
        at(variable);
        var value = scope.variables.value(variable.name());
        if (value == null) {
            throw error("undefined variable: " + variable.name());
        }
        if (variable.fields().isEmpty()) {
            refuseArguments(operands, last);
            return value;
        }
        return fields(value, variable.fields(), operands, last);
    }

    private Value fields(Value start, List<String> names, List<Operand> operands, @Nullable Value last) {
        var value = start;
        for (var name : names.subList(0, names.size() - 1)) {
            value = field(value, name, List.of(), null);
        }
        return field(value, names.getLast(), operands, last);
    }

    private Value field(Value receiver, String name, List<Operand> operands, @Nullable Value last) {
        if (receiver instanceof None) {
            return None.VALUE;
        }
        var typeName = receiver.type().name();
        var found = Indirection.of(receiver);
        var value = found.value();
        if (found.nil() && value.kind() == Kind.INTERFACE) {
            throw error("nil pointer evaluating " + typeName + "." + name);
        }
        var method = value.type().methods().get(name);
        var given = Math.max(operands.size() - 1, 0) + (last == null ? 0 : 1);
        if (method != null) {
            if (given > 0) {
                throw error("wrong number of args for " + name + ": want 0 got " + given);
            }
            return new Text(method.apply(value));
        }
        var member = value instanceof Struct struct ? struct.get(name) : null;
        if (member != null) {
            if (given > 0) {
                throw error(name + " has arguments but cannot be invoked as function");
            }
            return member;
        }
        if (value instanceof Mapping map) {
            if (given > 0) {
                throw error(name + " is not a method but has arguments");
            }
            var slot = map.get(name);
            return slot == null ? map.type().held().zero() : slot;
        }
        if (value instanceof Pointer pointer && mayHave(pointer, name)) {
            throw error("nil pointer evaluating " + typeName + "." + name);
        }
        throw error("can't evaluate field " + name + " in type " + typeName);
    }

    private static boolean mayHave(Pointer nil, String name) {
        var target = nil.type().held();
        return target.kind() != Kind.STRUCT
                || target.fields().stream().anyMatch(field -> field.name().equals(name));
    }

    private Value function(Value dot, Node.Function node, Node command, List<Operand> operands, @Nullable Value last) {
        at(node);
        var name = node.name();
        var function = Functions.ALL.get(name);
        if (function == null) {
            throw error(GoQuote.quote(name) + " is not a defined function");
        }
        var arguments = operands.isEmpty() ? operands : operands.subList(1, operands.size());
        checkCount(name, function, arguments.size(), arguments.size() + (last == null ? 0 : 1));
        if (name.equals("and") || name.equals("or")) {
            return shortCircuit(dot, name.equals("or"), arguments, last);
        }
        var values = new ArrayList<Value>(arguments.size() + 1);
        for (var argument : arguments) {
            values.add(argument(dot, function.at(values.size()), argument));
        }
        if (last != null) {
            values.add(fitting(last, function.at(values.size())));
        }
        try {
            if (name.equals("call")) {
                var called = arguments.isEmpty()
                        ? described(values.getFirst())
                        : arguments.getFirst().source();
                throw Functions.notCallable(called, values.getFirst());
            }
            if (Functions.ESCAPING.contains(name)) {
                budget.escapes(bytesOf(values));
            }
            var result = function.body().apply(values, budget.mostText());
            budget.made(bytesOf(List.of(result)));
            return result;
        } catch (GoPanic panic) {
            at(command);
            throw error("error calling " + name + ": " + panic.text());
        } catch (TooMuchText _) {
            throw budget.tooMuchText();
        }
    }

    private static long bytesOf(List<Value> values) {
        return values.stream()
                .mapToLong(value -> value instanceof Text(var bytes) ? bytes.length() : 0)
                .sum();
    }

    private void checkCount(String name, Function function, int arguments, int given) {
        var wanted = function.parameters().size();
        if (function.rest() == null ? given != wanted : given < wanted) {
            var counts = function.rest() == null
                    ? "want " + wanted + " got " + given
                    : "want at least " + wanted + " got " + arguments;
            throw error("wrong number of args for " + name + ": " + counts);
        }
    }

    private static String described(Value value) {
        return switch (value) {
            case Text(var bytes) -> bytes;
            case None _ -> "<invalid Value>";
            default -> "<" + value.type().name() + " Value>";
        };
    }

    private Value shortCircuit(Value dot, boolean until, List<Operand> arguments, @Nullable Value last) {
        Value value = None.VALUE;
        for (var argument : arguments) {
            value = argument(dot, Parameter.REFLECTED, argument);
            if (Truth.of(value) == until) {
                return value;
            }
        }
        return last == null ? value : last;
    }

    private Value argument(Value dot, Parameter parameter, Operand operand) {
        at(operand);
        return switch (operand) {
            case Node.Dot _ -> fitting(dot, parameter);
            case Node.Nil _ -> {
                if (parameter == Parameter.STRING) {
                    throw error("cannot assign nil to string");
                }
                yield None.VALUE;
            }
            case Node.Field field -> fitting(field(dot, field, List.of(), null), parameter);
            case Node.Variable variable -> fitting(variable(variable, List.of(), null), parameter);
            case Pipeline pipeline -> fitting(pipeline(dot, pipeline), parameter);
            case Node.Function function -> fitting(function(dot, function, function, List.of(), null), parameter);
            case Node.Chain chain -> fitting(chain(dot, chain, List.of(), null), parameter);
            case Node.Truth _, Node.Numeral _, Node.Literal _ -> {
                if (parameter == Parameter.STRING && !(operand instanceof Node.Literal)) {
                    throw error("expected string; found " + operand.source());
                }
                yield constant(dot, operand);
            }
        };
    }

    /** A value as a parameter takes it. */
    private Value fitting(Value value, Parameter parameter) {
        return switch (parameter) {
            case REFLECTED -> value;
            case ANY -> value.bare();
            case STRING -> {
                if (value instanceof None) {
                    throw error("invalid value; expected string");
                }
                var target = value instanceof Boxed(var inner) && !(inner instanceof None) ? inner : value;
                if (!(target instanceof Text)) {
                    throw error("wrong type for value; expected string; got "
                            + target.type().name());
                }
                yield target;
            }
        };
    }
}
