// SPDX-License-Identifier: Apache-2.0
package dev.puna.model;

import dev.puna.failure.InvalidRequest;
import java.util.List;
import java.util.Locale;

/**
 * The names of what can run weights, by which one tag offers them in several layouts. Source: addendum 1.5 and 3.1.
 *
 * <p>Names are compared without blanks around them and in lower case; the empty text is no runner.
 */
public final class Runners {
    /** Weights as llama.cpp writes them. */
    public static final String LLAMA_CPP = "llamacpp";
    /** A GGUF that may have Ollama's own older layout of tensors. */
    public static final String GGML = "ggml";
    /** Tensors of safetensors files, which nothing here can run. */
    public static final String MLX = "mlx";

    /** Which of several is taken, the best first: Ollama's order wherever it runs llama.cpp. */
    public static final List<String> IN_ORDER = List.of(LLAMA_CPP, GGML, MLX);

    private Runners() {}

    /** The runner that a request asks for, empty if it asks for none; other names are refused. */
    public static String asked(String text) {
        return switch (normal(text)) {
            case "" -> "";
            case LLAMA_CPP, "llama.cpp", "llama-cpp", "llama_cpp" -> LLAMA_CPP;
            case GGML -> GGML;
            case MLX, "mlxrunner" -> MLX;
            default -> throw new InvalidRequest("unknown runner \"%s\"".formatted(text));
        };
    }

    /** As names are compared. */
    public static String normal(String text) {
        return text.strip().toLowerCase(Locale.ROOT);
    }

    /** The runner of a model whose manifest names none. */
    public static String of(ModelConfig config) {
        return switch (normal(config.modelFormat())) {
            case "safetensors" -> MLX;
            case "gguf", "ggml" -> GGML;
            default -> "";
        };
    }

    /** The format of the files of a model whose manifest names none. */
    public static String formatOf(ModelConfig config) {
        return switch (of(config)) {
            case MLX -> "safetensors";
            case GGML -> "gguf";
            default -> "";
        };
    }
}
