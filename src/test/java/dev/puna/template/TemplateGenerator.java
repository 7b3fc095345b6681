// SPDX-License-Identifier: Apache-2.0
package dev.puna.template;

import java.util.List;
import java.util.random.RandomGenerator;

/** Random templates: most make sense, some fail while they run, some are broken on purpose. */
final class TemplateGenerator {
    private final RandomGenerator random;
    private final TemplateExpressions expressions;
    private int loops;
    private boolean tame;
    private int blocks;
    private boolean defined;

    TemplateGenerator(RandomGenerator random) {
        this.random = random;
        expressions = new TemplateExpressions(random);
    }

    String template() {
        loops = 0;
        defined = false;
        tame = random.nextInt(4) > 0;
        expressions.begin(tame);
        var out = new StringBuilder();
        if (random.nextInt(6) == 0) {
            out.append(open())
                    .append("define \"T\"")
                    .append(close())
                    .append(body(1))
                    .append(open())
                    .append("end")
                    .append(close());
            defined = true;
            expressions.forgetVariables();
        }
        out.append(body(3));
        return random.nextInt(tame ? 40 : 8) == 0 ? broken(out.toString()) : out.toString();
    }

    private String broken(String template) {
        if (template.isEmpty()) {
            return "{{";
        }
        var at = random.nextInt(template.length());
        return switch (random.nextInt(4)) {
            case 0 -> template.substring(0, at);
            case 1 -> template.substring(0, at) + template.substring(at + 1);
            case 2 ->
                template.substring(0, at)
                        + expressions.pick(List.of(
                                "{{", "}}", "(", ")", "|", "\"", "$", ".", ",", "=", ":=", "#", " ", "-", "/*", "end",
                                "\\"))
                        + template.substring(at);
            default ->
                template
                        + expressions.pick(List.of(
                                "{{end}}",
                                "{{else}}",
                                "{{break}}",
                                "{{if}}",
                                "{{/* c",
                                "{{/* c */",
                                "{{template \"Q\"}}",
                                "{{nope}}"));
        };
    }

    private String body(int depth) {
        var variables = expressions.variables();
        var scope = variables.size();
        var out = new StringBuilder();
        for (var i = 1 + random.nextInt(3); i > 0; i--) {
            out.append(expressions.pick(TemplateVocabulary.TEXTS)).append(action(depth));
        }
        variables.subList(scope, variables.size()).clear();
        return out.append(expressions.pick(TemplateVocabulary.TEXTS)).toString();
    }

    private String open() {
        return random.nextInt(5) == 0 ? "{{- " : random.nextInt(3) == 0 ? "{{ " : "{{";
    }

    private String close() {
        return random.nextInt(5) == 0 ? " -}}" : random.nextInt(3) == 0 ? " }}" : "}}";
    }

    private String in(String inside) {
        return open() + inside + close();
    }

    private String action(int depth) {
        return switch (random.nextInt(depth > 0 ? 16 : 8)) {
            case 0, 1, 2, 3, 4 -> in(expressions.pipeline(2));
            case 5 -> declaration();
            case 6 -> random.nextBoolean() ? "{{/* comment */}}" : "{{- /* a\nb */ -}}";
            case 7 ->
                loops > 0 && random.nextBoolean()
                        ? in(expressions.pick(List.of("break", "continue")))
                        : in(expressions.pipeline(1));
            case 8, 9 -> branch("if", depth);
            case 10 -> branch("with", depth);
            case 11, 12, 13 -> range(depth);
            case 14 ->
                tame && !defined
                        ? in(expressions.pipeline(2))
                        : in("template \"" + (tame ? "T" : expressions.pick(List.of(defined ? "T" : "nope", "nope")))
                                + "\" " + argument());
            default -> in("block \"B" + (tame ? blocks++ : "") + "\" " + argument()) + scoped(depth - 1) + in("end");
        };
    }

    private String argument() {
        return tame ? "$" : expressions.operand(1);
    }

    /** A body from which no variable and no loop around can be seen. */
    private String scoped(int depth) {
        var variables = expressions.variables();
        var outer = List.copyOf(variables);
        var outerLoops = loops;
        expressions.forgetVariables();
        loops = 0;
        var body = body(depth);
        variables.clear();
        variables.addAll(outer);
        loops = outerLoops;
        return body;
    }

    private String declaration() {
        var variables = expressions.variables();
        if (variables.size() > 1 && random.nextInt(2) == 0) {
            return in(expressions.pick(variables.subList(1, variables.size())) + " = " + expressions.pipeline(1));
        }
        var pipeline = expressions.pipeline(1);
        var name = "$v" + variables.size();
        variables.add(name);
        return in(name + " := " + pipeline);
    }

    private String branch(String word, int depth) {
        var variables = expressions.variables();
        var scope = variables.size();
        var declares = random.nextInt(4) == 0;
        var condition = expressions.pipeline(2);
        if (declares) {
            variables.add("$w");
        }
        var out = new StringBuilder(in(word + " " + (declares ? "$w := " : "") + condition)).append(body(depth - 1));
        if (random.nextInt(3) == 0) {
            out.append(in("else " + word + " " + expressions.pipeline(1))).append(body(depth - 1));
        }
        if (random.nextInt(2) == 0) {
            out.append(in("else")).append(body(depth - 1));
        }
        variables.subList(scope, variables.size()).clear();
        return out.append(in("end")).toString();
    }

    private String range(int depth) {
        var variables = expressions.variables();
        var scope = variables.size();
        var over = !tame && random.nextInt(3) == 0
                ? expressions.pipeline(1)
                : expressions.pick(
                        tame
                                ? List.of(
                                        "$.l",
                                        "$.ls",
                                        "$.m",
                                        "$.ms",
                                        "$.e",
                                        "$.k",
                                        "3",
                                        "$.z",
                                        "$.d",
                                        "(slice $.ls 0)",
                                        "$.m")
                                : List.of(
                                        ".l",
                                        ".ls",
                                        ".m",
                                        ".ms",
                                        "$.ms",
                                        ".e",
                                        ".k",
                                        "3",
                                        "$.l",
                                        ".z",
                                        ".d",
                                        ".s",
                                        "(slice .ls 0)"));
        var counts = over.equals("3") || over.equals("$.k");
        var declared =
                switch (random.nextInt(4)) {
                    case 0 -> tame && counts ? "$e := " : "$i, $e := ";
                    case 1 -> "$e := ";
                    default -> "";
                };
        if (declared.startsWith("$i")) {
            variables.add("$i");
        }
        if (!declared.isEmpty()) {
            variables.add("$e");
        }
        loops++;
        var out = new StringBuilder(in("range " + declared + over)).append(body(depth - 1));
        loops--;
        if (random.nextInt(3) == 0) {
            out.append(in("else")).append(body(depth - 1));
        }
        variables.subList(scope, variables.size()).clear();
        return out.append(in("end")).toString();
    }
}
