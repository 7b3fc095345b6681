// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama.binding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.llama.TestLlama;
import dev.puna.llama.binding.generated.Native;
import dev.puna.llama.binding.generated.ggml_backend_dev_caps;
import dev.puna.llama.binding.generated.ggml_backend_dev_props;
import dev.puna.llama.binding.generated.llama_context_params;
import dev.puna.llama.binding.generated.llama_model_params;
import dev.puna.llama.binding.generated.llama_model_quantize_params;
import dev.puna.llama.binding.generated.puna_chunk;
import dev.puna.llama.binding.generated.puna_load;
import dev.puna.llama.binding.generated.puna_row;
import dev.puna.support.CCompiler;
import java.lang.foreign.GroupLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What jextract understood of the headers against what the C compiler makes of them. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class StructLayoutTest {
    private static final Map<String, GroupLayout> STRUCTS = Map.of(
            "struct ggml_backend_dev_caps", ggml_backend_dev_caps.layout(),
            "struct ggml_backend_dev_props", ggml_backend_dev_props.layout(),
            "struct llama_context_params", llama_context_params.layout(),
            "struct llama_model_params", llama_model_params.layout(),
            "struct llama_model_quantize_params", llama_model_quantize_params.layout(),
            "puna_chunk", puna_chunk.layout(),
            "puna_load", puna_load.layout(),
            "puna_row", puna_row.layout());

    @TempDir
    Path folder;

    @BeforeAll
    static void load() {
        TestLlama.backend();
    }

    @Test
    void every_struct_and_constant_is_as_the_c_compiler_has_it() throws Exception {
        var expected = new LinkedHashMap<String, Long>();
        var program = new StringBuilder(
                "#include <stddef.h>\n#include <stdio.h>\n#include \"native.h\"\n#include \"native-media.h\"\nint main(void) {\n");
        BiConsumer<String, Long> ask = (expression, value) -> {
            expected.put(expression, value);
            program.append("  printf(\"%lld\\n\", (long long) (")
                    .append(expression)
                    .append("));\n");
        };
        for (var struct : STRUCTS.entrySet()) {
            askLayout(struct.getKey(), struct.getValue(), ask);
        }
        for (var constant : constants()) {
            ask.accept(constant.getName(), ((Number) constant.invoke(null)).longValue());
        }
        program.append("  return 0;\n}\n");

        var answers = CCompiler.in(folder)
                .withLlamaHeaders()
                .run(program.toString())
                .lines()
                .map(Long::valueOf)
                .toList();

        assertThat(answers).hasSameSizeAs(expected.values()).hasSizeGreaterThan(150);
        var inC = new LinkedHashMap<String, Long>();
        expected.keySet().forEach(expression -> inC.put(expression, answers.get(inC.size())));
        assertThat(expected).isEqualTo(inC);
    }

    private static void askLayout(String name, GroupLayout layout, BiConsumer<String, Long> ask) {
        ask.accept("sizeof(" + name + ")", layout.byteSize());
        ask.accept("_Alignof(" + name + ")", layout.byteAlignment());
        for (var member : layout.memberLayouts()) {
            var field = member.name().orElse("");
            if (!field.isEmpty()) {
                ask.accept("offsetof(" + name + ", " + field + ")", layout.byteOffset(PathElement.groupElement(field)));
                ask.accept("sizeof(((" + name + " *) 0)->" + field + ")", member.byteSize());
            }
        }
    }

    private static List<Method> constants() {
        return Arrays.stream(Native.class.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .filter(method -> method.getName().matches("[A-Z][A-Z0-9_a-z]*") && method.getParameterCount() == 0)
                .filter(method -> method.getReturnType() == int.class)
                .toList();
    }
}
