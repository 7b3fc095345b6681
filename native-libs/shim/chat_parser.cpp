// SPDX-License-Identifier: Apache-2.0
// Reading an answer while it grows: llama-common parses all of it each time, this gives what became known since.
#include "support.h"

#include "chat.h"
#include "json.h"

namespace {

// How many bytes at the end begin a UTF-8 character whose rest has not come yet.
size_t unfinished_bytes(const std::string & text) {
    const size_t look = text.size() < 3 ? text.size() : 3;
    for (size_t back = 1; back <= look; back++) {
        const auto byte = static_cast<unsigned char>(text[text.size() - back]);
        if ((byte & 0xC0) == 0x80) {
            continue;
        }
        const size_t length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1;
        return length > back ? back : 0;
    }
    return 0;
}

common_json tool_call_json(const common_chat_msg_diff & diff) {
    return common_json::object({
        {"index", diff.tool_call_index},
        {"id", diff.tool_call_delta.id},
        {"name", diff.tool_call_delta.name},
        {"arguments", diff.tool_call_delta.arguments},
    });
}

}  // namespace

struct puna_chat_parser {
    explicit puna_chat_parser(const common_json & given)
        : plain_(given.value("plain", false)), split_thinking_(given.value("reasoning", true)) {
        params_.format            = static_cast<common_chat_format>(given.value("format", 0));
        params_.generation_prompt = given.value("generation_prompt", "");
        params_.is_continuation   = given.value("continuation", false);
        params_.reasoning_format  = COMMON_REASONING_FORMAT_AUTO;
        const auto arena          = given.value("arena", "");
        if (!arena.empty()) {
            params_.parser.load(arena);
        }
        if (params_.is_continuation) {
            // What the prompt already holds of the message is not part of the answer.
            message_ = common_chat_parse("", true, params_);
        }
    }

    std::string feed(const char * text, size_t length, bool last) {
        pending_.append(text, length);
        const size_t keep = last ? 0 : unfinished_bytes(pending_);
        const auto ready  = pending_.substr(0, pending_.size() - keep);
        pending_.erase(0, ready.size());
        auto differences = common_json::array();
        if (plain_) {
            add(differences, "content", ready);
        } else if (!ready.empty() || last) {
            text_ += ready;
            parse(!last, differences);
        }
        return differences.dump_safe();
    }

private:
    void parse(bool partial, common_json & differences) {
        auto message = common_chat_parse(text_, partial, params_);
        if (message.empty()) {
            return;
        }
        for (const auto & diff : common_chat_msg_diff::compute_diffs(message_, message)) {
            add(differences, split_thinking_ ? "thinking" : "content", diff.reasoning_content_delta);
            add(differences, "content", diff.content_delta);
            if (diff.tool_call_index != std::string::npos) {
                differences.push_back(common_json::object({{"tool_call", tool_call_json(diff)}}));
            }
        }
        message_ = std::move(message);
    }

    static void add(common_json & differences, const char * kind, const std::string & text) {
        if (!text.empty()) {
            differences.push_back(common_json::object({{kind, text}}));
        }
    }

    bool plain_;
    bool split_thinking_;
    common_chat_parser_params params_;
    common_chat_msg message_;
    std::string text_;
    std::string pending_;
};

puna_chat_parser * puna_chat_parser_init(const char * params, char ** error) {
    return puna::guarded<puna_chat_parser *>(error, nullptr,
                                             [&] { return new puna_chat_parser(common_json::parse(params)); });
}

void puna_chat_parser_free(puna_chat_parser * parser) {
    delete parser;
}

char * puna_chat_parser_feed(puna_chat_parser * parser, const char * text, int32_t text_length, int32_t last,
                             char ** error) {
    return puna::guarded<char *>(error, nullptr,
                                 [&] { return puna::to_c_string(parser->feed(text, text_length, last != 0)); });
}
