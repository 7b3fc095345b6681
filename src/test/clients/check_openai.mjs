// SPDX-License-Identifier: Apache-2.0
// What a program written with the `openai` package for JavaScript does; see check_openai.py.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

const OpenAI = createRequire(import.meta.url)('openai');
const [model, caller, embedder] = process.argv.slice(2);
const client = new OpenAI({ baseURL: `${process.env.OLLAMA_HOST}/v1`, apiKey: 'none', maxRetries: 0, timeout: 120_000 });
const messages = [{ role: 'system', content: 'Be brief.' }, { role: 'user', content: [{ type: 'text', text: 'Hello' }] }];
const pixel = 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=';

async function all(stream) {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return parts;
}

assert.ok((await all(client.models.list())).some((m) => m.id === model));
assert.equal((await client.models.retrieve(model)).object, 'model');

const whole = await client.chat.completions.create({ model, messages, max_completion_tokens: 8, temperature: 0, seed: 1 });
assert.ok(whole.choices[0].message.content && whole.usage.completion_tokens <= 8);
const asking = { model, messages, max_tokens: 8, stream: true, stream_options: { include_usage: true } };
const pieces = await all(await client.chat.completions.create(asking));
assert.ok(pieces.flatMap((p) => p.choices).map((c) => c.delta.content ?? '').join('') && pieces.at(-1).usage.completion_tokens);
// The package's own reading of a stream puts the answer together again.
const gathered = await client.chat.completions.stream({ model, messages, max_tokens: 8 }).finalChatCompletion();
assert.ok(gathered.choices[0].message.content && gathered.choices[0].finish_reason);

const schema = {
  type: 'object',
  properties: { name: { type: 'string', enum: ['Paris', 'Rome'] } },
  required: ['name'],
  additionalProperties: false,
};
const form = { type: 'json_schema', json_schema: { name: 'city', strict: true, schema } };
const formed = await client.chat.completions.parse({ model, messages, response_format: form });
assert.ok(['Paris', 'Rome'].includes(formed.choices[0].message.parsed.name));

const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false };
const tools = [{ type: 'function', function: { name: 'get_weather', parameters, strict: true } }];
const question = { role: 'user', content: 'What is it like in Paris?' };
const called = (await client.chat.completions.create({ model: caller, messages: [question], tools })).choices[0];
assert.equal(called.finish_reason, 'tool_calls');
const [call] = called.message.tool_calls;
assert.deepEqual([call.function.name, JSON.parse(call.function.arguments)], ['get_weather', { city: 'Paris' }]);
const streamed = await client.chat.completions.stream({ model: caller, messages: [question], tools }).finalChatCompletion();
assert.deepEqual(streamed.choices[0].message.tool_calls.map((c) => c.function.parsed_arguments), [{ city: 'Paris' }]);
const told = [question, called.message, { role: 'tool', tool_call_id: call.id, content: 'sunny' }];
assert.ok((await client.chat.completions.create({ model: caller, messages: told, tools })).usage);

const completion = { model, prompt: 'Once upon a', max_tokens: 4 };
assert.equal((await client.completions.create(completion)).choices[0].finish_reason, 'length');
assert.ok((await all(await client.completions.create({ ...completion, stream: true }))).length > 1);

if (embedder) {
  // The package asks for base64 by itself and makes numbers of it.
  const { data } = await client.embeddings.create({ model: embedder, input: ['a', 'b'] });
  assert.ok(data.length === 2 && Math.abs(data[0].embedding.reduce((sum, x) => sum + x * x, 0) - 1) < 1e-4);
}

const left = await client.chat.completions.create({ model, messages, stream: true });
for await (const _ of left) break;
const cancelled = new AbortController();
const stopped = client.chat.completions.create({ model, messages, max_tokens: 4000, ignore_eos: true }, { signal: cancelled.signal });
setTimeout(() => cancelled.abort(), 100);
await assert.rejects(stopped, OpenAI.APIUserAbortError);

const seen = [{ role: 'user', content: [{ type: 'image_url', image_url: { url: pixel } }] }];
await assert.rejects(client.chat.completions.create({ model, messages: seen }), OpenAI.BadRequestError);
await assert.rejects(client.chat.completions.create({ model, messages, temperature: 'hot' }), OpenAI.BadRequestError);
await assert.rejects(client.chat.completions.create({ model: 'absent', messages }), (e) => {
  return e instanceof OpenAI.NotFoundError && e.type === 'not_found_error' && /absent/.test(e.message);
});
console.log('every call is as it should be');
