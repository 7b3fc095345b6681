// SPDX-License-Identifier: Apache-2.0

// What a program written with Ollama's own Go package does, against the server at OLLAMA_HOST. Arguments: a model that
// generates, one that thinks and then calls get_weather for Paris whatever it is asked, and (optional) one that embeds.
package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/ollama/ollama/api"
)

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func check(good bool, seen ...any) {
	if !good {
		panic(fmt.Sprint(seen...))
	}
}

func refused(err error, status int, text string) {
	var refusal api.StatusError
	check(errors.As(err, &refusal), "not refused: ", err)
	check(refusal.StatusCode == status && strings.Contains(refusal.ErrorMessage, text), refusal)
}

func names(ctx context.Context, client *api.Client) (found []string) {
	list, err := client.List(ctx)
	must(err)
	for _, model := range list.Models {
		check(model.Size > 0 && len(model.Digest) == 64 && !model.ModifiedAt.IsZero(), model)
		found = append(found, model.Name)
	}
	return found
}

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	client, err := api.ClientFromEnvironment()
	must(err)
	must(client.Heartbeat(ctx))
	version, err := client.Version(ctx)
	must(err)
	check(version != "", "no version")
	text, caller := os.Args[1], os.Args[2]

	models(ctx, client, text)
	generation(ctx, client, text)
	chat(ctx, client, caller)
	form(ctx, client, text)
	tools(ctx, client, text, caller)
	if len(os.Args) > 3 {
		embeddings(ctx, client, os.Args[3])
	}
	failures(ctx, client, text)
	fmt.Println("every call is as it should be")
}

func models(ctx context.Context, client *api.Client, text string) {
	check(slices.Contains(names(ctx, client), text), "not listed")
	shown, err := client.Show(ctx, &api.ShowRequest{Model: text})
	must(err)
	check(shown.Details.Format == "gguf" && shown.ModelInfo["general.architecture"] == "llama", shown.Details)
	check(len(shown.Tensors) == 0 && len(shown.Capabilities) > 0 && shown.Template != "", shown.Capabilities)
	shown, err = client.Show(ctx, &api.ShowRequest{Model: text, Verbose: true})
	must(err)
	check(len(shown.Tensors) > 0, "no tensors")

	var steps []string
	must(client.Create(ctx, &api.CreateRequest{Model: "pirate-go", From: text, System: "Talk like a pirate.",
		Parameters: map[string]any{"temperature": 0, "stop": []string{"Arr"}},
		Messages:   []api.Message{{Role: "user", Content: "Ahoy"}, {Role: "assistant", Content: "Ahoy!"}}},
		func(step api.ProgressResponse) error { steps = append(steps, step.Status); return nil }))
	check(steps[len(steps)-1] == "success", steps)
	pirate, err := client.Show(ctx, &api.ShowRequest{Model: "pirate-go"})
	must(err)
	check(pirate.System == "Talk like a pirate." && len(pirate.Messages) == 2, pirate.System, pirate.Messages)
	check(strings.Contains(pirate.Parameters, "temperature"), pirate.Parameters)

	must(client.Copy(ctx, &api.CopyRequest{Source: "pirate-go", Destination: "corsair-go"}))
	for _, name := range []string{"pirate-go", "corsair-go"} {
		check(slices.Contains(names(ctx, client), name+":latest"), name)
		must(client.Delete(ctx, &api.DeleteRequest{Model: name}))
	}
	check(!slices.Contains(names(ctx, client), "pirate-go:latest"), "still listed")
	blob := "what is uploaded"
	must(client.CreateBlob(ctx, fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(blob))), strings.NewReader(blob)))
}

func generation(ctx context.Context, client *api.Client, text string) {
	options := map[string]any{"num_predict": 8, "temperature": 0}
	var whole, streamed string
	var last api.GenerateResponse
	request := api.GenerateRequest{Model: text, Prompt: "Name a colour.", Options: options, Stream: new(bool)}
	must(client.Generate(ctx, &request, func(r api.GenerateResponse) error { whole += r.Response; last = r; return nil }))
	check(last.Done && last.EvalCount > 0 && last.EvalCount <= 8 && len(last.Context) > 0, last)
	check(last.TotalDuration > 0 && last.PromptEvalCount > 0, last.Metrics)
	pieces := 0
	request.Stream = nil
	request.KeepAlive = &api.Duration{Duration: time.Minute}
	must(client.Generate(ctx, &request, func(r api.GenerateResponse) error { streamed += r.Response; pieces++; return nil }))
	check(whole != "" && streamed != "" && pieces > 1, whole, "|", streamed, pieces)

	running, err := client.ListRunning(ctx)
	must(err)
	check(len(running.Models) > 0 && running.Models[0].ContextLength > 0, running)
}

