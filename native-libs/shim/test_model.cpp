// SPDX-License-Identifier: Apache-2.0
// Loading, metadata, tokens, contexts.
#include "test.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>

namespace {

void versions_agree() {
    check(puna_shim_abi() == PUNA_SHIM_ABI, "ABI");
    check(std::strcmp(puna_shim_llama_version(), llama_version()) == 0,
          std::string("built for ") + puna_shim_llama_version() + ", runs with " + llama_version());
}

void devices_hold_a_cpu() {
    check(taken(puna_devices()).find("\"type\":\"cpu\"") != std::string::npos, "no CPU device");
}

void the_plugin_of_the_cpu_is_told() {
    const auto plugins = common_json::parse(taken(puna_backends()));
    check(plugins.size() > 0 && plugins.back().at("backend") == "CPU" && plugins.back().at("devices") == 1,
          plugins.dump_safe());
#ifdef __x86_64__
    check(plugins.back().at("small_batches").get<bool>(), "small batches go to sgemm: " + plugins.dump_safe());
#endif
}

void a_device_that_is_not_there_is_refused() {
    const char * device = "CUDA7";
    const int32_t layers = 1;
    const char * path    = "nothing.gguf";
    check(error_of([&](char ** error) {
              return puna_model_load(&path, 1, llama_model_default_params(), &device, &layers, 1, nullptr, error);
          }).find("there is no device CUDA7") != std::string::npos,
          "device");
}

void metadata_names_the_architecture() {
    const auto metadata = common_json::parse(taken(puna_model_metadata(model)));
    check(!metadata.at("general.architecture").get<std::string>().empty(), "architecture");
    check(metadata.size() == static_cast<size_t>(llama_model_meta_count(model)), "count");
}

void tokens_give_their_text_back() {
    const std::string text = " Grüße, 世界! 🙂  two spaces";
    std::vector<llama_token> tokens(128);
    const int32_t count = must([&](char ** error) {
        return puna_tokenize(vocab, text.data(), text.size(), tokens.data(), tokens.size(), false, true, error);
    });
    char error_free[256];
    const auto length = must([&](char ** error) {
        return puna_detokenize(vocab, tokens.data(), count, error_free, sizeof error_free, true, error);
    });
    check(std::string(error_free, length) == text, "got " + std::string(error_free, length));
    check(puna_detokenize(vocab, tokens.data(), count, error_free, 3, true, nullptr) == -length, "needed length");
    const llama_token wrong = 1 << 30;
    check(
        !error_of([&](char ** error) { return puna_detokenize(vocab, &wrong, 1, error_free, 9, true, error); }).empty(),
        "a token out of range has text");
}

void marked_tokens_are_told_in_one_call() {
    std::vector<llama_token> ends(16);
    const auto count = puna_marked_tokens(vocab, 0, ends.data(), ends.size());
    check(count > 0 && count <= 16 && llama_vocab_is_eog(vocab, ends[0]), "ends of answers");
    const auto controls = puna_marked_tokens(vocab, LLAMA_TOKEN_ATTR_CONTROL, nullptr, 0);
    std::vector<llama_token> marked(controls);
    check(puna_marked_tokens(vocab, LLAMA_TOKEN_ATTR_CONTROL, marked.data(), controls) == controls, "number");
    for (const auto token : marked) {
        check((llama_vocab_get_attr(vocab, token) & LLAMA_TOKEN_ATTR_CONTROL) != 0, "a token without the attribute");
    }
}

void a_raised_flag_stops_the_computation() {
    int32_t flag       = 1;
    const auto context = new_context(&flag);
    const auto input   = tokenize("Hello there");
    std::vector<llama_pos> positions(input.size());
    std::vector<llama_seq_id> sequences(input.size(), 0);
    for (size_t i = 0; i < input.size(); i++) {
        positions[i] = i;
    }
    check(puna_step(context.get(), input.size(), input.data(), positions.data(), sequences.data(), nullptr, 0, nullptr,
                    nullptr) == 2,
          "not aborted");
    check(taken(puna_context_memory(context.get())).find("\"model\"") != std::string::npos, "memory");
    const std::vector<llama_token> many(5000, input[0]);
    check(error_of([&](char ** error) {
              return puna_step(context.get(), 5000, many.data(), nullptr, nullptr, nullptr, 0, nullptr, error);
          }).find("5000") != std::string::npos,
          "a batch that is too large");
}

void a_bad_file_says_why() {
    const std::string path =
        std::string(std::getenv("TMPDIR") ? std::getenv("TMPDIR") : "/tmp") + "/puna-shim-test.gguf";
    std::ofstream(path) << "this is no model";
    const char * paths[] = {path.c_str()};
    const auto reason    = error_of([&](char ** error) {
        return puna_model_load(paths, 1, llama_model_default_params(), nullptr, nullptr, 0, nullptr, error);
    });
    std::remove(path.c_str());
    check(reason.find("magic") != std::string::npos, "said: " + reason);
}

const std::string & scratch() {
    static const std::string path =
        std::string(std::getenv("TMPDIR") ? std::getenv("TMPDIR") : "/tmp") + "/puna-shim-test-output.gguf";
    return path;
}

// The model of these tests is quantised already, so all that is left is to copy the tensors that stay as they are.
void what_was_quantised_is_not_quantised_again(const char * path) {
    puna_load load{};
    const auto reason = error_of(
        [&](char ** error) { return puna_quantize(path, scratch().c_str(), LLAMA_FTYPE_MOSTLY_Q8_0, 1, "", &load, error); });
    std::remove(scratch().c_str());
    check(reason.find("requantizing") != std::string::npos, "said: " + reason);
    check(load.progress >= 0.0f && load.progress < 1.0f, "progress");
}

void a_cancelled_quantisation_stops(const char * path) {
    puna_load load{0.0f, 1};
    const auto reason = error_of(
        [&](char ** error) { return puna_quantize(path, scratch().c_str(), LLAMA_FTYPE_MOSTLY_Q8_0, 1, "", &load, error); });
    std::remove(scratch().c_str());
    check(reason == "quantising was cancelled", "said: " + reason);
}

void a_model_is_no_adapter(const char * path) {
    const auto reason = error_of([&](char ** error) { return puna_adapter_load(model, path, error); });
    check(reason.find("adapter") != std::string::npos, "said: " + reason);
}

void a_context_takes_no_adapters() {
    const auto context = new_context();
    must([&](char ** error) { return puna_adapters_set(context.get(), nullptr, nullptr, 0, error); });
}

void a_cancelled_load_stops(const char * path) {
    puna_load load{0.0f, 1};
    const auto reason =
        error_of([&](char ** error) {
            return puna_model_load(&path, 1, llama_model_default_params(), nullptr, nullptr, 0, &load, error);
        });
    check(reason == "loading was cancelled", "said: " + reason);
}

}  // namespace

