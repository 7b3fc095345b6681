// SPDX-License-Identifier: Apache-2.0
package dev.puna.template;

import static dev.puna.template.Function.Parameter.ANY;
import static dev.puna.template.Function.Parameter.REFLECTED;
import static dev.puna.template.Function.Parameter.STRING;

import dev.puna.template.value.GoPanic;
import dev.puna.template.value.Kind;
import dev.puna.template.value.Printer;
import dev.puna.template.value.Value;
import dev.puna.template.value.Value.Text;
import dev.puna.template.value.ValueJson;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The functions of Go's templates and those that Ollama adds. {@code and}, {@code or} and {@code call} are here for their
 * parameters; the evaluator runs them itself.
 */
final class Functions {
    private static final Function.Body RUN_BY_EVALUATOR = (_, _) -> Value.None.VALUE;

    /** By name. */
    static final Map<String, Function> ALL = Map.ofEntries(
            Map.entry("and", new Function(List.of(REFLECTED), REFLECTED, RUN_BY_EVALUATOR)),
            Map.entry("or", new Function(List.of(REFLECTED), REFLECTED, RUN_BY_EVALUATOR)),
            Map.entry("call", new Function(List.of(REFLECTED), REFLECTED, RUN_BY_EVALUATOR)),
            Map.entry("not", fixed(values -> Value.of(!Truth.of(values.getFirst())), REFLECTED)),
            Map.entry("len", fixed(values -> Elements.length(values.getFirst()), REFLECTED)),
            Map.entry("index", new Function(List.of(REFLECTED), REFLECTED, simple(Elements::index))),
            Map.entry("slice", new Function(List.of(REFLECTED), REFLECTED, simple(Elements::slice))),
            Map.entry(
                    "eq",
                    new Function(List.of(REFLECTED), REFLECTED, simple(values -> Value.of(Comparison.equal(values))))),
            Map.entry("ne", comparison(values -> !Comparison.equal(values))),
            Map.entry("lt", comparison(Comparison::less)),
            Map.entry("le", comparison(values -> Comparison.less(values) || Comparison.equal(values))),
            Map.entry("gt", comparison(values -> !(Comparison.less(values) || Comparison.equal(values)))),
            Map.entry("ge", comparison(values -> !Comparison.less(values))),
            Map.entry("print", any(Functions::printed)),
            Map.entry("println", any((values, most) -> {
                var out = new StringBuilder();
                new Printer(out, most).printLine(values);
                return new Text(out.toString());
            })),
            Map.entry("printf", new Function(List.of(STRING), ANY, (values, most) -> {
                var out = new StringBuilder();
                var format = ((Text) values.getFirst()).bytes();
                new Printer(out, most).printFormat(format, values.subList(1, values.size()));
                return new Text(out.toString());
            })),
            Map.entry("html", any((values, most) -> new Text(Escapes.html(plain(values, most))))),
            Map.entry("js", any((values, most) -> new Text(Escapes.javaScript(plain(values, most))))),
            Map.entry("urlquery", any((values, most) -> new Text(Escapes.urlQuery(plain(values, most))))),
            Map.entry("json", fixed(values -> new Text(ValueJson.of(values.getFirst())), ANY)),
            Map.entry("toTypeScriptType", fixed(values -> typeScript(values.getFirst()), ANY)),
            Map.entry("currentDate", new Function(List.of(), STRING, (_, _) -> date(0))),
            Map.entry("yesterdayDate", new Function(List.of(), STRING, (_, _) -> date(1))));

    /** Those that write letters as several, and do so again and again where one is given to the other. */
    static final Set<String> ESCAPING = Set.of("html", "js", "urlquery", "json");

    private Functions() {}

    private static Function any(Function.Body body) {
        return new Function(List.of(), ANY, body);
    }

    private static Function fixed(Unprinted body, Function.Parameter... parameters) {
        return new Function(List.of(parameters), null, simple(body));
    }

    /** What a function does that prints nothing. */
    private interface Unprinted {
        Value apply(List<Value> values);
    }

    private static Function.Body simple(Unprinted body) {
        return (values, _) -> body.apply(values);
    }

    /** A question about two values. */
    private interface Question {
        boolean ask(List<Value> values);
    }

    private static Function comparison(Question question) {
        return fixed(values -> Value.of(question.ask(values)), REFLECTED, REFLECTED);
    }

    private static Value printed(List<Value> values, int most) {
        var out = new StringBuilder();
        new Printer(out, most).print(values);
        return new Text(out.toString());
    }

    /** Values as text the way a template prints them. */
    private static String plain(List<Value> values, int most) {
        if (values.size() == 1 && values.getFirst() instanceof Text(var bytes)) {
            return bytes;
        }
        var out = new StringBuilder();
        var printable = new ArrayList<Value>(values.size());
        values.forEach(value -> printable.add(printable(value)));
        new Printer(out, most).print(printable);
        return out.toString();
    }

    /** What is printed for a value: what a pointer points to, a text of its own for no value. */
    static Value printable(Value value) {
        var target = value.kind() == Kind.POINTER ? Indirection.of(value).value() : value;
        return target.kind() == Kind.INVALID ? new Text("<no value>") : target;
    }

    private static Value typeScript(Value value) {
        var target = Indirection.of(value).value();
        var method = target.kind() == Kind.STRUCT ? target.type().methods().get("ToTypeScriptType") : null;
        return new Text(method == null ? "any" : method.apply(target));
    }

    private static Value date(int daysAgo) {
        return new Text(LocalDate.now(java.time.ZoneId.systemDefault())
                .minusDays(daysAgo)
                .toString());
    }

    /** Calls what is no function, since templates' data holds none. */
    static GoPanic notCallable(String source, Value called) {
        var value = called.bare();
        return new GoPanic(
                value.kind() == Kind.INVALID
                        ? "call of nil"
                        : "non-function " + source + " of type " + value.type().name());
    }
}
