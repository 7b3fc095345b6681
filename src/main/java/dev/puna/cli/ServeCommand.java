// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli;

import dev.puna.cli.client.CommandFailure;
import java.util.List;
import picocli.CommandLine.Command;

/** Describes {@code puna serve}; {@link dev.puna.Puna} starts the server itself before picocli is asked. */
@Command(
        name = "serve",
        aliases = "start",
        description = "Start Puna",
        customSynopsis = "puna serve",
        footer = {
            "PUNA_DEBUG=Show additional debug information (e.g. PUNA_DEBUG=1)",
            PunaHost.DOC,
            "PUNA_CONTEXT_LENGTH=Context length to use unless otherwise specified (default: 4k/32k/256k based on VRAM)",
            "PUNA_KEEP_ALIVE=The duration that models stay loaded in memory (default \"5m\")",
            "PUNA_MAX_LOADED_MODELS=Maximum number of loaded models per GPU",
            "PUNA_MAX_QUEUE=Maximum number of queued requests",
            "PUNA_MODELS=The path to the models directory",
            "PUNA_NUM_PARALLEL=Maximum number of parallel requests",
            "PUNA_NOPRUNE=Do not prune model blobs on startup",
            "PUNA_ORIGINS=A comma separated list of allowed origins",
            "PUNA_SCHED_SPREAD=Always schedule model across all GPUs",
            "PUNA_FLASH_ATTENTION=Enabled flash attention",
            "PUNA_KV_CACHE_TYPE=Quantization type for the K/V cache (default: f16)",
            "PUNA_LLM_LIBRARY=Set LLM library to bypass autodetection",
            "PUNA_GPU_OVERHEAD=Reserve a portion of VRAM per GPU (bytes)",
            "PUNA_LOAD_TIMEOUT=How long to allow model loads to stall before giving up (default \"5m\")",
            "PUNA_GO_TEMPLATE=Make prompts with Go templates (1) or Jinja templates (0) where a model has both",
            "PUNA_DEBUG_LOG_REQUESTS=Keep bodies of requests to models in a temporary folder",
            "PUNA_HEAP=How much memory requests may fill, besides models (default: a sixteenth of the machine, 256m to 1g)",
            "PUNA_PULL_PARTS=How many parts of a file are downloaded at a time (default 8)",
            "PUNA_PULL_RATE=How many bytes a second all downloads may take together (default: no limit)",
            "PUNA_MODEL_DIRS=Folders of GGUF files that are models as they are, with a colon between them",
            "PUNA_AGENT_PREFIX=Keep the beginning of known agents' prompts the same, for the cache (default true)",
            "PUNA_LENIENT_TOOLS=Take calls of tools in whatever notation a model writes them (default true)",
            "PUNA_SMALL_BATCH=Compute a few sequences together row by row (1) or as prompts (0), on the CPU (default: by its maker)",
            "PUNA_SPECULATION=Guess ahead what a text repeats of its prompt, where that is faster (default true)",
            "PUNA_IMAGE_HOSTS=A comma separated list of the hosts to fetch images from that requests link to (default: none)",
            "PUNA_REGISTRY_ALLOW=A comma separated list of the only hosts to ask for models (default: all)",
            "PUNA_REGISTRY_DENY=A comma separated list of hosts that are never asked for models",
            "PUNA_REGISTRY_PRIVATE=Let registries send on to addresses of private networks",
            "PUNA_ISOLATION=Compute each model in a process of its own (process, the default) or in the server (none)",
            "PUNA_RUNNER_MEMORY=How much memory the process of a model may have (default: by model and machine; 0: any)",
            "PUNA_PREFIX_CACHE=How much disk beginnings of prompts may take (default: by free disk, at most 2g; 0: none)",
            "PUNA_PREFIX_CACHE_CONVERSATIONS=Keep whole conversations on disk, too",
            "PUNA_MAX_CONNECTIONS=Maximum number of connections of clients (default 4096)",
            "PUNA_STALL_TIMEOUT=How long a client may read nothing of its answer before it is cut off (default \"2m\")",
            "PUNA_THREADS=Threads that compute (default: what the machine can spare)",
            "PUNA_NATIVE_LIBS=The path to the native libraries",
            "PUNA_SHUTDOWN_GRACE=How long running answers may go on when the server stops (default \"10s\")",
        })
final class ServeCommand extends ClientCommand {
    ServeCommand(CliContext context) {
        super(context);
    }

    @Override
    protected void run(List<String> words) {
        requireExactly(0, words);
        throw new CommandFailure("serve takes no flags");
    }
}
