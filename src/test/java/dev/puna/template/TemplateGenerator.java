// SPDX-License-Identifier: Apache-2.0
package dev.puna.template;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Random templates: most make sense, some fail while they run, some are broken on purpose. */
final class TemplateGenerator {
    private static final List<String> NUMBERS = List.of(
            "0",
            "1",
            "2",
            "3",
            "-1",
            "10",
            "0x1F",
            "0b101",
            "0o17",
            "017",
            "1_000",
            "0x_ff",
            "'a'",
            "'\\n'",
            "'\\''",
            "'\u65e5'",
            "1.5",
            "-2.5",
            "1e3",
            "1e6",
            "1e21",
            "1_0.5",
            ".5",
            "1.",
            "0x1p4",
            "1e-7",
            "+5",
            "1i",
            "1+2i",
            "-0x1e",
            "9223372036854775807",
            "0x1.8p1");
    private static final List<String> BAD_NUMBERS = List.of(
            "9223372036854775808",
            "99999999999999999999",
            "089",
            "1__0",
            "0x",
            "'ab'",
            "''",
            "1e999",
            "0xg",
            "1.2.3",
            "1_",
            "'\\q'",
            "1x");
    private static final List<String> STRINGS = List.of(
            "\"\"",
            "\"a\"",
            "\"user\"",
            "\"x\\ty\\n\"",
            "`raw\\n`",
            "\"\\x41\\u00e9\\U0001F600\\101\"",
            "\"\u00e9\"",
            "\"<&'>\"",
            "`a\nb`",
            "\"\\xff\"",
            "\"abc def\"",
            "\"s\"",
            "\"m\"");
    private static final List<String> BAD_STRINGS =
            List.of("\"\\q\"", "\"\\x4\"", "\"\\ud800\"", "\"\\400\"", "\"a\nb\"", "\"open", "`open");
    private static final List<String> FORMATS = List.of(
            "%v",
            "%d",
            "%s",
            "%q",
            "%x",
            "%X",
            "%5d|",
            "%-5d|",
            "%05d",
            "%+d",
            "% d",
            "%#x",
            "%#v",
            "%+v",
            "%T",
            "%t",
            "%f",
            "%.2f",
            "%8.3f|",
            "%e",
            "%g",
            "%G",
            "%b",
            "%o",
            "%O",
            "%c",
            "%U",
            "%#U",
            "%5s|",
            "%-5s|",
            "%.2s",
            "%%",
            "%z",
            "%!",
            "%",
            "%[2]v",
            "%[1]v %[1]v",
            "%*d",
            "%.*f",
            "%6.2f%%",
            "%#q",
            "%+q",
            "% x",
            "%# x",
            "%#o",
            "%08.3f",
            "%+.3e",
            "%E",
            "%F",
            "%[3]v",
            "%[x]v",
            "%-08d|",
            "%w",
            "%#g",
            "%.3g",
            "%.0f",
            "%#.0f",
            "%+05d",
            "%x|%X",
            "%6q",
            "%06x",
            "%.10d",
            "%.0d",
            "%[2]*[1]d",
            "%.[2]*f",
            "%#.3x",
            "%s %v",
            "%v %v",
            "%3c|",
            "%-3c|",
            "%020.5g",
            "%300d|%d",
            "%100000001d");
    private static final List<String> FUNCTIONS = List.of(
            "len",
            "not",
            "print",
            "println",
            "html",
            "js",
            "urlquery",
            "json",
            "toTypeScriptType",
            "and",
            "or",
            "eq",
            "ne",
            "lt",
            "le",
            "gt",
            "ge",
            "index",
            "slice",
            "printf",
            "call",
            "index",
            "slice",
            "printf",
            "eq",
            "currentDate");
    private static final List<String> TEXTS = List.of(
            "text",
            " ",
            "\n",
            "  \n\t",
            "<|im_start|>",
            "{ ",
            "}",
            "}}",
            "a\nb",
            "\u00e9\u65e5",
            "",
            " x ",
            "-",
            "{ { ",
            "%d",
            "\r\n");

    private final RandomGenerator random;
    private final List<String> variables = new ArrayList<>();
    private int loops;
    private boolean tame;
    private int blocks;
    private boolean defined;

