// SPDX-License-Identifier: Apache-2.0
package dev.puna.template.syntax;

import dev.puna.failure.InvalidRequest;
import dev.puna.go.GoQuote;
import dev.puna.template.syntax.Node.Sequence;
import dev.puna.template.syntax.Token.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes the tree of a template and of the templates defined in it. Messages are Go's: {@code template: :3: unexpected EOF}. Nesting
 * is bounded, so that no text makes the stack overflow. Used once, by one thread.
 */
public final class Parser {
    /** Blocks and parentheses inside each other. */
    static final int DEEPEST = 200;

    private final Tokens tokens;
    private final PipelineParser pipelines;
    private final Map<String, Sequence> trees;
    private final Set<String> functions;
    private int depth;
    private int ranges;

    private Parser(Tokens tokens, Map<String, Sequence> trees, Set<String> functions, int depth) {
        this.tokens = tokens;
        this.trees = trees;
        this.functions = functions;
        this.depth = depth;
        this.pipelines = new PipelineParser(tokens, functions, depth);
    }

    /**
     * The trees of a template by name; its own has the empty one.
     *
     * @param source the template as a row of bytes
     * @param functions names that may be called
     * @throws InvalidRequest in Go's words
     */
    public static Map<String, Sequence> parse(String source, Set<String> functions) {
        var trees = new HashMap<String, Sequence>();
        var parser = new Parser(new Tokens(new Lexer(source)), trees, functions, 0);
        parser.add("", parser.whole());
        return Map.copyOf(trees);
    }

    private Sequence whole() {
        var position = tokens.peek().position();
        var nodes = new ArrayList<Node>();
        while (!tokens.peek().is(Kind.END_OF_FILE)) {
            var node = define() ? null : textOrAction();
            if (node instanceof Node.End || node instanceof Node.Else) {
                throw tokens.error("unexpected " + node.source());
            }
            if (node != null) {
                nodes.add(node);
            }
        }
        return new Sequence(position, nodes);
    }

    private boolean define() {
        if (!tokens.peek().is(Kind.LEFT_DELIMITER)) {
            return false;
        }
        var delimiter = tokens.next();
        var first = tokens.nextNonSpace();
        if (!first.is(Kind.DEFINE)) {
            tokens.back(first);
            tokens.back(delimiter);
            return false;
        }
        new Parser(tokens.inner(), trees, functions, depth + 1).definition();
        return true;
    }

    private void definition() {
        var name = templateName("define clause");
        tokens.expect(Kind.RIGHT_DELIMITER, "define clause");
        add(name, untilEnd("define clause"));
    }

    private Sequence untilEnd(String context) {
        var body = sequence();
        if (!(body.end() instanceof Node.End)) {
            throw tokens.error("unexpected " + body.end().source() + " in " + context);
        }
        return body.nodes();
    }

    private void add(String name, Sequence tree) {
        var earlier = trees.get(name);
        if (earlier == null || isEmpty(earlier)) {
            trees.put(name, tree);
        } else if (!isEmpty(tree)) {
            throw tokens.error("template: multiple definition of template " + GoQuote.quote(name));
        }
    }

    private static boolean isEmpty(Sequence tree) {
        return tree.nodes().stream()
                .allMatch(
                        node -> (node instanceof Node.Text text && text.bytes().isBlank())
                                || (node instanceof Sequence inner && isEmpty(inner)));
    }

    /** Nodes and the {@code end} or {@code else} behind them. */
    private record Body(Sequence nodes, Node end) {}

    private Body sequence() {
        var position = tokens.peekNonSpace().position();
        var nodes = new ArrayList<Node>();
        while (!tokens.peekNonSpace().is(Kind.END_OF_FILE)) {
            var node = textOrAction();
            if (node instanceof Node.End || node instanceof Node.Else) {
                return new Body(new Sequence(position, nodes), node);
            }
            nodes.add(node);
        }
        throw tokens.error("unexpected EOF");
    }

    private Node textOrAction() {
        var token = tokens.nextNonSpace();
        if (token.is(Kind.TEXT)) {
            return new Node.Text(token.position(), token.text());
        }
        if (!token.is(Kind.LEFT_DELIMITER)) {
            throw tokens.unexpected(token, "input");
        }
        tokens.actionAt(token.line());
        var action = action();
        tokens.actionAt(0);
        return action;
    }

