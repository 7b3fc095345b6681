// SPDX-License-Identifier: Apache-2.0
package dev.puna.template.syntax;

import dev.puna.failure.InvalidRequest;
import dev.puna.go.GoQuote;
import dev.puna.template.syntax.Node.Command;
import dev.puna.template.syntax.Node.Operand;
import dev.puna.template.syntax.Node.Pipeline;
import dev.puna.template.syntax.Node.Variable;
import dev.puna.template.syntax.Token.Kind;
import dev.puna.template.value.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what stands inside of actions, and knows which variables there are. Used by one thread. */
final class PipelineParser {
    private final Tokens tokens;
    private final Set<String> functions;
    private final List<String> variables = new ArrayList<>(List.of("$"));
    private int depth;

    PipelineParser(Tokens tokens, Set<String> functions, int depth) {
        this.tokens = tokens;
        this.functions = functions;
        this.depth = depth;
    }

    /** How deep the blocks around are. */
    void depth(int blocks) {
        depth = blocks;
    }

    /** Where the scope that begins now ends. */
    int scope() {
        return variables.size();
    }

    /** Forgets the variables of a scope. */
    void leave(int scope) {
        variables.subList(scope, variables.size()).clear();
    }

    /**
     * A pipeline up to a token, which is taken.
     *
     * @param context how messages call it
     */
    Pipeline pipeline(String context, Kind end) {
        var position = tokens.peekNonSpace().position();
        var declared = new ArrayList<Variable>();
        var assigns = declarations(context, declared);
        var commands = new ArrayList<Command>();
        while (true) {
            var token = tokens.nextNonSpace();
            if (token.is(end)) {
                check(commands, context);
                return new Pipeline(position, assigns, declared, commands);
            }
            switch (token.kind()) {
                case BOOL,
                        CHARACTER_CONSTANT,
                        COMPLEX,
                        DOT,
                        FIELD,
                        IDENTIFIER,
                        NUMBER,
                        NIL,
                        RAW_STRING,
                        STRING,
                        VARIABLE,
                        LEFT_PARENTHESIS -> {
                    tokens.back(token);
                    commands.add(command());
                }
                default -> throw tokens.unexpected(token, context);
            }
        }
    }

    /** Variables that get the value; whether they are there already. */
    private boolean declarations(String context, List<Variable> declared) {
        while (tokens.peekNonSpace().is(Kind.VARIABLE)) {
            var variable = tokens.next();
            var behind = tokens.peek();
            var next = tokens.peekNonSpace();
            var comma = next.is(Kind.CHARACTER) && next.text().equals(",");
            if (!comma && !next.is(Kind.ASSIGN) && !next.is(Kind.DECLARE)) {
                if (behind.is(Kind.SPACE)) {
                    tokens.back(behind);
                }
                tokens.back(variable);
                return false;
            }
            tokens.nextNonSpace();
            declared.add(variable(variable.position(), variable.text()));
            variables.add(variable.text());
            if (!comma) {
                return next.is(Kind.ASSIGN);
            }
            if (!context.equals("range") || declared.size() > 1) {
                throw tokens.error("too many declarations in " + context);
            }
            switch (tokens.peekNonSpace().kind()) {
                case VARIABLE, RIGHT_DELIMITER, RIGHT_PARENTHESIS -> {}
                default -> throw tokens.error("range can only initialize variables");
            }
        }
        return false;
    }

    private void check(List<Command> commands, String context) {
        if (commands.isEmpty()) {
            throw tokens.error("missing value for " + context);
        }
        for (var i = 1; i < commands.size(); i++) {
            switch (commands.get(i).operands().getFirst()) {
                case Node.Truth _, Node.Dot _, Node.Nil _, Node.Numeral _, Node.Literal _ ->
                    throw tokens.error("non executable command in pipeline stage " + (i + 1));
                case Node.Function _, Variable _, Node.Field _, Node.Chain _, Pipeline _ -> {}
            }
        }
    }

    private Command command() {
        var position = tokens.peekNonSpace().position();
        var operands = new ArrayList<Operand>();
        while (true) {
            tokens.peekNonSpace();
            var operand = operand();
            if (operand != null) {
                operands.add(operand);
            }
            var token = tokens.next();
            if (token.is(Kind.SPACE)) {
                continue;
            }
            if (token.is(Kind.RIGHT_DELIMITER) || token.is(Kind.RIGHT_PARENTHESIS)) {
                tokens.back(token);
            } else if (!token.is(Kind.PIPE)) {
                throw tokens.unexpected(token, "operand");
            }
            if (operands.isEmpty()) {
                throw tokens.error("empty command");
            }
            return new Command(position, operands);
        }
    }

    private @Nullable Operand operand() {
        var term = term();
        if (term == null || !tokens.peek().is(Kind.FIELD)) {
            return term;
        }
        var position = tokens.peek().position();
        var fields = new ArrayList<String>();
        while (tokens.peek().is(Kind.FIELD)) {
            fields.add(tokens.next().text().substring(1));
        }
        return switch (term) {
            case Node.Field field -> new Node.Field(position, joined(field.fields(), fields));
            case Variable variable -> new Variable(position, variable.name(), joined(variable.fields(), fields));
            case Node.Function _, Node.Chain _, Pipeline _ -> new Node.Chain(position, term, fields);
            case Node.Truth _, Node.Literal _, Node.Numeral _, Node.Nil _, Node.Dot _ ->
                throw tokens.error("unexpected . after term " + GoQuote.quote(term.source()));
        };
    }

    private static List<String> joined(List<String> first, List<String> second) {
        var all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    private @Nullable Operand term() {
        var token = tokens.nextNonSpace();
        var position = token.position();
        return switch (token.kind()) {
            case IDENTIFIER -> {
                if (!functions.contains(token.text())) {
                    throw tokens.error("function " + GoQuote.quote(token.text()) + " not defined");
                }
                yield new Node.Function(position, token.text());
            }
            case DOT -> new Node.Dot(position);
            case NIL -> new Node.Nil(position);
            case VARIABLE -> known(variable(position, token.text()));
            case FIELD -> new Node.Field(position, List.of(token.text().substring(1)));
            case BOOL -> new Node.Truth(position, token.text().equals("true"));
            case CHARACTER_CONSTANT, COMPLEX, NUMBER -> number(token);
            case LEFT_PARENTHESIS -> parenthesized();
            case STRING, RAW_STRING -> new Node.Literal(position, token.text(), new Value.Text(unquoted(token)));
            default -> {
                tokens.back(token);
                yield null;
            }
        };
    }

    private Operand parenthesized() {
        if (depth >= Parser.DEEPEST) {
            throw tokens.error("max expression depth exceeded");
        }
        depth++;
        var pipeline = pipeline("parenthesized pipeline", Kind.RIGHT_PARENTHESIS);
        depth--;
        return pipeline;
    }

    private Operand number(Token token) {
        try {
            return new Node.Numeral(token.position(), token.text(), Numbers.of(token));
        } catch (InvalidRequest bad) {
            throw tokens.error(bad.text());
        }
    }

    /** What the literal of a string says. */
    String unquoted(Token token) {
        try {
            return GoQuote.unquote(token.text());
        } catch (InvalidRequest bad) {
            throw tokens.error(bad.text());
        }
    }

    private static Variable variable(int position, String name) {
        return new Variable(position, name, List.of());
    }

    private Variable known(Variable variable) {
        if (!variables.contains(variable.name())) {
            throw tokens.error("undefined variable " + GoQuote.quote(variable.name()));
        }
        return variable;
    }
}
