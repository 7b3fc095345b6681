// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.api.ollama.ScriptedRoutes;
import dev.puna.engine.OutputFormat;
import dev.puna.engine.Prompt.FillIn;
import dev.puna.support.TinyModels;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What llama.cpp's server has beside OpenAI's API: ranking, filling in, grammars. */
@QuarkusTest
@Tag("quarkus")
class LlamaServerRoutesTest extends ScriptedRoutes {
    private static final String RANK = "'model':'judge','query':'q',";
    private static final String HELLO = "'model':'filler','messages':[{'role':'user','content':'Hi'}]";

    @Override
    protected void prepare(TinyModels models) {
        models.generative("filler", "a template of a model that fills in");
        models.reranker("judge");
    }

    @Test
    void documents_are_ranked_the_best_first() throws IOException {
        assertThat(post("/v1/rerank", "{" + RANK + "'documents':['a','ccc',{'text':'bb'}]}", 200))
                .isEqualTo("{\"model\":\"judge\",\"object\":\"list\","
                        + "\"usage\":{\"prompt_tokens\":3,\"total_tokens\":3},\"results\":["
                        + "{\"index\":1,\"relevance_score\":3},{\"index\":2,\"relevance_score\":2},"
                        + "{\"index\":0,\"relevance_score\":1}]}");
        assertThat(post("/rerank", "{" + RANK + "'documents':['a','ccc'],'top_n':1,'return_documents':true}", 200))
                .contains("\"results\":[{\"index\":1,\"relevance_score\":3,\"document\":{\"text\":\"ccc\"}}]");
    }

    @Test
    void what_cannot_be_ranked_is_refused_with_its_field() throws IOException {
        refused("/v1/rerank", "'model':'judge','documents':['a']", "query is missing", "query");
        refused("/v1/rerank", RANK + "'top_n':1", "documents is missing", "documents");
        refused("/v1/rerank", RANK + "'documents':[]", "documents holds 0 texts", "documents");
        refused("/v1/rerank", RANK + "'documents':['a'" + ",'a'".repeat(1000) + "]", "1001 texts", "documents");
        refused("/v1/rerank", RANK + "'documents':[{}]", "needs a text", "documents");
        refused("/v1/rerank", RANK + "'documents':['a'],'top_n':0", "top_n is 0", "top_n");
        refused("/v1/rerank", "'model':'filler','query':'q','documents':['a']", "does not rank documents", "model");
        assertThat(post("/v1/rerank", "{" + RANK + "'documents':'a'}", 400)).contains("RerankRequest.documents");
        assertThat(post("/v1/rerank", "{'model':'nobody','query':'q','documents':['a']}", 404))
                .contains("not_found_error");
        assertThat(post("/api/embed", "{'model':'judge','input':'a'}", 501)).contains("does not support embeddings");
    }

    @Test
    void a_reranker_says_so() throws IOException {
        assertThat(post("/api/show", "{'model':'judge'}", 200)).contains("\"capabilities\":[\"rerank\"]");
    }

    @Test
    void a_gap_is_filled() throws IOException {
        var body = "{'model':'filler','input_prefix':'a','input_suffix':'b','prompt':'c','n_predict':9,"
                + "'input_extra':[{'filename':'f','text':'t'}]%s}";

        assertThat(post("/infill", body.formatted(""), 200))
                .startsWith(
                        "{\"index\":0,\"content\":\"Hello!\",\"stop\":true,\"model\":\"filler\",\"stop_type\":\"eos\","
                                + "\"truncated\":false,\"tokens_predicted\":2,\"tokens_evaluated\":3,\"tokens_cached\":0,"
                                + "\"timings\":{");
        var request = asked();
        assertThat(request.prompt())
                .isEqualTo(new FillIn(
                        "a",
                        "b",
                        "c",
                        List.of(new FillIn.Extra("f", "t")),
                        "this model cannot fill in: its vocabulary has no tokens for prefix, suffix and middle"));
        assertThat(request.options().numPredict()).isEqualTo(9);
        assertThat(request.options().topP()).isEqualTo(0.9f);
        assertThat(post("/infill", body.formatted(",'stream':true"), 200))
                .startsWith("data: {\"index\":0,\"content\":\"Hello\",\"stop\":false}\n\n")
                .contains("\"stop\":true,\"model\":\"filler\"")
                .doesNotContain("[DONE]");
    }

    @Test
    void no_gap_is_refused() throws IOException {
        refused("/infill", "'model':'filler'", "there is no gap to fill", "input_prefix");
        assertThat(post("/infill", "{'input_prefix':'a'}", 400)).contains("model is required");
        assertThat(post("/infill", "{'model':'judge','input_prefix':'a'}", 400)).contains("does not support generate");
        assertThat(post("/infill", "{'model':'filler','input_prefix':'a','input_extra':'x'}", 400))
                .contains("InfillRequest.input_extra");
    }

    @Test
    void grammars_and_expressions_are_formats() throws IOException {
        var grammar = new OutputFormat.Gbnf("root ::= [a]");
        var expression = new OutputFormat.Matching("[ab]+");
        assertThat(format("/v1/chat/completions", "'grammar':'root ::= [a]'")).isEqualTo(grammar);
        assertThat(format("/v1/chat/completions", "'response_format':{'type':'grammar','grammar':'root ::= [a]'}"))
                .isEqualTo(grammar);
        assertThat(format("/v1/chat/completions", "'response_format':{'type':'regex','pattern':'[ab]+'}"))
                .isEqualTo(expression);
        assertThat(format("/api/chat", "'stream':false,'format':{'type':'grammar','grammar':'root ::= [a]'}"))
                .isEqualTo(grammar);
        assertThat(format("/api/chat", "'stream':false,'format':{'type':'regex','pattern':'[ab]+'}"))
                .isEqualTo(expression);
        assertThat(format("/api/chat", "'stream':false,'format':{'type':['string']}"))
                .isEqualTo(new OutputFormat.Schema("{\"type\":[\"string\"]}"));
    }

    @Test
    void a_format_without_its_text_is_refused() throws IOException {
        refused(
                "/v1/chat/completions",
                HELLO + ",'response_format':{'type':'grammar'}",
                "grammar is missing",
                "grammar");
        refused(
                "/v1/chat/completions",
                HELLO + ",'response_format':{'type':'regex','pattern':4}",
                "pattern is missing",
                "pattern");
        refused("/v1/chat/completions", HELLO + ",'grammar':4", "grammar is missing", "grammar");
        assertThat(post("/api/chat", "{" + HELLO + ",'format':{'type':'regex'}}", 400))
                .contains("pattern is missing");
    }

    private OutputFormat format(String path, String fields) throws IOException {
        post(path, "{" + HELLO + "," + fields + "}", 200);
        return asked().format();
    }

    private void refused(String path, String fields, String message, String field) throws IOException {
        assertThat(post(path, "{" + fields + "}", 400))
                .contains(message)
                .endsWith("\"param\":\"" + field + "\",\"code\":\"invalid_value\"}}");
    }
}
