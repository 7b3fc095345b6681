// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama.binding;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.GroupLayout;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.PaddingLayout;
import java.lang.foreign.SequenceLayout;
import java.lang.foreign.UnionLayout;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a native image must know of the calls that go to native code and come from it: the shape of each, taken from the descriptors
 * that the bindings hold in static fields. Source: GraalVM 25, "Foreign Function and Memory API in Native Image".
 */
final class ForeignMetadata {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Map<String, ObjectNode> downcalls = new TreeMap<>();
    private final Map<String, ObjectNode> upcalls = new TreeMap<>();
    private final Map<String, ObjectNode> reflection = new TreeMap<>();

    /** Takes in a class and all inside of it. */
    void add(Class<?> binding) throws ReflectiveOperationException {
        for (var field : binding.getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType() == FunctionDescriptor.class) {
                field.setAccessible(true);
                add(binding, (FunctionDescriptor) field.get(null));
            }
        }
        for (var inner : binding.getDeclaredClasses()) {
            add(inner);
        }
    }

    /** A class of jextract's that has an interface for what is called back also calls by pointer, when it is initialised. */
    private void add(Class<?> binding, FunctionDescriptor descriptor) {
        var shape = shape(descriptor);
        downcalls.put(shape.toString(), shape);
        Stream.of(binding.getDeclaredClasses()).filter(Class::isInterface).forEach(called -> {
            upcalls.put(shape.toString(), shape);
            var type = JSON.createObjectNode().put("type", called.getName());
            type.putArray("methods").addObject().put("name", "apply").putPOJO("parameterTypes", carriers(descriptor));
            reflection.put(called.getName(), type);
        });
    }

    /** The whole file, its entries in order. */
    String asJson() throws JsonProcessingException {
        var file = JSON.createObjectNode();
        file.putArray("reflection").addAll(reflection.values());
        var foreign = file.putObject("foreign");
        foreign.putArray("downcalls").addAll(downcalls.values());
        foreign.putArray("upcalls").addAll(upcalls.values());
        return JSON.writeValueAsString(file) + "\n";
    }

    private static List<String> carriers(FunctionDescriptor descriptor) {
        return descriptor.toMethodType().parameterList().stream()
                .map(Class::getName)
                .toList();
    }

    private static ObjectNode shape(FunctionDescriptor descriptor) {
        var shape = JSON.createObjectNode();
        shape.put(
                "returnType",
                descriptor.returnLayout().map(ForeignMetadata::word).orElse("void"));
        var parameters = shape.putArray("parameterTypes");
        descriptor.argumentLayouts().forEach(layout -> parameters.add(word(layout)));
        return shape;
    }

    private static String word(MemoryLayout layout) {
        return switch (layout) {
            case AddressLayout _ -> "void*";
            case ValueLayout.OfBoolean _ -> "bool";
            case ValueLayout.OfByte _ -> "char";
            case ValueLayout.OfChar _ -> "jchar";
            case ValueLayout.OfShort _ -> "short";
            case ValueLayout.OfInt _ -> "int";
            case ValueLayout.OfLong _ -> "long long";
            case ValueLayout.OfFloat _ -> "float";
            case ValueLayout.OfDouble _ -> "double";
            case PaddingLayout padding -> "padding(%d)".formatted(padding.byteSize());
            case SequenceLayout list -> "sequence(%d, %s)".formatted(list.elementCount(), word(list.elementLayout()));
            case GroupLayout group ->
                group.memberLayouts().stream()
                        .map(ForeignMetadata::word)
                        .collect(Collectors.joining(", ", group instanceof UnionLayout ? "union(" : "struct(", ")"));
        };
    }
}
