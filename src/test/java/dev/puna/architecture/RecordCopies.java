// SPDX-License-Identifier: Apache-2.0
package dev.puna.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.RecordAttribute;
import java.lang.classfile.attribute.RecordComponentInfo;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.constant.DirectMethodHandleDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads from compiled classes which collections a record is made of, and whether its canonical constructor copies each: what
 * it stores must come out of {@code copyOf}, out of {@code Collections.unmodifiable…(new …(…))}, or out of a method of this
 * project that returns such a value; for an {@code Optional}, out of {@code map} with one of those.
 */
final class RecordCopies {
    private static final Set<String> COPYING = Set.of("java/util/List", "java/util/Set", "java/util/Map");
    /** The collection that is a component or the value of an optional one. */
    private static final Pattern COLLECTION = Pattern.compile("(?:Ljava/util/Optional<[+-]?)?L(java/util/\\w+)[<;].*");

    private final Path classes;

    /**
     * @param classes the folder of compiled classes
     */
    RecordCopies(Path classes) {
        this.classes = classes;
    }

    /** The records of the folder. */
    List<ClassModel> records() {
        try (Stream<Path> files = Files.walk(classes)) {
            return files.filter(file -> file.toString().endsWith(".class"))
                    .map(RecordCopies::parsed)
                    .filter(type -> type.findAttribute(Attributes.record()).isPresent())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Names of the components that are collections, or may hold one. */
    static Set<String> collections(ClassModel record) {
        return components(record)
                .filter(component -> isCollection(signature(component)))
                .map(component -> component.name().stringValue())
                .collect(Collectors.toSet());
    }

    /** Names of the components of which the canonical constructor keeps a copy. */
    Set<String> copied(ClassModel record) {
        var descriptor = components(record)
                .map(component -> component.descriptor().stringValue())
                .collect(Collectors.joining("", "(", ")V"));
        var code = instructions(record, "<init>", descriptor);
        var variables = new HashSet<Integer>();
        var copied = new HashSet<String>();
        for (int i = 1; i < code.size(); i++) {
            boolean isCopy = isCopy(code, i - 1);
            if (code.get(i) instanceof StoreInstruction store) {
                if (isCopy) {
                    variables.add(store.slot());
                } else {
                    variables.remove(store.slot());
                }
            } else if (code.get(i) instanceof FieldInstruction field
                    && (isCopy
                            || (code.get(i - 1) instanceof LoadInstruction load && variables.contains(load.slot())))) {
                copied.add(field.name().stringValue());
            }
        }
        return copied;
    }

    private static Stream<RecordComponentInfo> components(ClassModel record) {
        return record.findAttribute(Attributes.record()).map(RecordAttribute::components).stream()
                .flatMap(List::stream);
    }

    private static String signature(RecordComponentInfo component) {
        return component
                .findAttribute(Attributes.signature())
                .map(generic -> generic.signature().stringValue())
                .orElse(component.descriptor().stringValue());
    }

    private static boolean isCollection(String signature) {
        var match = COLLECTION.matcher(signature);
        if (!match.matches()) {
            return false;
        }
        try {
            var type = Class.forName(match.group(1).replace('/', '.'));
            return Collection.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether what an instruction leaves is a copy that nobody changes. */
    private boolean isCopy(List<Instruction> code, int index) {
        if (!(code.get(index) instanceof InvokeInstruction call)) {
            return false;
        }
        var owner = call.owner().asInternalName();
        var name = call.name().stringValue();
        if (owner.equals("java/util/Collections") && name.startsWith("unmodifiable")) {
            return code.get(index - 1) instanceof InvokeInstruction made
                    && made.name().equalsString("<init>");
        }
        if (owner.equals("java/util/Optional") && name.equals("map")) {
            return code.get(index - 1) instanceof InvokeDynamicInstruction lambda
                    && lambda.bootstrapArgs().get(1) instanceof DirectMethodHandleDesc body
                    && returnsCopy(internalName(body), body.methodName(), body.lookupDescriptor());
        }
        return returnsCopy(owner, name, call.type().stringValue());
    }

    private boolean returnsCopy(String owner, String name, String descriptor) {
        if (COPYING.contains(owner)) {
            return name.equals("copyOf");
        }
        var file = classes.resolve(owner + ".class");
        if (!Files.exists(file)) {
            return false;
        }
        var code = instructions(parsed(file), name, descriptor);
        for (int i = 1; i < code.size(); i++) {
            if (code.get(i) instanceof ReturnInstruction && !isCopy(code, i - 1)) {
                return false;
            }
        }
        return !code.isEmpty();
    }

    private static String internalName(DirectMethodHandleDesc method) {
        var descriptor = method.owner().descriptorString();
        return descriptor.substring(1, descriptor.length() - 1);
    }

    private static List<Instruction> instructions(ClassModel type, String method, String descriptor) {
        return type.methods().stream()
                .filter(each -> each.methodName().equalsString(method)
                        && each.methodType().equalsString(descriptor))
                .map(MethodModel::code)
                .flatMap(code -> code.orElseThrow().elementStream())
                .filter(Instruction.class::isInstance)
                .map(Instruction.class::cast)
                .toList();
    }

    private static ClassModel parsed(Path file) {
        try {
            return ClassFile.of().parse(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
