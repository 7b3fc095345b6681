// SPDX-License-Identifier: Apache-2.0
package dev.puna.process;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A child to be started, as {@code puna_process.h} wants it told. The child ends with the thread that starts it. */
record ChildPlan(ChildCommand command, List<Inheritable> inherited, ChildBounds bounds) {
    /** Of {@code struct puna_plan}, in words of 8 bytes. */
    private static final int PROGRAM = 0;

    private static final int ARGUMENTS = 1;
    private static final int ENVIRONMENT = 2;
    private static final int DESCRIPTORS = 3;
    private static final int DESCRIPTOR_COUNT = 4;
    private static final int LIMITS = 5;
    private static final int LIMIT_COUNT = 6;
    private static final int LOCK = 7;
    private static final int PLAN_WORDS = 8;

    /** Of {@code struct puna_child}, in words of 4 bytes. */
    private static final int PID = 0;

    private static final int OUTPUT = 1;
    private static final int IDENTITY = 2;
    private static final int LOCKS = 3;
    private static final int STEP = 4;
    private static final int CHILD_WORDS = 5;

    /** The steps of {@code enum puna_step} that fail for reasons of their own. */
    private static final int STEP_DESCRIPTORS = 3;

    private static final int STEP_LIMITS = 4;
    private static final int STEP_PROGRAM = 6;

    ChildPlan {
        inherited = List.copyOf(inherited);
    }

    ChildHandle spawn() throws IOException {
        var used = new ArrayList<Descriptor>();
        try (var arena = Arena.ofConfined()) {
            var numbers = arena.allocate(JAVA_INT, Math.max(1, inherited.size()));
            for (var item : inherited) {
                numbers.setAtIndex(JAVA_INT, used.size(), item.descriptor().use());
                used.add(item.descriptor());
            }
            var child = arena.allocate(JAVA_INT, CHILD_WORDS);
            var result = ProcessLibrary.functions().spawn(plan(arena, numbers), child);
            if (result < 0) {
                throw new IOException("cannot start " + command.program() + ": "
                        + reason(child.getAtIndex(JAVA_INT, STEP), SystemError.text(-result)));
            }
            return new ChildHandle(
                    child.getAtIndex(JAVA_INT, PID),
                    child.getAtIndex(JAVA_INT, OUTPUT),
                    child.getAtIndex(JAVA_INT, IDENTITY),
                    child.getAtIndex(JAVA_INT, LOCKS));
        } finally {
            used.forEach(Descriptor::end);
        }
    }

    private MemorySegment plan(Arena arena, MemorySegment numbers) {
        var plan = arena.allocate(JAVA_LONG, PLAN_WORDS);
        plan.setAtIndex(ADDRESS, PROGRAM, arena.allocateFrom(command.program()));
        plan.setAtIndex(ADDRESS, ARGUMENTS, list(arena, command.arguments().stream()));
        plan.setAtIndex(
                ADDRESS,
                ENVIRONMENT,
                list(
                        arena,
                        command.environment().entrySet().stream()
                                .map(variable -> variable.getKey() + "=" + variable.getValue())));
        plan.setAtIndex(ADDRESS, DESCRIPTORS, numbers);
        plan.setAtIndex(JAVA_LONG, DESCRIPTOR_COUNT, inherited.size());
        plan.setAtIndex(ADDRESS, LIMITS, limits(arena));
        plan.setAtIndex(JAVA_LONG, LIMIT_COUNT, bounds.limits().size());
        plan.setAtIndex(ADDRESS, LOCK, bounds.lock().prepared());
        return plan;
    }

    private MemorySegment limits(Arena arena) {
        var pairs = bounds.limits().entrySet().stream()
                .flatMap(limit -> Stream.of((long) limit.getKey().number(), limit.getValue()))
                .mapToLong(Long::longValue)
                .toArray();
        return arena.allocateFrom(JAVA_LONG, pairs);
    }

    private static MemorySegment list(Arena arena, Stream<String> texts) {
        var addresses = texts.map(arena::allocateFrom).toList();
        var list = arena.allocate(ADDRESS, addresses.size() + 1L);
        for (var i = 0; i < addresses.size(); i++) {
            list.setAtIndex(ADDRESS, i, addresses.get(i));
        }
        return list;
    }

    private static String reason(int step, String text) {
        return switch (step) {
            case STEP_DESCRIPTORS -> "it cannot be given its descriptors (" + text + "); raise the limit of open files";
            case STEP_LIMITS -> "its limits cannot be set (" + text + ")";
            case STEP_PROGRAM ->
                text + "; check that the file is there, is a program of this machine and may be executed";
            default -> text;
        };
    }
}
