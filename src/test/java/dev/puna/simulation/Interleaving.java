// SPDX-License-Identifier: Apache-2.0
package dev.puna.simulation;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.List;

/**
 * Loads the classes whose threads share something anew, with a place before each call and each use of a field where the simulation may
 * let other threads go first, as a machine may anywhere. Not within {@code synchronized}: there it would wait for real.
 */
final class Interleaving extends ClassLoader {
    private static final List<String> CHANGED =
            List.of("dev.puna.engine.remote.", "dev.puna.engine.stream.", "dev.puna.scheduling.");

    /** Changed classes see these, and these see them. */
    private static final List<String> LOADED_ANEW = List.of(
            "dev.puna.simulation.", "dev.puna.engine.remote.", "dev.puna.engine.stream.", "dev.puna.scheduling.");

    private static final ClassDesc TIMELINE = ClassDesc.of("dev.puna.simulation.Timeline");
    private static final MethodTypeDesc NOTHING = MethodTypeDesc.of(ConstantDescs.CD_void);

    Interleaving() {
        super("interleaving", Interleaving.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (LOADED_ANEW.stream().noneMatch(name::startsWith)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            var known = findLoadedClass(name);
            return known != null ? known : define(name);
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        try (var stream =
                requireNonNull(getParent(), "a parent").getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (stream == null) {
                throw new ClassNotFoundException(name);
            }
            var bytes = stream.readAllBytes();
            var isChanged = CHANGED.stream().anyMatch(name::startsWith)
                    && !name.contains(".state.")
                    && !name.contains(".Simulated");
            var defined = isChanged ? changed(bytes) : bytes;
            return defineClass(name, defined, 0, defined.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] changed(byte[] bytes) {
        var file = ClassFile.of();
        return file.transformClass(
                file.parse(bytes),
                ClassTransform.transformingMethodBodies(Interleaving::mayYield, CodeTransform.ofStateful(Places::new)));
    }

    private static boolean mayYield(MethodModel method) {
        return !method.methodName().equalsString("<init>")
                && !method.methodName().equalsString("<clinit>")
                && !method.flags().has(AccessFlag.SYNCHRONIZED)
                && method.code().stream()
                        .flatMap(code -> code.elementStream())
                        .noneMatch(MonitorInstruction.class::isInstance);
    }

    /** Adds places. */
    private static final class Places implements CodeTransform {
        @Override
        public void accept(java.lang.classfile.CodeBuilder builder, java.lang.classfile.CodeElement element) {
            if (element instanceof InvokeInstruction || element instanceof FieldInstruction) {
                builder.invokestatic(TIMELINE, "maybeSwitch", NOTHING);
            }
            builder.with(element);
        }
    }
}
