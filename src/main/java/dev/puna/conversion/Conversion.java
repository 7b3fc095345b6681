// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion;

import dev.puna.conversion.architecture.Architecture;
import dev.puna.conversion.architecture.Architectures;
import dev.puna.conversion.architecture.FileType;
import dev.puna.conversion.architecture.ProjectorFamily;
import dev.puna.conversion.packed.PackedWeights;
import dev.puna.conversion.safetensors.Weights;
import dev.puna.conversion.source.Entries;
import dev.puna.conversion.source.ModelFiles;
import dev.puna.conversion.tensor.ElementType;
import dev.puna.conversion.tensor.Tensor;
import dev.puna.conversion.tokenizer.GenerationDefaults;
import dev.puna.conversion.tokenizer.Tokenizers;
import dev.puna.failure.InvalidRequest;
import dev.puna.gguf.GgufLayout;
import dev.puna.gguf.GgufValue;
import dev.puna.gguf.GgufWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * A model of safetensors files that becomes a GGUF file.
 *
 * <p><b>Owns</b> the open files of the weights, until it is closed. <b>Threads:</b> one.
 */
public final class Conversion implements AutoCloseable {
    private static final int ALIGNMENT = 32;
    /** {@code GGML_QNT_VERSION} of llama.cpp. */
    static final int QUANTIZATION_VERSION = 2;

    private static final int MOST_TOLD = 5;

    private final Weights weights;
    private final String architecture;
    private final Map<String, GgufValue> entries;
    private final List<OutputTensor> tensors;
    private final GgufLayout layout;
    private final List<String> known;
    private final Map<String, Object> parameters;
    private final List<String> strange = new ArrayList<>();

    Conversion(
            Weights weights,
            String architecture,
            Map<String, GgufValue> entries,
            List<OutputTensor> tensors,
            List<String> warnings,
            Map<String, Object> parameters) {
        this.weights = weights;
        this.architecture = architecture;
        this.entries = entries;
        this.tensors = tensors;
        this.known = List.copyOf(warnings);
        this.parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        var builder = GgufLayout.builder(ALIGNMENT);
        entries.forEach(builder::entry);
        for (var tensor : tensors) {
            builder.tensor(tensor.name(), tensor.type(), tensor.shape().reversed(), tensor.size());
        }
        this.layout = builder.build();
    }

    /** Reads and checks everything but the weights' data; an {@link InvalidRequest} says what is wrong and what to do. */
    public static Conversion open(ModelFiles files) {
        var entries = new Entries();
        var choice = Architectures.choose(files);
        var weights = Weights.open(files);
        return closedUnlessMade(weights, () -> {
            var model = choice.open(entries, weights.tensors().keySet());
            var named = renamed(model, weights.tensors());
            var output = new OutputTensors(model, fileType(named.values()));
            var whole = PackedWeights.unpacked(model.config(), files, named);
            model.extraTensors(whole, output);
            whole.forEach((name, tensor) -> {
                if (!model.unused(name)) {
                    output.add(name, tensor, Architecture.block(name));
                }
            });
            model.finish();
            new GeneralEntries(entries, files, output.parameters()).add("model");
            model.fileType(output.fileType());
            model.parameters();
            entries.uint32("general.quantization_version", QUANTIZATION_VERSION);
            var warnings = Tokenizers.add(
                    entries, files, model.tokenizer(), model.config().whole("vocab_size", -1), model.specialTokens());
            model.afterTokenizer();
            CompletenessChecks.check(model.name(), entries.asMap(), output.tensors());
            return new Conversion(
                    weights, model.name(), entries.asMap(), output.tensors(), warnings, GenerationDefaults.of(files));
        });
    }

    /**
     * As {@link #open}, of what the model needs to see pictures, a file of its own; nothing for a model without it, or with one that
     * cannot be converted.
     */
    public static Optional<Conversion> openProjector(ModelFiles files) {
        var entries = new Entries();
        return explained(() -> ProjectorFamily.of(files, entries)).map(model -> openProjector(files, model, entries));
    }

    private static Conversion openProjector(ModelFiles files, Architecture model, Entries entries) {
        var weights = Weights.open(files);
        return closedUnlessMade(weights, () -> {
            var named = renamed(model, weights.tensors());
            var type = fileType(named.values());
            model.fileType(type);
            var output = new OutputTensors(model, type);
            named.forEach((name, tensor) -> output.add(name, tensor, Architecture.block(name)));
            new GeneralEntries(entries, files, output.parameters()).add("mmproj");
            model.parameters();
            entries.uint32("general.quantization_version", QUANTIZATION_VERSION);
            return new Conversion(weights, model.name(), entries.asMap(), output.tensors(), List.of(), Map.of());
        });
    }

