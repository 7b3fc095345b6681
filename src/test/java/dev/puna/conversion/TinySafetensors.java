// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes the directories of the cases of {@code src/test/resources/conversion}: their small files, and weights that follow from the
 * tensors' names alone, so that the recorded answers hold wherever the directories are written. The recording script runs this
 * file as a program of its own, which is why it uses nothing but the JDK.
 */
final class TinySafetensors {
    private static final long RANK = 4;
    /** The case whose adapter changes its embeddings, too. */
    private static final String EMBEDDED = "llama-2";

    private static final long VOCABULARY = 400;
    private static final long WIDTH = 64;
    private static final String ADAPTER = """
            {"peft_type": "LORA", "r": 4, "lora_alpha": 12, "bias": "none", "base_model_name_or_path": "tiny/base"}
            """;
    private static final Pattern CHANGED = Pattern.compile(
            "(?!.*(visual|vision|multi_modal|audio|norm|\\.gate\\.weight|router|embed|kv_b_proj|_gate\\.weight|[.]mtp)).*[.]\\d+[.].*[.]weight",
            Pattern.CASE_INSENSITIVE);

    private TinySafetensors() {}

    /**
     * Says what a tensor is.
     *
     * @param type as safetensors has it
     * @param shape the slowest dimension first
     * @param values of whole numbers: {@code =1,2} or, by their place, {@code =/32} or {@code =%2}, or the
     *     bytes of a JSON object; empty for any
     */
    record Described(String name, String type, List<Long> shape, String values) {
        Described {
            shape = List.copyOf(shape);
        }

        /** With any values. */
        Described(String name, String type, List<Long> shape) {
            this(name, type, shape, "");
        }

        long elements() {
            return shape.stream().mapToLong(Long::longValue).reduce(1, (a, b) -> a * b);
        }

        int bytes() {
            return Math.toIntExact(elements() * width(type));
        }
    }

    /** Writes cases: the folder of the cases, the folder to write to, and the names of the cases. */
    public static void main(String[] arguments) {
        Stream.of(arguments).skip(2).forEach(name -> {
            write(Path.of(arguments[0]), name, Path.of(arguments[1]).resolve(name));
            writeAdapter(Path.of(arguments[0]), name, Path.of(arguments[1]).resolve(name + "-lora"));
        });
    }

    /** Writes the directory of one case. */
    static void write(Path cases, String name, Path directory) {
        try {
            Files.createDirectories(directory);
            copy(cases.resolve("tokenizers").resolve(tokenizer(cases, name)), directory);
            copy(cases.resolve(name).resolve("files"), directory);
            Files.copy(cases.resolve(name).resolve("config.json"), directory.resolve("config.json"));
            var files = tensors(cases.resolve(name).resolve("tensors.txt"));
            for (var file : files.entrySet()) {
                write(directory.resolve(file.getKey()), file.getValue());
            }
            if (files.size() > 1) {
                Files.writeString(directory.resolve("model.safetensors.index.json"), index(files));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the case " + name, e);
        }
    }

    /**
     * Writes the directory of a LoRA adapter of one case, which changes every matrix of its blocks that is no embedding, norm or
     * choice of experts.
     */
    static void writeAdapter(Path cases, String name, Path directory) {
        try {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve("adapter_config.json"), ADAPTER);
            var pairs = new ArrayList<Described>();
            for (var file : tensors(cases.resolve(name).resolve("tensors.txt")).values()) {
                for (var tensor : file) {
                    var plain = tensor.name();
                    if (tensor.shape().size() == 2 && CHANGED.matcher(plain).matches()) {
                        var module = "base_model.model." + plain.substring(0, plain.length() - ".weight".length());
                        var type = tensor.type().startsWith("F8") ? "F32" : tensor.type();
                        pairs.add(new Described(
                                module + ".lora_A.weight",
                                type,
                                List.of(RANK, tensor.shape().get(1))));
                        pairs.add(new Described(
                                module + ".lora_B.weight",
                                type,
                                List.of(tensor.shape().get(0), RANK)));
                    }
                }
            }
            if (name.equals(EMBEDDED)) {
                var embeddings = "base_model.model.model.embed_tokens.lora_embedding_";
                pairs.add(new Described(embeddings + "A", "F32", List.of(RANK, VOCABULARY)));
                pairs.add(new Described(embeddings + "B", "F32", List.of(WIDTH, RANK)));
            }
            pairs.sort((one, other) -> one.name().compareTo(other.name()));
            write(directory.resolve("adapter_model.safetensors"), pairs);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write an adapter for the case " + name, e);
        }
    }

    /** The tensors of each file; a line with one word begins a file. */
    static Map<String, List<Described>> tensors(Path description) throws IOException {
        var files = new LinkedHashMap<String, List<Described>>();
        var current = "model.safetensors";
        for (var line : Files.readAllLines(description)) {
            var words = line.split(" ");
            if (words.length == 1) {
                current = words[0];
            } else {
                var last = words[words.length - 1];
                var shape = Stream.of(words)
                        .skip(2)
                        .filter(word -> !word.startsWith("="))
                        .map(Long::valueOf)
                        .toList();
                files.computeIfAbsent(current, _ -> new ArrayList<>())
                        .add(new Described(words[0], words[1], shape, last.startsWith("=") ? last.substring(1) : ""));
            }
        }
        return files;
    }