// The model that always says the same: a real one's answer may depend on what is in its cache.
func chat(ctx context.Context, client *api.Client, text string) {
	options := map[string]any{"temperature": 0}
	messages := []api.Message{{Role: "system", Content: "Be brief."}, {Role: "user", Content: "Hello"}}
	var whole, streamed string
	request := api.ChatRequest{Model: text, Messages: messages, Options: options, Stream: new(bool)}
	must(client.Chat(ctx, &request, func(r api.ChatResponse) error {
		check(r.Message.Role == "assistant" && r.Done && r.DoneReason != "", r)
		whole = r.Message.Content
		return nil
	}))
	request.Stream = nil
	must(client.Chat(ctx, &request, func(r api.ChatResponse) error { streamed += r.Message.Content; return nil }))
	check(whole != "" && streamed == whole, whole, "|", streamed)

	enough := errors.New("enough")
	err := client.Chat(ctx, &request, func(api.ChatResponse) error { return enough })
	check(errors.Is(err, enough), err)
}

func form(ctx context.Context, client *api.Client, text string) {
	schema := `{"type":"object","properties":{"name":{"enum":["Paris","Rome"]},"size":{"type":"integer","minimum":1,"maximum":9}},
		"required":["name","size"],"additionalProperties":false}`
	answer := ""
	must(client.Chat(ctx, &api.ChatRequest{Model: text, Format: json.RawMessage(schema),
		Messages: []api.Message{{Role: "user", Content: "A city?"}}},
		func(r api.ChatResponse) error { answer += r.Message.Content; return nil }))
	var city struct {
		Name string
		Size int
	}
	must(json.Unmarshal([]byte(answer), &city))
	check((city.Name == "Paris" || city.Name == "Rome") && city.Size >= 1 && city.Size <= 9, answer)
}

func tools(ctx context.Context, client *api.Client, text, caller string) {
	properties := api.NewToolPropertiesMap()
	properties.Set("city", api.ToolProperty{Type: api.PropertyType{"string"}, Description: "where"})
	weather := api.Tool{Type: "function", Function: api.ToolFunction{Name: "get_weather", Description: "What it is like",
		Parameters: api.ToolFunctionParameters{Type: "object", Required: []string{"city"}, Properties: properties}}}
	request := api.ChatRequest{Model: caller, Tools: api.Tools{weather}, Think: &api.ThinkValue{Value: true},
		Messages: []api.Message{{Role: "user", Content: "What is it like in Paris?"}}}
	for _, stream := range []bool{true, false} {
		var said api.Message
		request.Stream = &stream
		must(client.Chat(ctx, &request, func(r api.ChatResponse) error {
			said.Thinking += r.Message.Thinking
			said.ToolCalls = append(said.ToolCalls, r.Message.ToolCalls...)
			return nil
		}))
		check(len(said.ToolCalls) == 1 && strings.Contains(said.Thinking, "weather"), said)
		call := said.ToolCalls[0]
		city, _ := call.Function.Arguments.Get("city")
		check(call.Function.Name == "get_weather" && city == "Paris" && call.ID != "", call)

		said.Role = "assistant"
		answered := request
		answered.Messages = append(slices.Clone(request.Messages), said,
			api.Message{Role: "tool", Content: "sunny", ToolName: "get_weather", ToolCallID: call.ID})
		must(client.Chat(ctx, &answered, func(api.ChatResponse) error { return nil }))
	}
	request.Model, request.Think = text, nil
	refused(client.Chat(ctx, &request, func(api.ChatResponse) error { return nil }), http.StatusBadRequest, "does not support tools")
}

func embeddings(ctx context.Context, client *api.Client, model string) {
	made, err := client.Embed(ctx, &api.EmbedRequest{Model: model, Input: []string{"a", "b"}})
	must(err)
	check(len(made.Embeddings) == 2 && len(made.Embeddings[0]) > 0 && made.PromptEvalCount > 0, made)
	old, err := client.Embeddings(ctx, &api.EmbeddingRequest{Model: model, Prompt: "a"})
	must(err)
	check(len(old.Embedding) == len(made.Embeddings[0]), len(old.Embedding))
}

func failures(ctx context.Context, client *api.Client, text string) {
	_, err := client.Show(ctx, &api.ShowRequest{Model: "absent"})
	refused(err, http.StatusNotFound, "not found")
	refused(client.Delete(ctx, &api.DeleteRequest{Model: "absent"}), http.StatusNotFound, "not found")
	refused(client.Copy(ctx, &api.CopyRequest{Source: "absent", Destination: "b"}), http.StatusNotFound, "not found")
	ignore := func(api.GenerateResponse) error { return nil }
	refused(client.Generate(ctx, &api.GenerateRequest{Model: "absent", Prompt: "a"}, ignore), http.StatusNotFound, "not found")
	wrong := map[string]any{"num_ctx": "many"}
	refused(client.Generate(ctx, &api.GenerateRequest{Model: text, Prompt: "a", Options: wrong}, ignore),
		http.StatusBadRequest, "num_ctx")
	refused(client.CreateBlob(ctx, "sha256:"+strings.Repeat("0", 64), strings.NewReader("a")), http.StatusBadRequest, "mismatch")
}
