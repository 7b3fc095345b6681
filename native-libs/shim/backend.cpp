// SPDX-License-Identifier: Apache-2.0
// The compute devices that ggml's plugins bring.
#include "support.h"

#include "ggml-backend.h"
#include "json.h"

#include <fstream>

namespace {

const char * type_name(enum ggml_backend_dev_type type) {
    switch (type) {
        case GGML_BACKEND_DEVICE_TYPE_CPU: return "cpu";
        case GGML_BACKEND_DEVICE_TYPE_GPU: return "gpu";
        case GGML_BACKEND_DEVICE_TYPE_IGPU: return "igpu";
        default: return "accel";
    }
}

// The CUDA package holds a second plugin for the previous CUDA, for machines where the first finds no driver or
// runtime.
void load_fallback(const std::string & folder) {
    const auto plugin = folder + "/fallback/libggml-cuda.so";
    if (!ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_GPU) && std::ifstream(plugin)) {
        ggml_backend_load(plugin.c_str());
    }
}

}  // namespace

void puna_backends_load(const char * folder) {
    puna::guarded<int>(nullptr, 0, [&] {
        ggml_backend_load_all_from_path(folder);
        load_fallback(folder);
        llama_backend_init();
        return 0;
    });
}

char * puna_devices(void) {
    return puna::guarded<char *>(nullptr, nullptr, [] {
        auto devices = common_json::array();
        for (size_t i = 0; i < ggml_backend_dev_count(); i++) {
            auto * device = ggml_backend_dev_get(i);
            size_t free   = 0;
            size_t total  = 0;
            ggml_backend_dev_memory(device, &free, &total);
            devices.push_back(common_json::object({
                {"name", ggml_backend_dev_name(device)},
                {"description", ggml_backend_dev_description(device)},
                {"backend", ggml_backend_reg_name(ggml_backend_dev_backend_reg(device))},
                {"type", type_name(ggml_backend_dev_type(device))},
                {"memory_free", free},
                {"memory_total", total},
            }));
        }
        return puna::to_c_string(devices.dump_safe());
    });
}
