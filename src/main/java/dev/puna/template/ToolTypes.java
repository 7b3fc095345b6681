// SPDX-License-Identifier: Apache-2.0
package dev.puna.template;

import dev.puna.chat.ToolCall;
import dev.puna.chat.ToolDefinition;
import dev.puna.template.value.Kind;
import dev.puna.template.value.Type;
import dev.puna.template.value.Type.Field;
import dev.puna.template.value.Value;
import dev.puna.template.value.Value.Listing;
import dev.puna.template.value.Value.Mapping;
import dev.puna.template.value.Value.None;
import dev.puna.template.value.Value.Struct;
import dev.puna.template.value.Value.Text;
import dev.puna.template.value.ValueJson;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tools and calls of tools as templates see them: structs whose fields are Ollama's, which print as JSON. Fields that Ollama does not
 * know are left out; properties and arguments come in the order of their names, properties of
 * properties as they were written. Source: contract 1.4 and 8.2.
 */
final class ToolTypes {
    private static final Type PROPERTY_TYPE = Type.slice("api.PropertyType", Type.STRING)
            .with("String", ToolTypes::typeName)
            .with("MarshalJSON", ToolTypes::typeJson);
    private static final Type PROPERTY = Type.struct(
                    "api.ToolProperty",
                    new Field("AnyOf", "anyOf", true, Type.LIST),
                    new Field("Type", "type", true, PROPERTY_TYPE),
                    new Field("Items", "items", true, Type.ANY),
                    new Field("Description", "description", true, Type.STRING),
                    new Field("Enum", "enum", true, Type.LIST),
                    new Field("Properties", "properties", true, Type.OBJECT),
                    new Field("Required", "required", true, Type.STRINGS))
            .with("ToTypeScriptType", ToolTypes::typeScript);
    private static final Type PROPERTIES =
            Type.map("api.templateProperties", PROPERTY).with("String", ValueJson::of);
    private static final Type PARAMETERS = Type.struct(
                    "api.ToolFunctionParameters",
                    new Field("Type", "type", false, Type.STRING),
                    new Field("Defs", "$defs", true, Type.ANY),
                    new Field("Items", "items", true, Type.ANY),
                    new Field("Required", "required", true, Type.STRINGS),
                    new Field("Properties", "properties", false, PROPERTIES))
            .with("String", ValueJson::of);
    private static final Type FUNCTION = Type.struct(
                    "api.ToolFunction",
                    new Field("Name", "name", false, Type.STRING),
                    new Field("Description", "description", true, Type.STRING),
                    new Field("Parameters", "parameters", false, PARAMETERS))
            .with("String", ValueJson::of);
    private static final Type TOOL = Type.struct(
                    "api.Tool",
                    new Field("Type", "type", false, Type.STRING),
                    new Field("Items", "items", true, Type.ANY),
                    new Field("Function", "function", false, FUNCTION))
            .with("String", ValueJson::of);
    private static final Type TOOLS = Type.slice("api.Tools", TOOL).with("String", ValueJson::of);

    private static final Type ARGUMENTS =
            Type.map("api.ToolCallFunctionArguments", Type.ANY).with("String", ValueJson::of);
    private static final Type CALLED = Type.struct(
            "api.ToolCallFunction",
            new Field("Index", "index", false, Type.INT),
            new Field("Name", "name", false, Type.STRING),
            new Field("Arguments", "arguments", false, ARGUMENTS));
    private static final Type CALL = Type.struct(
            "api.ToolCall", new Field("ID", "id", true, Type.STRING), new Field("Function", "function", false, CALLED));

    /** A list of calls. */
    static final Type CALLS = Type.slice("[]api.ToolCall", CALL);

    private ToolTypes() {}

    /** Tools of a conversation. */
    static Value tools(List<ToolDefinition> tools) {
        return tools.isEmpty()
                ? Listing.absent(TOOLS)
                : Listing.of(
                        TOOLS,
                        tools.stream()
                                .map(tool -> tool(JsonReader.readAsWritten(tool.json())))
                                .toList());
    }

    /** Calls of a message. */
    static Value calls(List<ToolCall> calls) {
        return calls.isEmpty()
                ? Listing.absent(CALLS)
                : Listing.of(CALLS, calls.stream().map(ToolTypes::call).toList());
    }

    private static Value call(ToolCall call) {
        var arguments = JsonReader.read(call.arguments()) instanceof Mapping map
                ? new Mapping(ARGUMENTS, map.entries(), false)
                : Mapping.absent(ARGUMENTS);
        var function = new Struct(CALLED, List.of(Value.of(call.index()), Value.of(call.name()), arguments));
        return new Struct(CALL, List.of(Value.of(call.id()), function));
    }

