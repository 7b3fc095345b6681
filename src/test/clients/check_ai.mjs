// SPDX-License-Identifier: Apache-2.0
// What a program written with the Vercel AI SDK (`ai`) does by its provider for servers of OpenAI's dialect; see check_openai.py.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { createOpenAICompatible } = require('@ai-sdk/openai-compatible');
const { embedMany, generateText, jsonSchema, Output, stepCountIs, streamText, tool } = require('ai');
const [text, caller, embedder] = process.argv.slice(2);
const baseURL = `${process.env.OLLAMA_HOST}/v1`;
const provider = createOpenAICompatible({ name: 'puna', baseURL, includeUsage: true, supportsStructuredOutputs: true });
const bounds = { maxRetries: 0, abortSignal: AbortSignal.timeout(120_000) };
const short = { model: provider(text), system: 'Be brief.', prompt: 'Name a colour.', maxOutputTokens: 8, temperature: 0, ...bounds };
const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=';

const whole = await generateText(short);
assert.ok(whole.text && whole.usage.outputTokens <= 8);
const streamed = streamText(short);
let said = '';
for await (const piece of streamed.textStream) said += piece;
assert.ok(said && (await streamed.usage).outputTokens && ['stop', 'length'].includes(await streamed.finishReason));
assert.ok((await generateText({ ...short, model: provider.completionModel(text), system: undefined })).text);

const schema = jsonSchema({
  type: 'object',
  properties: { name: { type: 'string', enum: ['Paris', 'Rome'] } },
  required: ['name'],
  additionalProperties: false,
});
const form = { model: provider(text), prompt: 'A city?', output: Output.object({ schema }), ...bounds };
assert.ok(['Paris', 'Rome'].includes((await generateText(form)).output.name));
const formed = streamText(form);
for await (const _ of formed.partialOutputStream);
assert.ok(['Paris', 'Rome'].includes((await formed.output).name));

const inputSchema = jsonSchema({ type: 'object', properties: { city: { type: 'string' } }, required: ['city'] });
const weather = tool({ description: 'What it is like', inputSchema, execute: ({ city }) => `sunny in ${city}` });
const question = { model: provider(caller), prompt: 'What is it like in Paris?', tools: { get_weather: weather }, ...bounds };
// The model calls for ever; the second step is told what the tool said.
const called = await generateText({ ...question, stopWhen: stepCountIs(2) });
assert.deepEqual(called.steps.map((step) => step.toolCalls[0].input), [{ city: 'Paris' }, { city: 'Paris' }]);
assert.equal(called.steps[0].toolResults[0].output, 'sunny in Paris');
assert.match(called.steps[0].reasoningText, /weather/);
const calling = streamText(question);
for await (const _ of calling.fullStream);
assert.deepEqual((await calling.toolCalls).map((call) => call.input), [{ city: 'Paris' }]);

if (embedder) {
  const model = provider.textEmbeddingModel(embedder);
  assert.equal((await embedMany({ model, values: ['a', 'b'], maxRetries: 0 })).embeddings.length, 2);
}

const left = new AbortController();
const endless = streamText({ model: provider(text), prompt: 'Tell me a long story.', maxRetries: 0, abortSignal: left.signal });
for await (const part of endless.fullStream) if (part.type === 'text-delta') left.abort();
const seen = [{ role: 'user', content: [{ type: 'image', image: pixel, mediaType: 'image/png' }] }];
await assert.rejects(generateText({ ...short, prompt: seen }), (e) => e.statusCode === 400 && /image/.test(e.message));
await assert.rejects(generateText({ ...short, model: provider('absent') }), (e) => e.statusCode === 404 && /absent/.test(e.message));
console.log('every call is as it should be');