    private static Conversion closedUnlessMade(Weights weights, Supplier<Conversion> made) {
        try {
            return explained(made);
        } catch (RuntimeException e) {
            weights.close();
            throw e;
        }
    }

    /** What fails in arithmetic with the numbers of a config.json is told as its fault. */
    private static <T> T explained(Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException | ArithmeticException | IndexOutOfBoundsException e) {
            throw new InvalidRequest("the weights contradict config.json: " + e.getMessage());
        }
    }

    /**
     * A LoRA adapter as PEFT saves it: {@code adapter_model.safetensors} and {@code adapter_config.json}.
     *
     * @param base the metadata of the model's GGUF, whose architecture says how the adapter's tensors are cut and joined
     * @throws InvalidRequest if it is none, is more than one, or is of another model; whether its tensors have the shapes of the
     *     model's is not looked at
     */
    public static Conversion openAdapter(ModelFiles files, Map<String, GgufValue> base) {
        return AdapterImport.open(files, base);
    }

    /**
     * Refuses a model by its {@code config.json} alone, before its weights have come.
     *
     * @throws InvalidRequest if its architecture cannot be converted
     */
    public static void requireSupported(ModelFiles files) {
        var _ = Architectures.choose(files);
    }

    private static Map<String, Tensor> renamed(Architecture model, Map<String, Tensor> tensors) {
        var named = new LinkedHashMap<String, Tensor>();
        tensors.forEach((name, tensor) -> model.renamed(name).ifPresent(renamed -> named.put(renamed, tensor)));
        return named;
    }

    /** What the first matrix of 16 bits has, or half precision where there is none. */
    private static FileType fileType(Collection<Tensor> tensors) {
        for (var tensor : tensors) {
            if (tensor.shape().size() >= 2) {
                if (tensor.type() == ElementType.BF16) {
                    return FileType.BF16;
                }
                if (tensor.type() == ElementType.F16) {
                    return FileType.F16;
                }
            }
        }
        return FileType.F16;
    }

    /** What can be converted, as {@code architectures} of a {@code config.json} names it. */
    public static Set<String> architectures() {
        return new TreeSet<>(Architectures.supported());
    }

    /** The architecture as GGUF names it. */
    public String architecture() {
        return architecture;
    }

    /** The metadata of the file, in its order. */
    public Map<String, GgufValue> metadata() {
        return entries;
    }

    /**
     * How the file is called if nobody names it, as llama.cpp's converter does it.
     *
     * @param type that the weights get; empty for the one that they have
     */
    public String fileName(String type) {
        return FileNaming.of(entries, type);
    }

    /** Bytes of the GGUF file that will be written. */
    public long size() {
        return layout.fileSize();
    }

    /**
     * Writes the file from front to end.
     *
     * @param sink may keep a piece only until it returns
     * @param done is told how many bytes are written; what it throws ends the writing
     */
    public void writeTo(Consumer<ByteBuffer> sink, LongConsumer done) {
        strange.clear();
        var written = new long[1];
        var writer = new GgufWriter(layout, piece -> {
            written[0] += piece.remaining();
            sink.accept(piece);
        });
        done.accept(written[0]);
        var buffer = ByteBuffer.allocateDirect(OutputTensor.PIECE).order(ByteOrder.LITTLE_ENDIAN);
        var floats = new float[OutputTensor.PIECE / Float.BYTES];
        for (var tensor : tensors) {
            var count = tensor.write(buffer, floats, piece -> {
                writer.write(piece);
                done.accept(written[0]);
            });
            if (count > 0) {
                strange.add("tensor " + tensor.name() + " has " + count + " elements that are infinite or no numbers");
            }
        }
        writer.finish();
        weights.requireUnchanged();
    }

    /** What the user should know, as sentences; after writing what was found strange among the weights, too. */
    public List<String> warnings() {
        var all = new ArrayList<>(known);
        all.addAll(strange.subList(0, Math.min(MOST_TOLD, strange.size())));
        if (strange.size() > MOST_TOLD) {
            all.add((strange.size() - MOST_TOLD) + " more tensors have such elements");
        }
        return all;
    }

    /** What the model's maker recommends for sampling, by the names and types that parameters of a Modelfile have. */
    public Map<String, Object> parameters() {
        return parameters;
    }

    @Override
    public void close() {
        weights.close();
    }
}