    TemplateGenerator(RandomGenerator random) {
        this.random = random;
    }

    String template() {
        variables.clear();
        variables.add("$");
        loops = 0;
        defined = false;
        tame = random.nextInt(4) > 0;
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
            variables.clear();
            variables.add("$");
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
                        + pick(List.of(
                                "{{", "}}", "(", ")", "|", "\"", "$", ".", ",", "=", ":=", "#", " ", "-", "/*", "end",
                                "\\"))
                        + template.substring(at);
            default ->
                template
                        + pick(List.of(
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
        var scope = variables.size();
        var out = new StringBuilder();
        for (var i = 1 + random.nextInt(3); i > 0; i--) {
            out.append(pick(TEXTS)).append(action(depth));
        }
        variables.subList(scope, variables.size()).clear();
        return out.append(pick(TEXTS)).toString();
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
            case 0, 1, 2, 3, 4 -> in(pipeline(2));
            case 5 -> declaration();
            case 6 -> random.nextBoolean() ? "{{/* comment */}}" : "{{- /* a\nb */ -}}";
            case 7 -> loops > 0 && random.nextBoolean() ? in(pick(List.of("break", "continue"))) : in(pipeline(1));
            case 8, 9 -> branch("if", depth);
            case 10 -> branch("with", depth);
            case 11, 12, 13 -> range(depth);
            case 14 ->
                tame && !defined
                        ? in(pipeline(2))
                        : in("template \"" + (tame ? "T" : pick(List.of(defined ? "T" : "nope", "nope"))) + "\" "
                                + argument());
            default -> in("block \"B" + (tame ? blocks++ : "") + "\" " + argument()) + scoped(depth - 1) + in("end");
        };
    }

    private String argument() {
        return tame ? "$" : operand(1);
    }

    /** A body from which no variable and no loop around can be seen. */
    private String scoped(int depth) {
        var outer = List.copyOf(variables);
        var outerLoops = loops;
        variables.clear();
        variables.add("$");
        loops = 0;
        var body = body(depth);
        variables.clear();
        variables.addAll(outer);
        loops = outerLoops;
        return body;
    }

    private String declaration() {
        if (variables.size() > 1 && random.nextInt(2) == 0) {
            return in(pick(variables.subList(1, variables.size())) + " = " + pipeline(1));
        }
        var pipeline = pipeline(1);
        var name = "$v" + variables.size();
        variables.add(name);
        return in(name + " := " + pipeline);
    }

    /** A command that should work, whatever the data. */
    private String tameCall(int depth) {
        var any = tameOperand(depth - 1);
        var other = tameOperand(depth - 1);
        return switch (random.nextInt(16)) {
            case 0 -> "len " + pick(List.of("$.s", "$.u", "$.l", "$.ls", "$.m", "$.ms", "$.d"));
            case 1 -> pick(List.of("not", "json", "html", "js", "urlquery", "print", "println")) + " " + any;
            case 2, 3 -> pick(List.of("and", "or", "print", "println", "html")) + " " + any + " " + other;
            case 4 ->
                pick(List.of("eq", "ne", "lt", "le", "gt", "ge")) + " $.s " + pick(List.of("$.u", "\"user\"", "\"b\""));
            case 5 ->
                pick(List.of("eq", "ne", "lt", "le", "gt", "ge")) + " $.n "
                        + pick(List.of("1", "$.k", "(len $.ls)", "0x41"));
            case 6 -> pick(List.of("eq", "ne", "lt", "le", "gt", "ge")) + " $.f " + pick(List.of("1.5", "$.g", "1e6"));
            case 7 -> pick(List.of("eq", "ne")) + " " + pick(List.of("$.z", "nil", "$.z")) + " " + any;
            case 8 -> "index $.m " + pick(List.of("\"s\"", "$.s", "\"l\"", "`x`"));
            case 9 -> "slice $.s 0 " + pick(List.of("0", "(len $.s)", ""));
            case 10 -> "slice $.l " + pick(List.of("0", "(len $.l)", "", "0 0", "0 0 0"));
            default -> "printf " + format() + " " + any + (random.nextInt(3) == 0 ? " " + other : "");
        };
    }

    private String format() {
        if (random.nextInt(3) > 0) {
            return "\"" + pick(FORMATS) + "\"";
        }
        var out = new StringBuilder("\"<%");
        for (var i = random.nextInt(3); i > 0; i--) {
            out.append(pick(List.of("+", "-", "#", "0", " ")));
        }
        out.append(pick(List.of("", "", "6", "12", "*", "[1]", "3")));
        out.append(pick(List.of("", "", ".", ".2", ".0", ".10", ".*")));
        return out.append("vdsqxXfFeEgGbtTcUoO".charAt(random.nextInt(19)))
                .append(">\"")
                .toString();
    }

    private String tameOperand(int depth) {
        return switch (random.nextInt(depth > 0 ? 12 : 9)) {
            case 0, 1, 2, 3, 4 -> "$." + pick(SampleData.KEYS);
            case 5 -> ".";
            case 6 -> pick(variables);
            case 7 -> pick(NUMBERS);
            case 8 -> pick(STRINGS);
            default -> "(" + tameCall(depth) + ")";
        };
    }

    private String branch(String word, int depth) {
        var scope = variables.size();
        var declares = random.nextInt(4) == 0;
        var condition = pipeline(2);
        if (declares) {
            variables.add("$w");
        }
        var out = new StringBuilder(in(word + " " + (declares ? "$w := " : "") + condition)).append(body(depth - 1));
        if (random.nextInt(3) == 0) {
            out.append(in("else " + word + " " + pipeline(1))).append(body(depth - 1));
        }
        if (random.nextInt(2) == 0) {
            out.append(in("else")).append(body(depth - 1));
        }
        variables.subList(scope, variables.size()).clear();
        return out.append(in("end")).toString();
    }

    private String range(int depth) {
        var scope = variables.size();
        var over = !tame && random.nextInt(3) == 0
                ? pipeline(1)
                : pick(
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

    private String pipeline(int depth) {
        var out = new StringBuilder(command(depth));
        for (var i = random.nextInt(5) - 2; i > 0; i--) {
            out.append(random.nextBoolean() ? " | " : "|")
                    .append(
                            tame
                                    ? pick(List.of(
                                            "json",
                                            "print",
                                            "html",
                                            "not",
                                            "printf \"%v|%s\" 1",
                                            "js",
                                            "printf \"%q\"",
                                            "println"))
                                    : call(depth - 1));
        }
        return out.toString();
    }

    private String command(int depth) {
        if (tame) {
            return random.nextInt(5) < 2 ? tameOperand(depth) : tameCall(depth);
        }
        return random.nextInt(5) < 2 ? operand(depth) : call(depth);
    }

    private String call(int depth) {
        var name = pick(FUNCTIONS);
        var out = new StringBuilder(name);
        if (name.equals("printf")) {
            out.append(random.nextInt(10) == 0 ? " " + operand(0) : " \"" + pick(FORMATS) + "\"");
        }
        var usual =
                switch (name) {
                    case "len", "not", "json", "html", "js", "urlquery", "toTypeScriptType" -> 1;
                    case "currentDate" -> 0;
                    default -> 2;
                };
        var count = random.nextInt(6) == 0 ? random.nextInt(4) : usual;
        for (var i = 0; i < count; i++) {
            out.append(' ').append(operand(depth - 1));
        }
        return out.toString();
    }

    private String operand(int depth) {
        return switch (random.nextInt(depth > 0 ? 18 : 14)) {
            case 0, 1, 2, 3, 4 -> "." + pick(SampleData.KEYS);
            case 5 -> "." + pick(SampleData.KEYS) + "." + pick(SampleData.KEYS);
            case 6 -> ".";
            case 7 -> pick(variables);
            case 8 -> pick(variables) + "." + pick(SampleData.KEYS);
            case 9, 10 -> pick(random.nextInt(30) == 0 ? BAD_NUMBERS : NUMBERS);
            case 11, 12 -> pick(random.nextInt(30) == 0 ? BAD_STRINGS : STRINGS);
            case 13 -> pick(List.of("true", "false", "nil", "true"));
            case 14 -> "(" + pipeline(depth - 1) + ")." + pick(SampleData.KEYS);
            default -> "(" + pipeline(depth - 1) + ")";
        };
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
