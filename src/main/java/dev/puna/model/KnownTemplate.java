// SPDX-License-Identifier: Apache-2.0
package dev.puna.model;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The Go template that a model gets whose weights carry a well-known Jinja template. Source: contract 3.2, step 2; the
 * recordings {@code smol-create} and {@code smol-show}.
 *
 * @param name what create calls it
 * @param goTemplate template of the same format
 * @param stop texts that end an answer in that format
 */
public record KnownTemplate(String name, String goTemplate, List<String> stop) {
    private static final KnownTemplate CHATML = new KnownTemplate("chatml", """
            {{- range .Messages }}<|im_start|>{{ .Role }}
            {{ .Content }}<|im_end|>
            {{ end }}<|im_start|>assistant
            """, List.of("<|im_start|>", "<|im_end|>"));

    /** Without spaces and line ends, and with one kind of quotes; a system message by default makes no difference. */
    private static final Pattern CHATML_IN_JINJA = Pattern.compile("\\{%formessageinmessages%}"
            + "(\\{%if[^%]{1,100}%}\\{\\{'<\\|im_start\\|>system[^'{}]{0,1000}<\\|im_end\\|>'}}\\{%endif%})?"
            + Pattern.quote("{{'<|im_start|>'+message['role']+''+message['content']+'<|im_end|>'+''}}{%endfor%}"
                    + "{%ifadd_generation_prompt%}{{'<|im_start|>assistant'}}{%endif%}"));

    private static final int LONGEST = 4096;

    /** Copies the list. */
    public KnownTemplate {
        requireNonNull(name, "name is null");
        requireNonNull(goTemplate, "goTemplate is null");
        stop = List.copyOf(stop);
    }

    /** The template of the same format, or nothing when the format is none that is known here. */
    public static Optional<KnownTemplate> of(String jinja) {
        if (jinja.length() > LONGEST) {
            return Optional.empty();
        }
        var plain = jinja.replaceAll("\\s|\\\\n", "")
                .replace("{%-", "{%")
                .replace("-%}", "%}")
                .replace('"', '\'');
        return CHATML_IN_JINJA.matcher(plain).matches() ? Optional.of(CHATML) : Optional.empty();
    }
}