    /** Writes one file. */
    static void write(Path file, List<Described> tensors) throws IOException {
        var header = new StringBuilder("{\"__metadata__\":{\"format\":\"pt\"}");
        var at = 0;
        for (var tensor : tensors) {
            var shape = tensor.shape().stream().map(String::valueOf).collect(Collectors.joining(","));
            header.append(",\"%s\":{\"dtype\":\"%s\",\"shape\":[%s],\"data_offsets\":[%d,%d]}"
                    .formatted(tensor.name(), tensor.type(), shape, at, at + tensor.bytes()));
            at += tensor.bytes();
        }
        header.append('}').append(" ".repeat(7 - (header.length() + 8) % 8));
        var json = header.toString().getBytes(StandardCharsets.UTF_8);
        var bytes = ByteBuffer.allocate(8 + json.length + at).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(json.length).put(json);
        tensors.forEach(tensor -> fill(bytes, tensor));
        Files.write(file, bytes.array());
    }

    private static String index(Map<String, List<Described>> files) {
        return files.entrySet().stream()
                .flatMap(file ->
                        file.getValue().stream().map(tensor -> "\"%s\":\"%s\"".formatted(tensor.name(), file.getKey())))
                .collect(Collectors.joining(",", "{\"metadata\":{\"total_size\":0},\"weight_map\":{", "}}"));
    }

    private static String tokenizer(Path cases, String name) throws IOException {
        return Files.readAllLines(cases.resolve("cases.txt")).stream()
                .map(line -> line.split(" +"))
                .filter(words -> words[0].equals(name))
                .findFirst()
                .orElseThrow()[1];
    }

    private static void copy(Path from, Path to) throws IOException {
        if (!Files.isDirectory(from)) {
            return;
        }
        try (var files = Files.walk(from)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                var target = to.resolve(from.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private static int width(String type) {
        return switch (type) {
            case "F64", "I64", "U64" -> 8;
            case "F32", "I32", "U32" -> 4;
            case "F16", "BF16", "I16", "U16" -> 2;
            case "F8_E4M3", "F8_E5M2", "F8_E8M0", "I8", "U8", "BOOL" -> 1;
            default -> throw new IllegalArgumentException("no width of " + type);
        };
    }

    private static void fill(ByteBuffer into, Described tensor) {
        var state = (long) tensor.name().hashCode();
        for (var element = 0L; element < tensor.elements(); element++) {
            state += 0x9E3779B97F4A7C15L;
            var bits = mixed(state);
            if (!tensor.values().isEmpty()) {
                var value = given(tensor.values(), element);
                into.put(ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(0, value)
                        .limit(width(tensor.type())));
                continue;
            }
            switch (tensor.type()) {
                case "F64" -> into.putDouble(value(bits));
                case "F32" -> into.putFloat(value(bits));
                case "F16" -> into.putShort(Float.floatToFloat16(value(bits)));
                case "BF16" -> into.putShort((short) (Float.floatToRawIntBits(value(bits)) >>> 16));
                case "F8_E4M3", "F8_E5M2" -> into.put((byte) ((bits & 0x80) | (bits >>> 8) % 0x78));
                case "F8_E8M0" -> into.put((byte) (117 + (bits >>> 8) % 8));
                case "I64", "U64" -> into.putLong((bits >>> 8) % 128);
                case "I32", "U32" -> into.putInt((int) (bits >>> 32));
                case "I16", "U16" -> into.putShort((short) (bits >>> 48));
                case "BOOL" -> into.put((byte) (bits >>> 63));
                default -> into.put((byte) (bits >>> 56));
            }
        }
    }

    private static long given(String values, long element) {
        return switch (values.charAt(0)) {
            case '/' -> element / Long.parseLong(values.substring(1));
            case '{' -> values.charAt((int) element);
            case '%' -> element % Long.parseLong(values.substring(1));
            default -> Long.parseLong(values.split(",")[(int) element]);
        };
    }

    /** Numbers of either sign from 2^-15 to 2, with every bit of the fraction; some are 0, some too small for a normal half. */
    private static float value(long bits) {
        var exponent = 112 + (int) ((bits >>> 32) & 15);
        if ((bits >>> 40 & 0xFF) == 0) {
            return (bits & 1) == 0 ? 0 : Float.intBitsToFloat(((int) (bits >>> 9) & 0x7FFFFF) | 100 << 23);
        }
        return Float.intBitsToFloat((int) (bits << 31) | exponent << 23 | ((int) (bits >>> 9) & 0x7FFFFF));
    }

    private static long mixed(long state) {
        var once = (state ^ state >>> 30) * 0xBF58476D1CE4E5B9L;
        var twice = (once ^ once >>> 27) * 0x94D049BB133111EBL;
        return twice ^ twice >>> 31;
    }
}
