// SPDX-License-Identifier: Apache-2.0
// What a program written with the `ollama` package for JavaScript does; see check_ollama.py.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

const { Ollama } = createRequire(import.meta.url)('ollama');
const [model, caller, embedder] = process.argv.slice(2);
const ollama = new Ollama({ host: process.env.OLLAMA_HOST });
const options = { num_predict: 8, temperature: 0 };
const messages = [{ role: 'user', content: 'Hello' }];

async function all(stream) {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return parts;
}

const { models } = await ollama.list();
assert.ok(models.some((m) => m.name === model));
assert.equal((await ollama.show({ model })).details.format, 'gguf');

const whole = await ollama.generate({ model, prompt: 'Name a colour.', options });
assert.ok(whole.done && whole.response && whole.eval_count <= 8);
const pieces = await all(await ollama.generate({ model, prompt: 'Name a colour.', options, stream: true }));
assert.ok(pieces.map((p) => p.response).join('') && pieces.length > 1);

assert.ok((await ollama.chat({ model, messages, options })).message.content);
// Compared with the model that always says the same: a real one's answer may depend on what is in its cache.
const answer = await ollama.chat({ model: caller, messages });
const streamed = await all(await ollama.chat({ model: caller, messages, stream: true }));
assert.equal(streamed.map((p) => p.message.content).join(''), answer.message.content);

const endless = await ollama.chat({ model, messages, options: { num_predict: 1000 }, stream: true });
await assert.rejects(async () => {
  for await (const part of endless) if (!part.done) endless.abort();
}, { name: 'AbortError' });

const format = { type: 'object', properties: { ok: { type: 'boolean' } }, required: ['ok'], additionalProperties: false };
const formed = JSON.parse((await ollama.chat({ model, messages, format })).message.content);
assert.equal(typeof formed.ok, 'boolean');

const tool = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'What it is like',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};
const asked = { model: caller, messages: [{ role: 'user', content: 'What is it like in Paris?' }], tools: [tool], think: true };
const called = (await ollama.chat(asked)).message;
assert.deepEqual(called.tool_calls.map((c) => [c.function.name, c.function.arguments]), [['get_weather', { city: 'Paris' }]]);
assert.match(called.thinking, /weather/);
const parts = await all(await ollama.chat({ ...asked, stream: true }));
assert.equal(parts.flatMap((p) => p.message.tool_calls ?? []).length, 1);
const told = [...asked.messages, called, { role: 'tool', tool_name: 'get_weather', content: 'sunny' }];
assert.ok((await ollama.chat({ ...asked, messages: told })).done);
await assert.rejects(ollama.chat({ ...asked, model, think: false }), /does not support tools/);

if (embedder) {
  const { embeddings } = await ollama.embed({ model: embedder, input: ['a', 'b'] });
  assert.ok(embeddings.length === 2 && Math.abs(embeddings[0].reduce((sum, x) => sum + x * x, 0) - 1) < 1e-4);
}

const steps = await all(await ollama.create({ model: 'pirate-js', from: model, system: 'Arr.', stream: true }));
assert.equal(steps.at(-1).status, 'success');
await ollama.copy({ source: 'pirate-js', destination: 'corsair-js' });
await ollama.delete({ model: 'pirate-js' });
await ollama.delete({ model: 'corsair-js' });
await assert.rejects(ollama.chat({ model: 'pirate-js', messages }), /not found/);
console.log('every call is as it should be');