void add_model_tests(Tests & tests, const char * path) {
    tests.emplace_back("versions agree", versions_agree);
    tests.emplace_back("devices hold a CPU", devices_hold_a_cpu);
    tests.emplace_back("the plugin of the CPU is told", the_plugin_of_the_cpu_is_told);
    tests.emplace_back("a device that is not there is refused", a_device_that_is_not_there_is_refused);
    tests.emplace_back("metadata names the architecture", metadata_names_the_architecture);
    tests.emplace_back("tokens give their text back", tokens_give_their_text_back);
    tests.emplace_back("marked tokens are told in one call", marked_tokens_are_told_in_one_call);
    tests.emplace_back("a raised flag stops the computation", a_raised_flag_stops_the_computation);
    tests.emplace_back("a bad file says why", a_bad_file_says_why);
    tests.emplace_back("a cancelled load stops", [path] { a_cancelled_load_stops(path); });
    tests.emplace_back("what was quantised is not quantised again",
                       [path] { what_was_quantised_is_not_quantised_again(path); });
    tests.emplace_back("a cancelled quantisation stops", [path] { a_cancelled_quantisation_stops(path); });
    tests.emplace_back("a model is no adapter", [path] { a_model_is_no_adapter(path); });
    tests.emplace_back("a context takes no adapters", a_context_takes_no_adapters);
}
