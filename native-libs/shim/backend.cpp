// SPDX-License-Identifier: Apache-2.0
// ggml's plugins, one by one so that those that fail can be named with the reason, and the devices that they bring.
#include "attention.h"
#include "small_batch.h"
#include "support.h"

#include "ggml-backend.h"
#include "json.h"

#include <dlfcn.h>

#include <algorithm>
#include <filesystem>
#include <vector>

namespace fs = std::filesystem;

namespace {

// A plugin that was looked at: loaded if it has a `backend`, and if it has not, or no devices, `reason` says why.
struct Plugin {
    std::string file;
    ggml_backend_reg_t backend = nullptr;
    std::string reason;
    bool small_batches = false;  // whether products of a few rows are kept away from its sgemm
    bool attention     = false;  // whether attention of steps with few rows is ours
};

// Written once, by the only call that loads.
std::vector<Plugin> plugins;

// A library opened only to look at it.
class Library {
public:
    explicit Library(const fs::path & path)
        : handle(dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)), problem(handle ? "" : last_error()) {}
    ~Library() {
        if (handle) {
            dlclose(handle);
        }
    }
    Library(const Library &)             = delete;
    Library & operator=(const Library &) = delete;

    const std::string & why_not() const { return problem; }

    // How well it suits this processor, by its own account; 0 if it does not run there at all.
    int score() const {
        auto * score = handle ? reinterpret_cast<int (*)()>(dlsym(handle, "ggml_backend_score")) : nullptr;
        return score ? score() : 0;
    }

private:
    static std::string last_error() {
        const auto * error = dlerror();
        return error ? error : "the linker gave no reason";
    }

    void * handle;
    std::string problem;
};

const char * type_name(enum ggml_backend_dev_type type) {
    switch (type) {
        case GGML_BACKEND_DEVICE_TYPE_CPU: return "cpu";
        case GGML_BACKEND_DEVICE_TYPE_GPU: return "gpu";
        case GGML_BACKEND_DEVICE_TYPE_IGPU: return "igpu";
        default: return "accel";
    }
}

bool starts_with(const std::string & text, const char * beginning) {
    return text.rfind(beginning, 0) == 0;
}

// What the plugin computes with, from its file's name: "cuda" of libggml-cuda.so, "cpu" of libggml-cpu-zen4.so.
std::string kind(const fs::path & path) {
    const auto name = path.stem().string().substr(std::string("libggml-").size());
    return name.substr(0, name.find('-'));
}

// Plugins of the folder, the processor's last: what comes first is what computes where there is a choice.
std::vector<fs::path> plugin_files(const fs::path & folder) {
    std::vector<fs::path> files;
    std::error_code unreadable;
    for (const auto & entry : fs::directory_iterator(folder, unreadable)) {
        const auto name = entry.path().filename().string();
        if (starts_with(name, "libggml-") && entry.path().extension() == ".so" && !starts_with(name, "libggml-base.")) {
            files.push_back(entry.path());
        }
    }
    std::sort(files.begin(), files.end(), [](const fs::path & left, const fs::path & right) {
        return std::make_pair(kind(left) == "cpu", left) < std::make_pair(kind(right) == "cpu", right);
    });
    return files;
}

// Why ggml has not loaded a library that the linker did load.
std::string refusal() {
    const auto logged = puna::logged_errors("it is not made for this machine");
    return logged.find("returned NULL") == std::string::npos ? logged : "its driver is missing, or found no device";
}

void load(const fs::path & path, const std::string & name) {
    const Library library(path);  // stays open, so that ggml finds it loaded
    Plugin plugin{name, nullptr, library.why_not(), false, false};
    if (plugin.reason.empty()) {
        puna::Hush hush;
        puna::forget_log();
        try {
            plugin.backend = ggml_backend_load(path.c_str());
        } catch (const std::exception & exception) {
            plugin.reason = exception.what();
        }
        if (plugin.backend && ggml_backend_reg_dev_count(plugin.backend) == 0) {
            plugin.reason = puna::logged_errors("it found no device");
        } else if (!plugin.backend && plugin.reason.empty()) {
            plugin.reason = refusal();
        }
    }
    plugins.push_back(plugin);
}

