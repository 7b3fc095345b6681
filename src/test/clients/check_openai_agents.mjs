// SPDX-License-Identifier: Apache-2.0
// What a program written with OpenAI's Agents SDK for JavaScript does by chat completions; see check_openai_agents.py.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const OpenAI = require('openai');
const { z } = require('zod');
const { Agent, OpenAIChatCompletionsModel, Runner, tool } = require('@openai/agents');
const [text, caller] = process.argv.slice(2);
const client = new OpenAI({ baseURL: `${process.env.OLLAMA_HOST}/v1`, apiKey: 'none', maxRetries: 0, timeout: 120_000 });
const runner = new Runner({ tracingDisabled: true });

function agent(name, more = {}) {
  return new Agent({ name: 'agent', instructions: 'Be brief.', model: new OpenAIChatCompletionsModel(client, name), ...more });
}

const short = agent(text, { modelSettings: { temperature: 0, maxTokens: 8 } });
const whole = await runner.run(short, 'Name a colour.');
assert.ok(whole.finalOutput && whole.rawResponses[0].usage.outputTokens <= 8);
const streamed = await runner.run(short, 'Name a colour.', { stream: true });
let said = '';
for await (const piece of streamed.toTextStream()) said += piece;
await streamed.completed;
assert.ok(said && streamed.finalOutput === said);

const city = z.object({ name: z.enum(['Paris', 'Rome']), coast: z.boolean() });
const formed = await runner.run(agent(text, { outputType: city }), 'A city?');
assert.ok(['Paris', 'Rome'].includes(formed.finalOutput.name));

const weather = tool({
  name: 'get_weather',
  description: 'What it is like',
  parameters: z.object({ city: z.string() }),
  execute: ({ city }) => `sunny in ${city}`,
});
// The model calls for ever, so its first result is the answer; without that, the run has a bound.
const once = agent(caller, { tools: [weather], toolUseBehavior: 'stop_on_first_tool' });
assert.equal((await runner.run(once, 'What is it like in Paris?')).finalOutput, 'sunny in Paris');
const calls = await runner.run(once, 'What is it like in Paris?', { stream: true });
for await (const _ of calls);
assert.equal(calls.finalOutput, 'sunny in Paris');
await assert.rejects(runner.run(agent(caller, { tools: [weather] }), 'What is it like?', { maxTurns: 2 }), /Max turns/);

const left = new AbortController();
const endless = await runner.run(agent(text), 'Tell me a long story.', { stream: true, signal: left.signal });
for await (const event of endless) {
  if (event.type === 'raw_model_stream_event' && event.data.type === 'output_text_delta') left.abort();
}
await assert.rejects(runner.run(agent('absent'), 'Hello'), OpenAI.NotFoundError);
console.log('every call is as it should be');
