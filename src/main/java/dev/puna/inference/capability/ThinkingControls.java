// SPDX-License-Identifier: Apache-2.0
package dev.puna.inference.capability;

import dev.puna.chat.Thinking;
import dev.puna.model.BuiltInFormats;
import dev.puna.model.ModelConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which values of {@code think} a model has, where Ollama knows it: from 0.34.3 on for models of its built-in formats, not for those
 * that only have a template. Source: addendum 3.2 and 3.5.
 *
 * @param values what may be asked for, in order
 * @param usual what is taken when nothing is asked for
 * @param fallsBack whether any other name means the usual
 */
public record ThinkingControls(List<Thinking> values, Thinking usual, boolean fallsBack) {
    private static final ThinkingControls HARMONY =
            new ThinkingControls(List.of(Thinking.LOW, Thinking.MEDIUM, Thinking.HIGH), Thinking.MEDIUM, false);
    private static final ThinkingControls NEVER = new ThinkingControls(List.of(Thinking.OFF), Thinking.OFF, true);
    private static final ThinkingControls SWITCH =
            new ThinkingControls(List.of(Thinking.OFF, Thinking.ON), Thinking.ON, true);
    private static final ThinkingControls QWEN_LEVELS = new ThinkingControls(
            List.of(Thinking.OFF, Thinking.LOW, Thinking.MEDIUM, Thinking.XHIGH), Thinking.XHIGH, true);

    public ThinkingControls {
        values = List.copyOf(values);
    }

    /**
     * Those of a model, or nothing where Ollama knows none.
     *
     * @param goTemplate template in a layer
     * @param thinks whether the model can think
     */
    public static Optional<ThinkingControls> of(ModelConfig config, Optional<String> goTemplate, boolean thinks) {
        if (BuiltInFormats.isHarmony(config, goTemplate)) {
            return Optional.of(HARMONY);
        }
        return config.renderer()
                .filter(BuiltInFormats::isRenderer)
                .map(name -> !thinks ? NEVER : name.equals("qwen3.8") ? QWEN_LEVELS : SWITCH);
    }

    /** What a name in a request stands for. */
    public Thinking named(String name) {
        return Thinking.ofLevel(name).filter(values::contains).orElse(usual);
    }

    /** The values as JSON has them: truths and names. */
    public List<Object> plainValues() {
        var plain = new ArrayList<Object>();
        values.forEach(value -> plain.add(plain(value)));
        return plain;
    }

    /** The usual value, likewise. */
    public Object plainUsual() {
        return plain(usual);
    }

    private static Object plain(Thinking value) {
        return value.level().isEmpty() ? (Object) (value == Thinking.ON) : value.level();
    }
}