    private static Value tool(Value json) {
        return new Struct(TOOL, List.of(text(json, "type"), any(json, "items"), function(child(json, "function"))));
    }

    private static Value function(@Nullable Value json) {
        var parameters = child(json, "parameters");
        return new Struct(
                FUNCTION,
                List.of(
                        text(json, "name"),
                        text(json, "description"),
                        new Struct(
                                PARAMETERS,
                                List.of(
                                        text(parameters, "type"),
                                        any(parameters, "$defs"),
                                        any(parameters, "items"),
                                        strings(parameters, "required"),
                                        properties(
                                                child(parameters, "properties"),
                                                PROPERTIES,
                                                Comparator.naturalOrder())))));
    }

    private static Value properties(@Nullable Value json, Type type, @Nullable Comparator<? super String> order) {
        if (!(json instanceof Mapping map)) {
            return Mapping.absent(type);
        }
        var properties =
                new TreeMap<String, Value>(order == null ? map.entries().comparator() : order);
        map.entries().forEach((name, property) -> properties.put(name, property(property)));
        return new Mapping(type, Collections.unmodifiableSortedMap(properties), false);
    }

    private static Value property(Value json) {
        var anyOf = child(json, "anyOf") instanceof Listing list
                ? Listing.of(
                        Type.slice("[]api.ToolProperty", PROPERTY),
                        list.backing().stream().map(ToolTypes::property).toList())
                : Listing.absent(Type.slice("[]api.ToolProperty", PROPERTY));
        var type = child(json, "type");
        var types =
                type instanceof Text ? List.of(type) : type instanceof Listing list ? list.backing() : List.<Value>of();
        return new Struct(
                PROPERTY,
                List.of(
                        anyOf,
                        Listing.of(PROPERTY_TYPE, types),
                        any(json, "items"),
                        text(json, "description"),
                        child(json, "enum") instanceof Listing list
                                ? JsonReader.sorted(list)
                                : Listing.absent(Type.LIST),
                        properties(child(json, "properties"), Type.map("map[string]api.ToolProperty", PROPERTY), null),
                        strings(json, "required")));
    }

    private static @Nullable Value child(@Nullable Value json, String key) {
        return json instanceof Mapping map ? map.entries().get(key) : null;
    }

    private static Value any(@Nullable Value json, String key) {
        var child = child(json, key);
        return child == null ? None.VALUE : JsonReader.sorted(child);
    }

    private static Value text(@Nullable Value json, String key) {
        return child(json, key) instanceof Text text ? text : Text.EMPTY;
    }

    private static Value strings(@Nullable Value json, String key) {
        return child(json, key) instanceof Listing list
                        && list.backing().stream().allMatch(Text.class::isInstance)
                ? Listing.of(Type.STRINGS, list.backing())
                : Listing.absent(Type.STRINGS);
    }

    private static List<String> names(Value types) {
        var names = new ArrayList<String>();
        if (types instanceof Listing list) {
            for (var element : list.backing()) {
                names.add(element instanceof Text(var bytes) ? bytes : "");
            }
        }
        return names;
    }

    private static String typeName(Value types) {
        var names = names(types);
        return names.size() == 1 ? names.getFirst() : names.isEmpty() ? "" : "[" + String.join(" ", names) + "]";
    }

    private static String typeJson(Value types) {
        return types instanceof Listing list && list.size() == 1
                ? ValueJson.of(list.get(0))
                : types instanceof Listing list ? ValueJson.of(Listing.of(Type.STRINGS, list.backing())) : "null";
    }

    private static String typeScript(Value property) {
        if (!(property instanceof Struct struct)) {
            return "any";
        }
        if (struct.get("AnyOf") instanceof Listing choices && choices.size() > 0) {
            return choices.backing().stream().map(ToolTypes::typeScript).collect(Collectors.joining(" | "));
        }
        var types = struct.get("Type");
        var names = types != null && types.kind() == Kind.SLICE ? names(types) : List.<String>of();
        return names.isEmpty()
                ? "any"
                : names.stream().map(ToolTypes::typeScriptName).collect(Collectors.joining(" | "));
    }

    private static String typeScriptName(String type) {
        return switch (type.toLowerCase(Locale.ROOT)) {
            case "string" -> "string";
            case "number", "integer" -> "number";
            case "boolean" -> "boolean";
            case "array" -> "any[]";
            case "object" -> "Record<string, any>";
            case "null" -> "null";
            default -> "any";
        };
    }
}
