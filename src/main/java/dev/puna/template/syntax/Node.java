// SPDX-License-Identifier: Apache-2.0
package dev.puna.template.syntax;

import dev.puna.go.GoQuote;
import dev.puna.template.value.Value;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A part of a template's tree. What it prints is what Go's messages quote; texts are rows of bytes. */
public sealed interface Node {

    /** Byte of the template at which it starts. */
    int position();

    /** As it would be written in a template. */
    String source();

    /** What can be an argument of a command. */
    sealed interface Operand extends Node {}

    /** Parts in order. */
    record Sequence(int position, List<Node> nodes) implements Node {
        public Sequence {
            nodes = List.copyOf(nodes);
        }

        @Override
        public String source() {
            return nodes.stream().map(Node::source).collect(Collectors.joining());
        }
    }

    /** Text to be copied. */
    record Text(int position, String bytes) implements Node {
        @Override
        public String source() {
            return bytes;
        }
    }

    /** A pipeline whose value is printed, unless it declares variables. */
    record Action(int position, Pipeline pipeline) implements Node {
        @Override
        public String source() {
            return "{{" + pipeline.source() + "}}";
        }
    }

    /** {@code if}, {@code with} or {@code range}. */
    record Branch(
            int position,
            Word word,
            Pipeline pipeline,
            Sequence body,
            @Nullable Sequence otherwise) implements Node {
        /** Which of them. */
        public enum Word {
            IF("if"),
            RANGE("range"),
            WITH("with");

            private final String text;

            Word(String text) {
                this.text = text;
            }
        }

        @Override
        public String source() {
            var end = (otherwise == null ? "" : "{{else}}" + otherwise.source()) + "{{end}}";
            return "{{" + word.text + " " + pipeline.source() + "}}" + body.source() + end;
        }
    }

    record Break(int position) implements Node {
        @Override
        public String source() {
            return "{{break}}";
        }
    }

    record Continue(int position) implements Node {
        @Override
        public String source() {
            return "{{continue}}";
        }
    }

    /** A call of another template. */
    record Call(int position, String name, @Nullable Pipeline pipeline) implements Node {
        @Override
        public String source() {
            return "{{template " + GoQuote.quote(name) + (pipeline == null ? "" : " " + pipeline.source()) + "}}";
        }
    }

    record End(int position) implements Node {
        @Override
        public String source() {
            return "{{end}}";
        }
    }

    record Else(int position) implements Node {
        @Override
        public String source() {
            return "{{else}}";
        }
    }

    /**
     * Commands, each of which gets the value of the one before.
     *
     * @param assigns whether the variables are there already
     * @param variables that get the value
     */
    record Pipeline(int position, boolean assigns, List<Variable> variables, List<Command> commands)
            implements Operand {
        public Pipeline {
            variables = List.copyOf(variables);
            commands = List.copyOf(commands);
        }

        @Override
        public String source() {
            var names = variables.stream().map(Node::source).collect(Collectors.joining(", "));
            var declared = names.isEmpty() ? "" : names + (assigns ? " = " : " := ");
            return declared + commands.stream().map(Node::source).collect(Collectors.joining(" | "));
        }
    }

    /** A function, field or value with its arguments. */
    record Command(int position, List<Operand> operands) implements Node {
        public Command {
            operands = List.copyOf(operands);
        }

        @Override
        public String source() {
            return operands.stream().map(Node::inCommand).collect(Collectors.joining(" "));
        }
    }

    record Function(int position, String name) implements Operand {
        @Override
        public String source() {
            return name;
        }
    }

    /** A variable, {@code $} among its name, and fields of it. */
    record Variable(int position, String name, List<String> fields) implements Operand {
        public Variable {
            fields = List.copyOf(fields);
        }

        @Override
        public String source() {
            return fields.isEmpty() ? name : name + "." + String.join(".", fields);
        }
    }

    record Dot(int position) implements Operand {
        @Override
        public String source() {
            return ".";
        }
    }

    record Nil(int position) implements Operand {
        @Override
        public String source() {
            return "nil";
        }
    }

    /** A field of dot, and fields of it. */
    record Field(int position, List<String> fields) implements Operand {
        public Field {
            fields = List.copyOf(fields);
        }

        @Override
        public String source() {
            return "." + String.join(".", fields);
        }
    }

    /** Fields of what something else gives. */
    record Chain(int position, Operand of, List<String> fields) implements Operand {
        public Chain {
            fields = List.copyOf(fields);
        }

        @Override
        public String source() {
            return inCommand(of) + "." + String.join(".", fields);
        }
    }

    /** A constant other than a string or a number. */
    record Truth(int position, boolean is) implements Operand {
        @Override
        public String source() {
            return is ? "true" : "false";
        }
    }

    /**
     * A number.
     *
     * @param value as it is where no type is wanted; null where none fits
     */
    record Numeral(int position, String source, @Nullable Value value) implements Operand {}

    /** A string, as written and as meant. */
    record Literal(int position, String source, Value.Text value) implements Operand {}

    private static String inCommand(Node node) {
        return node instanceof Pipeline ? "(" + node.source() + ")" : node.source();
    }
}
