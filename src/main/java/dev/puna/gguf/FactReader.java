// SPDX-License-Identifier: Apache-2.0
package dev.puna.gguf;

import dev.puna.model.FileType;
import dev.puna.model.ModelFacts;
import dev.puna.model.ModelFacts.Kind;
import java.util.OptionalLong;

/** Derives {@link ModelFacts} from metadata and tensors. */
final class FactReader {
    /** llama.cpp's number for pooling to a score. */
    private static final int RANK = 4;

    private FactReader() {}

    static ModelFacts facts(GgufFile file) {
        var architecture = file.architecture();
        return new ModelFacts(
                kind(file),
                architecture,
                parameterCount(file),
                fileType(file.whole("general.file_type")),
                file.whole(architecture + ".context_length"),
                file.whole(architecture + ".embedding_length"),
                file.whole(architecture + ".block_count"),
                pools(file, architecture + ".pooling_type"),
                file.whole(architecture + ".pooling_type").orElse(0) == RANK,
                file.whole(architecture + ".vision.block_count").orElse(0),
                file.whole(architecture + ".audio.block_count").orElse(0),
                file.bool(architecture + ".has_audio_encoder").orElse(false),
                file.text("tokenizer.chat_template"));
    }

    /** -1, or its bits, says that the file does not say. */
    private static boolean pools(GgufFile file, String key) {
        var type = file.whole(key).orElse(0);
        return file.metadata().containsKey(key) && type != -1 && type != 0xffff_ffffL;
    }

    static Kind kind(GgufFile file) {
        return switch (file.text("general.type").orElse("model")) {
            case "adapter" -> Kind.ADAPTER;
            case "projector", "mmproj" -> Kind.PROJECTOR;
            default -> file.architecture().equals("clip") ? Kind.PROJECTOR : Kind.MODEL;
        };
    }

    private static long parameterCount(GgufFile file) {
        // Tensors lie side by side inside the file and no type packs more than 8 elements into a byte: no overflow.
        return file.tensors().stream().mapToLong(TensorInfo::elements).sum();
    }

    private static String fileType(OptionalLong number) {
        return number.isPresent() ? FileType.name(number.getAsLong()) : FileType.UNKNOWN;
    }
}
