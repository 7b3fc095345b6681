// SPDX-License-Identifier: Apache-2.0
package dev.puna.template.syntax;

import dev.puna.failure.InvalidRequest;
import dev.puna.template.syntax.Token.Kind;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Tokens with a look ahead, and messages that name the line of the newest one. Every definition inside a template reads through one
 * of its own from the same lexer, as in Go, where that decides which line a message names. Used by one thread.
 */
public final class Tokens {
    private final Lexer lexer;
    private final Deque<Token> ahead = new ArrayDeque<>();
    private int newestLine;
    private int actionLine;

    Tokens(Lexer lexer) {
        this.lexer = lexer;
    }

    /** Tokens of a definition inside of this one; nothing may be looked ahead at. */
    Tokens inner() {
        return new Tokens(lexer);
    }

    Token next() {
        if (!ahead.isEmpty()) {
            return ahead.pop();
        }
        var token = lexer.next();
        newestLine = token.line();
        return token;
    }

    void back(Token token) {
        ahead.push(token);
    }

    Token peek() {
        var token = next();
        back(token);
        return token;
    }

    Token nextNonSpace() {
        while (true) {
            var token = next();
            if (!token.is(Kind.SPACE)) {
                return token;
            }
        }
    }

    Token peekNonSpace() {
        var token = nextNonSpace();
        back(token);
        return token;
    }

    Token expect(Kind kind, String context) {
        var token = nextNonSpace();
        if (!token.is(kind)) {
            throw unexpected(token, context);
        }
        return token;
    }

    /** Marks where an action starts, for messages about its end; 0 for outside of one. */
    void actionAt(int line) {
        actionLine = line;
    }

    InvalidRequest unexpected(Token token, String context) {
        if (!token.is(Kind.ERROR)) {
            return error("unexpected " + token.shown() + " in " + context);
        }
        if (actionLine == 0 || actionLine == token.line()) {
            return error(token.text());
        }
        var word = token.text().endsWith(" action") ? "" : " in action";
        return error(token.text() + word + " started at :" + actionLine);
    }

    InvalidRequest error(String message) {
        return new InvalidRequest("template: :" + newestLine + ": " + message);
    }
}