// Of the processor's plugins, one for each set of instructions, only the best is loaded; as ggml does it.
void load_best(const std::vector<fs::path> & variants, int32_t small_batches) {
    int best_score = 0;
    fs::path best;
    for (const auto & path : variants) {
        const Library library(path);
        const auto name = path.filename().string();
        if (!library.why_not().empty()) {
            plugins.push_back({name, nullptr, library.why_not(), false, false});
        } else if (library.score() > best_score) {
            best_score = library.score();
            best       = path;
        } else if (name == "libggml-cpu.so" && best.empty()) {
            best = path;  // built for one machine, and not asked what it needs
        }
    }
    if (!best.empty()) {
        load(best, best.filename().string());
        auto & plugin        = plugins.back();
        const bool keep      = small_batches < 0 ? puna::gains_by_small_batches() : small_batches > 0;
        plugin.small_batches = keep && plugin.backend && puna::keep_small_batches(best.string());
        plugin.attention     = small_batches != 0 && plugin.backend && puna::take_attention(best.string());
    }
}

bool computes(const std::string & wanted) {
    return std::any_of(plugins.begin(), plugins.end(), [&](const Plugin & plugin) {
        return plugin.backend && kind(plugin.file) == wanted && ggml_backend_reg_dev_count(plugin.backend) > 0;
    });
}

// Whether the only backend that is wanted, as "cuda" or "cuda_v12", is this one; any is when none is named.
bool wanted(const std::string & only, const std::string & kind, const char * version) {
    return only.empty() || only == kind || only == kind + version;
}

void load_all(const fs::path & folder, const std::string & only, int32_t small_batches) {
    std::vector<fs::path> processors;
    for (const auto & path : plugin_files(folder)) {
        const auto name = path.filename().string();
        if (kind(path) == "cpu") {
            processors.push_back(path);
        } else if (wanted(only, kind(path), "_v13")) {
            load(path, name);
        } else {
            plugins.push_back({name, nullptr, "only " + only + " is wanted", false, false});
        }
    }
    // The CUDA package holds a second plugin for the previous CUDA, for machines where the first finds no driver or runtime.
    const auto fallback = folder / "fallback" / "libggml-cuda.so";
    if (std::error_code none; fs::exists(fallback, none) && !computes("cuda")) {
        if (wanted(only, "cuda", "_v12")) {
            load(fallback, "fallback/libggml-cuda.so");
        } else {
            plugins.push_back({"fallback/libggml-cuda.so", nullptr, "only " + only + " is wanted", false, false});
        }
    }
    load_best(processors, small_batches);
}

}  // namespace

void puna_backends_load(const char * folder, const char * only, int32_t small_batches) {
    puna::guarded<int>(nullptr, 0, [&] {
        load_all(folder, only ? only : "", small_batches);
        llama_backend_init();
        return 0;
    });
}

char * puna_backends(void) {
    return puna::guarded<char *>(nullptr, nullptr, [] {
        auto all = common_json::array();
        for (const auto & plugin : plugins) {
            all.push_back(common_json::object({
                {"file", plugin.file},
                {"backend", plugin.backend ? ggml_backend_reg_name(plugin.backend) : ""},
                {"devices", uint64_t{plugin.backend ? ggml_backend_reg_dev_count(plugin.backend) : 0}},
                {"reason", plugin.reason},
                {"small_batches", plugin.small_batches},
                {"attention", plugin.attention},
            }));
        }
        return puna::to_c_string(all.dump_safe());
    });
}

char * puna_devices(void) {
    return puna::guarded<char *>(nullptr, nullptr, [] {
        auto devices = common_json::array();
        for (size_t i = 0; i < ggml_backend_dev_count(); i++) {
            auto * device = ggml_backend_dev_get(i);
            ggml_backend_dev_props properties{};
            ggml_backend_dev_get_props(device, &properties);
            devices.push_back(common_json::object({
                {"name", ggml_backend_dev_name(device)},
                {"description", ggml_backend_dev_description(device)},
                {"backend", ggml_backend_reg_name(ggml_backend_dev_backend_reg(device))},
                {"type", type_name(ggml_backend_dev_type(device))},
                {"id", properties.device_id ? properties.device_id : ""},
                {"memory_free", properties.memory_free},
                {"memory_total", properties.memory_total},
            }));
        }
        return puna::to_c_string(devices.dump_safe());
    });
}
