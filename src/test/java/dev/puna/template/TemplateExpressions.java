// SPDX-License-Identifier: Apache-2.0
package dev.puna.template;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Random pipelines, calls and operands. Tame ones should work whatever the data are; the others may name what is not there, or
 * hand a function what it does not take.
 */
final class TemplateExpressions {
    private final RandomGenerator random;
    private final List<String> variables = new ArrayList<>();
    private boolean tame;

    TemplateExpressions(RandomGenerator random) {
        this.random = random;
    }

    /** Begins a template: only {@code $} is declared. */
    void begin(boolean tame) {
        this.tame = tame;
        forgetVariables();
    }

    /** The declared variables in order, {@code $} first; the caller adds and removes as scopes begin and end. */
    List<String> variables() {
        return variables;
    }

    void forgetVariables() {
        variables.clear();
        variables.add("$");
    }

    String pipeline(int depth) {
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
        var name = pick(TemplateVocabulary.FUNCTIONS);
        var out = new StringBuilder(name);
        if (name.equals("printf")) {
            out.append(random.nextInt(10) == 0 ? " " + operand(0) : " \"" + pick(TemplateVocabulary.FORMATS) + "\"");
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

    String operand(int depth) {
        return switch (random.nextInt(depth > 0 ? 18 : 14)) {
            case 0, 1, 2, 3, 4 -> "." + pick(SampleData.KEYS);
            case 5 -> "." + pick(SampleData.KEYS) + "." + pick(SampleData.KEYS);
            case 6 -> ".";
            case 7 -> pick(variables);
            case 8 -> pick(variables) + "." + pick(SampleData.KEYS);
            case 9, 10 -> pick(random.nextInt(30) == 0 ? TemplateVocabulary.BAD_NUMBERS : TemplateVocabulary.NUMBERS);
            case 11, 12 -> pick(random.nextInt(30) == 0 ? TemplateVocabulary.BAD_STRINGS : TemplateVocabulary.STRINGS);
            case 13 -> pick(List.of("true", "false", "nil", "true"));
            case 14 -> "(" + pipeline(depth - 1) + ")." + pick(SampleData.KEYS);
            default -> "(" + pipeline(depth - 1) + ")";
        };
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

    private String tameOperand(int depth) {
        return switch (random.nextInt(depth > 0 ? 12 : 9)) {
            case 0, 1, 2, 3, 4 -> "$." + pick(SampleData.KEYS);
            case 5 -> ".";
            case 6 -> pick(variables);
            case 7 -> pick(TemplateVocabulary.NUMBERS);
            case 8 -> pick(TemplateVocabulary.STRINGS);
            default -> "(" + tameCall(depth) + ")";
        };
    }

    private String format() {
        if (random.nextInt(3) > 0) {
            return "\"" + pick(TemplateVocabulary.FORMATS) + "\"";
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

    <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
