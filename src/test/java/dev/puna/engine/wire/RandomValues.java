// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.wire;

import dev.puna.failure.Failure;
import dev.puna.model.IntList;
import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Values of any type that messages are made of, found by reflection, so that a new component or kind is among them by itself. */
public final class RandomValues {
    private static final int ATTEMPTS = 200;

    private final Random random;
    private final int longest;
    private final Set<Class<?>> made = new HashSet<>();

    /** Records under way: of one kind, no more than two hold each other. */
    private final List<Class<?>> within = new ArrayList<>();

    /**
     * Values that a seed decides.
     *
     * @param longest elements of a list, or bytes of a text; seldom many times that
     */
    public RandomValues(long seed, int longest) {
        random = new Random(seed);
        this.longest = longest;
    }

    /** Records and failures made so far, by their kinds. */
    Set<Class<?>> made() {
        return made;
    }

    public <T> T of(Class<T> type) {
        return type.cast(value(type));
    }

    private Object value(Type type) {
        return switch (type) {
            case ParameterizedType generic -> container(generic);
            case Class<?> plain -> plain(plain);
            default -> throw new AssertionError("no values of " + type);
        };
    }

    private Object container(ParameterizedType type) {
        var element = type.getActualTypeArguments()[0];
        Class<?> raw = (Class<?>) type.getRawType();
        if (raw == Optional.class) {
            return random.nextBoolean() ? Optional.of(value(element)) : Optional.empty();
        }
        var size = Collections.frequency(within, element) > 1 ? 0 : size(4);
        if (raw == List.class && element == Integer.class && random.nextBoolean()) {
            return new IntList(random.ints(size(longest)).toArray());
        }
        var values = Stream.generate(() -> value(element)).limit(size).toList();
        if (raw == List.class) {
            return values;
        }
        if (raw == Set.class) {
            return new HashSet<>(values);
        }
        if (raw == Map.class) {
            var map = new HashMap<Object, Object>();
            values.forEach(key -> map.put(key, value(type.getActualTypeArguments()[1])));
            return map;
        }
        throw new AssertionError("no values of " + type);
    }

    private Object plain(Class<?> type) {
        if (type == int.class || type == Integer.class) {
            return number();
        } else if (type == long.class) {
            return random.nextBoolean() ? random.nextLong() : number();
        } else if (type == float.class || type == Float.class) {
            return Float.intBitsToFloat(random.nextInt());
        } else if (type == double.class) {
            return Double.longBitsToDouble(random.nextLong());
        } else if (type == boolean.class) {
            return random.nextBoolean();
        } else if (type == String.class) {
            return text();
        } else if (type == byte[].class) {
            var bytes = new byte[size(longest)];
            random.nextBytes(bytes);
            return bytes;
        } else if (type == float[].class) {
            var numbers = new float[size(longest)];
            for (var i = 0; i < numbers.length; i++) {
                numbers[i] = random.nextFloat();
            }
            return numbers;
        } else if (type == Path.class) {
            return Path.of("/" + text().replace("\0", ""));
        } else if (type == Duration.class) {
            return Duration.ofSeconds(random.nextLong(), random.nextInt(1_000_000_000));
        } else if (type == OptionalInt.class) {
            return random.nextBoolean() ? OptionalInt.of(number()) : OptionalInt.empty();
        } else if (type == OptionalLong.class) {
            return random.nextBoolean() ? OptionalLong.of(random.nextLong()) : OptionalLong.empty();
        } else if (type.isEnum()) {
            return any(type.getEnumConstants());
        } else if (type.isSealed()) {
            return value(any(type.getPermittedSubclasses()));
        } else if (type.isRecord()) {
            return record(type);
        } else if (Failure.class.isAssignableFrom(type)) {
            return failure(type);
        }
        throw new AssertionError("no values of " + type);
    }

    private Object record(Class<?> type) {
        var components = type.getRecordComponents();
        var types = Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        within.add(type);
        try {
            var constructor = type.getDeclaredConstructor(types);
            return made(constructor, () -> Stream.of(components)
                    .map(component -> value(component.getGenericType()))
                    .toArray());
        } catch (NoSuchMethodException e) {
            throw new LinkageError(e.toString(), e);
        } finally {
            within.removeLast();
        }
    }

    /** By the constructor that says most, of those without a cause. */
    private Object failure(Class<?> type) {
        var constructor = Stream.of(type.getDeclaredConstructors())
                .filter(candidate -> Modifier.isPublic(candidate.getModifiers()))
                .filter(candidate ->
                        !Arrays.asList(candidate.getParameterTypes()).contains(Throwable.class))
                .max(Comparator.comparingInt(Constructor::getParameterCount))
                .orElseThrow();
        return made(constructor, () -> Stream.of(constructor.getParameterTypes())
                .map(this::value)
                .toArray());
    }

    /** Some records refuse numbers that make no sense, so others are tried. */
    private Object made(Constructor<?> constructor, Supplier<Object[]> parameters) {
        for (var i = 0; i < ATTEMPTS; i++) {
            try {
                var value = constructor.newInstance(parameters.get());
                made.add(constructor.getDeclaringClass());
                return value;
            } catch (ReflectiveOperationException e) {
                if (!(e.getCause() instanceof IllegalArgumentException)) {
                    throw new LinkageError(e.toString(), e);
                }
            }
        }
        throw new AssertionError("no values of " + constructor);
    }

    private String text() {
        var chars = random.nextInt(3) == 0
                ? random.ints(size(longest), 0, Character.MAX_CODE_POINT + 1)
                : random.ints(size(longest), 0, 0x7f);
        return chars.filter(point -> point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private int number() {
        return switch (random.nextInt(4)) {
            case 0 -> random.nextInt();
            case 1 -> any(Integer.MIN_VALUE, Integer.MAX_VALUE, -1, 0);
            default -> random.nextInt(1, 100_000);
        };
    }

    private int size(int most) {
        return random.nextInt(100) == 0 ? random.nextInt(20 * most) : random.nextInt(most + 1);
    }

    @SafeVarargs
    private <T> T any(T... values) {
        return values[random.nextInt(values.length)];
    }

    /** All records and failures below a sealed type. */
    static Stream<Class<?>> kinds(Class<?> type) {
        return type.isSealed()
                ? Stream.of(type.getPermittedSubclasses()).flatMap(RandomValues::kinds)
                : Stream.of(type);
    }
}
