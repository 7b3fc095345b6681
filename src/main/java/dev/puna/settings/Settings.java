// SPDX-License-Identifier: Apache-2.0
package dev.puna.settings;

import static java.util.Objects.requireNonNull;

import dev.puna.failure.InvalidRequest;
import dev.puna.model.KeepAlive;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The settings of this process. Names and defaults: contract 6; {@code PUNA_X} wins over {@code OLLAMA_X}.
 *
 * @param host where the server listens and clients connect ({@code HOST})
 * @param models folder of the store ({@code MODELS})
 * @param origins origins of web pages that may call, beyond those that always may ({@code ORIGINS})
 * @param keepAlive how long a model stays after its last use when nobody says ({@code KEEP_ALIVE})
 * @param loadTimeout how long a load may stand still; empty for any time ({@code LOAD_TIMEOUT})
 * @param maxLoadedModels most models in memory; empty lets the server choose ({@code MAX_LOADED_MODELS})
 * @param maxQueue most requests that wait for a model ({@code MAX_QUEUE})
 * @param maxConnections most connections of clients at a time; 0 for any number ({@code PUNA_MAX_CONNECTIONS})
 * @param stallTimeout time in which a client must read something of its answer ({@code PUNA_STALL_TIMEOUT})
 * @param numParallel sequences of one model that run together; empty lets the server choose ({@code NUM_PARALLEL})
 * @param contextLength tokens of context when nobody says; empty lets the server choose ({@code CONTEXT_LENGTH})
 * @param flashAttention {@code auto}, {@code on} or {@code off} ({@code FLASH_ATTENTION})
 * @param kvCacheType element type of the KV cache: {@code f16}, {@code q8_0} or {@code q4_0} ({@code KV_CACHE_TYPE})
 * @param gpuOverhead bytes of each GPU to leave alone ({@code GPU_OVERHEAD})
 * @param prunes whether blobs that no model needs are deleted at start (unless {@code NOPRUNE})
 * @param verbosity 0, 1 for debug or 2 for trace lines in the log ({@code DEBUG})
 * @param goTemplate whether a model's Go template or the Jinja template in its weights makes the prompts where it has both;
 *     empty lets the server choose ({@code GO_TEMPLATE})
 * @param llmLibrary the only backend to use, "cpu" for none but the CPU; empty for the best ({@code LLM_LIBRARY})
 * @param spreads whether a model is put on all GPUs even where one has room for it ({@code SCHED_SPREAD})
 * @param logsRequests whether bodies of requests to models are kept in a folder for temporary files, with commands that send
 *     them again ({@code DEBUG_LOG_REQUESTS})
 * @param keepsHistory whether {@code run} keeps what is typed (unless {@code NOHISTORY})
 * @param editor the program in which a message can be written; empty for the user's usual one ({@code EDITOR})
 * @param threads threads that compute; empty for what the machine can spare ({@code PUNA_THREADS})
 * @param nativeLibs folder of the native libraries; empty for the one that belongs to the program ({@code PUNA_NATIVE_LIBS})
 * @param heap bytes of the heap that requests may fill with what is around them; empty for what fits the machine ({@code PUNA_HEAP})
 * @param shutdownGrace time that running answers get when the server is told to stop ({@code PUNA_SHUTDOWN_GRACE})
 * @param pullParts parts of a file that are downloaded at a time ({@code PUNA_PULL_PARTS})
 * @param pullRate bytes a second that all downloads together may take; 0 for no limit ({@code PUNA_PULL_RATE})
 * @param modelFolders folders of GGUF files that are models as they are ({@code PUNA_MODEL_DIRS})
 * @param lenientTools whether an answer that is a call in another notation than the model's template has is one
 *     ({@code PUNA_LENIENT_TOOLS})
 * @param agentPrefix whether what changes without meaning at the front of known agents' prompts is taken out
 *     ({@code PUNA_AGENT_PREFIX})
 * @param smallBatch whether on the CPU two to seven rows are computed one after the other instead of as prompts are; empty: on
 *     processors that gain by it; {@code false} leaves attention to ggml as well ({@code PUNA_SMALL_BATCH})
 * @param speculates whether tokens are guessed ahead and verified together where that is faster ({@code PUNA_SPECULATION})
 * @param imageHosts patterns of the only hosts to fetch images from that requests name by their address; empty for none
 *     ({@code PUNA_IMAGE_HOSTS})
 * @param isolation whether models are computed in processes of their own; empty lets the server choose ({@code PUNA_ISOLATION})
 * @param runnerMemory bytes of private memory that the process of a model may have, 0 for any number; empty for what fits the model
 *     and the machine ({@code PUNA_RUNNER_MEMORY})
 * @param prefixCache bytes on disk for beginnings of prompts, 0 for none; empty for what fits the disk ({@code PUNA_PREFIX_CACHE})
 * @param prefixConversations whether ends of conversations are kept on disk, too ({@code PUNA_PREFIX_CACHE_CONVERSATIONS})
 * @param registryHosts whom to ask for models ({@code PUNA_REGISTRY_ALLOW}, {@code _DENY} and {@code _PRIVATE})
 */