    private Node action() {
        var token = tokens.nextNonSpace();
        return switch (token.kind()) {
            case BLOCK -> block();
            case BREAK -> {
                jump("break");
                yield new Node.Break(token.position());
            }
            case CONTINUE -> {
                jump("continue");
                yield new Node.Continue(token.position());
            }
            case ELSE -> otherwise();
            case END -> new Node.End(tokens.expect(Kind.RIGHT_DELIMITER, "end").position());
            case IF -> branch(Node.Branch.Word.IF, "if");
            case RANGE -> branch(Node.Branch.Word.RANGE, "range");
            case TEMPLATE -> call();
            case WITH -> branch(Node.Branch.Word.WITH, "with");
            default -> {
                tokens.back(token);
                var position = tokens.peek().position();
                yield new Node.Action(position, pipelines.pipeline("command", Kind.RIGHT_DELIMITER));
            }
        };
    }

    private void jump(String word) {
        var token = tokens.nextNonSpace();
        if (!token.is(Kind.RIGHT_DELIMITER)) {
            throw tokens.unexpected(token, "{{" + word + "}}");
        }
        if (ranges == 0) {
            throw tokens.error("{{" + word + "}} outside {{range}}");
        }
    }

    /** {@code else if} and {@code else with} leave the second word where it is. */
    private Node otherwise() {
        var next = tokens.peekNonSpace();
        if (next.is(Kind.IF) || next.is(Kind.WITH)) {
            return new Node.Else(next.position());
        }
        return new Node.Else(tokens.expect(Kind.RIGHT_DELIMITER, "else").position());
    }

    private Node branch(Node.Branch.Word word, String context) {
        deeper();
        var scope = pipelines.scope();
        var pipeline = pipelines.pipeline(context, Kind.RIGHT_DELIMITER);
        var range = word == Node.Branch.Word.RANGE ? 1 : 0;
        ranges += range;
        var body = sequence();
        ranges -= range;
        var otherwise = body.end() instanceof Node.Else ? elseBranch(word, context, body.end()) : null;
        pipelines.leave(scope);
        depth--;
        pipelines.depth(depth);
        return new Node.Branch(pipeline.position(), word, pipeline, body.nodes(), otherwise);
    }

    private void deeper() {
        if (++depth > DEEPEST) {
            throw tokens.error("max nesting depth exceeded");
        }
        pipelines.depth(depth);
    }

    private @Nullable Sequence elseBranch(Node.Branch.Word word, String context, Node end) {
        var next = tokens.peek().kind();
        if ((word == Node.Branch.Word.IF && next == Kind.IF) || (word == Node.Branch.Word.WITH && next == Kind.WITH)) {
            tokens.next();
            return new Sequence(end.position(), List.of(branch(word, context)));
        }
        var body = sequence();
        if (!(body.end() instanceof Node.End)) {
            throw tokens.error("expected end; found " + body.end().source());
        }
        return body.nodes();
    }

    private Node block() {
        var token = tokens.peekNonSpace();
        var name = templateName("block clause");
        var pipeline = pipelines.pipeline("block clause", Kind.RIGHT_DELIMITER);
        if (depth >= DEEPEST) {
            throw tokens.error("max nesting depth exceeded");
        }
        var inner = new Parser(tokens.inner(), trees, functions, depth + 1);
        var tree = inner.sequence();
        if (!(tree.end() instanceof Node.End)) {
            throw tokens.error("unexpected " + tree.end().source() + " in block clause");
        }
        inner.add(name, tree.nodes());
        return new Node.Call(token.position(), name, pipeline);
    }

    private Node call() {
        var token = tokens.peekNonSpace();
        var name = templateName("template clause");
        var next = tokens.nextNonSpace();
        if (next.is(Kind.RIGHT_DELIMITER)) {
            return new Node.Call(token.position(), name, null);
        }
        tokens.back(next);
        return new Node.Call(token.position(), name, pipelines.pipeline("template clause", Kind.RIGHT_DELIMITER));
    }

    private String templateName(String context) {
        var token = tokens.nextNonSpace();
        if (!token.is(Kind.STRING) && !token.is(Kind.RAW_STRING)) {
            throw tokens.unexpected(token, context);
        }
        return pipelines.unquoted(token);
    }
}
