// SPDX-License-Identifier: Apache-2.0
package dev.puna.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Stream;
import org.graalvm.nativeimage.hosted.Feature;
import org.graalvm.nativeimage.hosted.RuntimeReflection;

/**
 * Registers what Quarkus wants to reach by reflection in the native executable, but for methods that nobody calls so: Quarkus asks for all
 * methods of whatever a setting or a service is made of, of {@code java.lang.String} as of each of its own settings, and native-image
 * keeps the code of each. Its list is kept from native-image by {@code --exclude-config}.
 */
// native-image makes one by the name in native-image.properties.
@SuppressWarnings("unused")
final class FewerReflections implements Feature {
    private static final String LIST = "META-INF/native-image/reflect-config.json";
    private static final String OURS = "dev.puna.";

    /** What text becomes a value with, where a setting has no converter. */
    private static final Set<String> MAKERS = Set.of("of", "valueOf", "parse");

    @Override
    public void beforeAnalysis(BeforeAnalysisAccess access) {
        try (var list = access.getApplicationClassLoader().getResourceAsStream(LIST)) {
            if (list == null) {
                throw new IllegalStateException("Quarkus has written no " + LIST);
            }
            for (var entry : new ObjectMapper().readTree(list)) {
                var type = access.findClassByName(entry.path("name").asText());
                if (type != null) {
                    register(type, entry);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void register(Class<?> type, JsonNode wanted) {
        RuntimeReflection.register(type);
        try {
            if (wanted.path("allDeclaredConstructors").asBoolean()) {
                RuntimeReflection.registerAllDeclaredConstructors(type);
                RuntimeReflection.register(type.getDeclaredConstructors());
            }
            if (wanted.path("allDeclaredMethods").asBoolean()) {
                RuntimeReflection.register(Arrays.stream(type.getDeclaredMethods())
                        .filter(FewerReflections::isCalled)
                        .toArray(Method[]::new));
            }
            if (wanted.path("allDeclaredFields").asBoolean()) {
                RuntimeReflection.register(type.getDeclaredFields());
            }
            if (wanted.path("allDeclaredClasses").asBoolean()) {
                RuntimeReflection.registerAllDeclaredClasses(type);
            }
            RuntimeReflection.register(named(type, wanted.path("methods")));
            RuntimeReflection.registerAsQueried(named(type, wanted.path("queriedMethods")));
            for (var field : wanted.path("fields")) {
                RuntimeReflection.register(
                        type.getDeclaredField(field.path("name").asText()));
            }
        } catch (NoSuchFieldException | LinkageError missing) {
            // As native-image does with a list: what refers to classes that are not there is of no use here.
        }
    }

    private static Executable[] named(Class<?> type, JsonNode wanted) {
        return wanted.valueStream()
                .flatMap(each -> Stream.<Executable>concat(
                                Arrays.stream(type.getDeclaredConstructors()), Arrays.stream(type.getDeclaredMethods()))
                        .filter(member -> is(member, each)))
                .toArray(Executable[]::new);
    }

    private static boolean is(Executable member, JsonNode wanted) {
        var name = member instanceof Method ? member.getName() : "<init>";
        var types = Arrays.stream(member.getParameterTypes())
                .map(Class::getTypeName)
                .toList();
        return name.equals(wanted.path("name").asText())
                && types.equals(wanted.path("parameterTypes")
                        .valueStream()
                        .map(JsonNode::asText)
                        .toList());
    }

    /** Whether anything calls a method by reflection: all else of what is not ours is called as an interface's. */
    static boolean isCalled(Method method) {
        var type = method.getDeclaringClass();
        if (type.getName().startsWith(OURS) || type.isAnnotation()) {
            return true;
        }
        return Modifier.isStatic(method.getModifiers())
                && (!type.getName().startsWith("java.") || (MAKERS.contains(method.getName()) && takesText(method)));
    }

    private static boolean takesText(Method method) {
        var types = method.getParameterTypes();
        return types.length == 1 && (types[0] == String.class || types[0] == CharSequence.class);
    }
}
