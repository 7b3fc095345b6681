// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama.binding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.llama.TestLlama;
import dev.puna.llama.binding.generated.Media;
import dev.puna.llama.binding.generated.Native;
import dev.puna.support.TestModels;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class GeneratedBindingsTest {

    @BeforeAll
    static void load() {
        TestLlama.backend();
        MediaLibrary.load(TestModels.nativeLibraries());
    }

    @Test
    void every_function_is_in_the_libraries() throws ReflectiveOperationException {
        var addresses = methods("$address");

        for (var address : addresses) {
            // A symbol that is missing would throw here as it would at the function's first call.
            var symbol = (MemorySegment) address.invoke(null);
            assertThat(symbol.address()).as(address.getName()).isNotZero();
        }
        assertThat(addresses).hasSizeGreaterThan(100);
        assertThat(methods("$handle")).hasSameSizeAs(addresses);
    }

    @Test
    void every_function_of_the_shim_is_bound() {
        assertThat(methods("$address").stream().map(Method::getName).filter(name -> name.startsWith("puna_")))
                .hasSizeGreaterThanOrEqualTo(24);
    }

    @Test
    void every_function_for_images_is_in_its_own_library() throws ReflectiveOperationException {
        var addresses = methods(Media.class, "$address");

        for (var address : addresses) {
            var symbol = (MemorySegment) address.invoke(null);
            assertThat(symbol.address()).as(address.getName()).isNotZero();
        }
        assertThat(addresses).hasSizeGreaterThanOrEqualTo(15);
    }

    private static List<Method> methods(String suffix) {
        return methods(Native.class, suffix);
    }

    private static List<Method> methods(Class<?> bindings, String suffix) {
        return Arrays.stream(bindings.getMethods())
                .filter(method -> method.getName().endsWith(suffix) && method.getParameterCount() == 0)
                .toList();
    }
}