public record Settings(
        HostAddress host,
        Path models,
        List<String> origins,
        KeepAlive keepAlive,
        Optional<Duration> loadTimeout,
        OptionalInt maxLoadedModels,
        int maxQueue,
        int maxConnections,
        Duration stallTimeout,
        OptionalInt numParallel,
        OptionalInt contextLength,
        String flashAttention,
        String kvCacheType,
        long gpuOverhead,
        boolean prunes,
        int verbosity,
        Optional<Boolean> goTemplate,
        Optional<String> llmLibrary,
        boolean spreads,
        boolean logsRequests,
        boolean keepsHistory,
        Optional<String> editor,
        OptionalInt threads,
        Optional<Path> nativeLibs,
        OptionalLong heap,
        Duration shutdownGrace,
        int pullParts,
        long pullRate,
        List<Path> modelFolders,
        boolean lenientTools,
        boolean agentPrefix,
        Optional<Boolean> smallBatch,
        boolean speculates,
        List<String> imageHosts,
        Optional<Boolean> isolation,
        OptionalLong runnerMemory,
        OptionalLong prefixCache,
        boolean prefixConversations,
        RegistryHosts registryHosts) {
    private static final KeepAlive FIVE_MINUTES = KeepAlive.of(Duration.ofMinutes(5));
    private static final int QUEUE = 512;
    private static final int CONNECTIONS = 4096;
    private static final Duration STALL = Duration.ofMinutes(2);
    private static final Duration FOR_EVER = Duration.ofDays(10_000);
    /** Enough for a far host, and not too many for a small board. */
    private static final int PULL_PARTS = 8;

    public Settings {
        requireNonNull(host, "host is null");
        requireNonNull(models, "models is null");
        origins = List.copyOf(origins);
        requireNonNull(keepAlive, "keepAlive is null");
        requireNonNull(loadTimeout, "loadTimeout is null");
        requireNonNull(stallTimeout, "stallTimeout is null");
        requireNonNull(maxLoadedModels, "maxLoadedModels is null");
        requireNonNull(numParallel, "numParallel is null");
        requireNonNull(contextLength, "contextLength is null");
        requireNonNull(flashAttention, "flashAttention is null");
        requireNonNull(kvCacheType, "kvCacheType is null");
        requireNonNull(goTemplate, "goTemplate is null");
        requireNonNull(llmLibrary, "llmLibrary is null");
        requireNonNull(editor, "editor is null");
        requireNonNull(threads, "threads is null");
        requireNonNull(nativeLibs, "nativeLibs is null");
        requireNonNull(heap, "heap is null");
        requireNonNull(shutdownGrace, "shutdownGrace is null");
        modelFolders = List.copyOf(modelFolders);
        requireNonNull(smallBatch, "smallBatch is null");
        imageHosts = List.copyOf(imageHosts);
        requireNonNull(isolation, "isolation is null");
        requireNonNull(runnerMemory, "runnerMemory is null");
        requireNonNull(prefixCache, "prefixCache is null");
        requireNonNull(registryHosts, "registryHosts is null");
    }

    /**
     * Reads {@code System.getenv()} or the like.
     *
     * @throws dev.puna.failure.InvalidRequest naming the first variable that makes no sense, its value, and what would
     */
    public static Settings from(Map<String, String> environment) {
        var variables = new Variables(environment);
        return new Settings(
                variables.read("HOST", HostAddress.ACCEPTED, HostAddress::parse).orElse(HostAddress.DEFAULT),
                variables.folder("MODELS").orElseGet(variables::defaultModels),
                variables.list("ORIGINS"),
                variables.seconds("KEEP_ALIVE").map(KeepAlive::of).orElse(FIVE_MINUTES),
                variables
                        .seconds("LOAD_TIMEOUT")
                        .or(() -> FIVE_MINUTES.duration())
                        .filter(Duration::isPositive),
                variables.countOrZero("MAX_LOADED_MODELS"),
                variables.count("MAX_QUEUE").orElse(QUEUE),
                variables.count("MAX_CONNECTIONS").orElse(CONNECTIONS),
                variables
                        .seconds("STALL_TIMEOUT")
                        .map(time -> time.isPositive() ? time : FOR_EVER)
                        .orElse(STALL),
                variables.countOrZero("NUM_PARALLEL"),
                variables.countOrZero("CONTEXT_LENGTH"),
                variables.flag("FLASH_ATTENTION").map(on -> on ? "on" : "off").orElse("auto"),
                variables.word("KV_CACHE_TYPE", "f16", "q8_0", "q4_0").orElse("f16"),
                variables.bytes("GPU_OVERHEAD").orElse(0L),
                !variables.flag("NOPRUNE").orElse(false),
                variables.verbosity("DEBUG"),
                variables.flag("GO_TEMPLATE"),
                variables.text("LLM_LIBRARY"),
                variables.flag("SCHED_SPREAD").orElse(false),
                variables.flag("DEBUG_LOG_REQUESTS").orElse(false),
                !variables.flag("NOHISTORY").orElse(false),
                variables.text("EDITOR"),
                variables.countOrZero("THREADS"),
                variables.folder("NATIVE_LIBS"),
                variables
                        .read("HEAP", HeapSize.ACCEPTED, HeapSize::parse)
                        .map(OptionalLong::of)
                        .orElseGet(OptionalLong::empty),
                variables
                        .seconds("SHUTDOWN_GRACE")
                        .filter(grace -> !grace.isNegative())
                        .orElse(Duration.ofSeconds(10)),
                variables.countOrZero("PULL_PARTS").orElse(PULL_PARTS),
                variables.bytes("PULL_RATE").orElse(0L),
                variables.folders("MODEL_DIRS"),
                variables.flag("LENIENT_TOOLS").orElse(true),
                variables.flag("AGENT_PREFIX").orElse(true),
                variables.flag("SMALL_BATCH"),
                variables.flag("SPECULATION").orElse(true),
                hosts(variables, "IMAGE_HOSTS"),
                variables.word("ISOLATION", "process", "none").map("process"::equals),
                variables
                        .read("RUNNER_MEMORY", HeapSize.ACCEPTED_OR_NONE, HeapSize::parseOrNone)
                        .map(OptionalLong::of)
                        .orElseGet(OptionalLong::empty),
                variables
                        .read("PREFIX_CACHE", HeapSize.ACCEPTED_ANY, HeapSize::bytes)
                        .map(OptionalLong::of)
                        .orElseGet(OptionalLong::empty),
                variables.flag("PREFIX_CACHE_CONVERSATIONS").orElse(false),
                registryHosts(variables));
    }

    private static RegistryHosts registryHosts(Variables variables) {
        return new RegistryHosts(
                hosts(variables, "REGISTRY_ALLOW"),
                hosts(variables, "REGISTRY_DENY"),
                variables.flag("REGISTRY_PRIVATE").orElse(false));
    }

    private static List<String> hosts(Variables variables, String ending) {
        return variables
                .read(ending, RegistryHosts.ACCEPTED, RegistryHosts::parse)
                .orElse(List.of());
    }

    /**
     * As {@link #from}, for a process that keeps models.
     *
     * @throws InvalidRequest also where nobody says where, and the user has no home
     */
    public static Settings ofServer(Map<String, String> environment) {
        var settings = from(environment);
        if (settings.models.startsWith(HomeFolder.NONE)) {
            throw new InvalidRequest(
                    "this user has no home folder to keep models in; set PUNA_MODELS to a folder, or HOME");
        }
        return settings;
    }

    /** Bytes that the heap may have: those asked for, or else what fits the machine. Reads a few files of the kernel. */
    public long heapSize() {
        return heap.orElseGet(HeapSize::usual);
    }

    /** The threads asked for, or else what the machine can spare now; at least 1. Takes a few milliseconds. */
    public int computeThreads() {
        return threads.orElseGet(Processors::spare);
    }
}
