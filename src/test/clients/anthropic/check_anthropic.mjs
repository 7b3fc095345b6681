// SPDX-License-Identifier: Apache-2.0
// What a program written with the `@anthropic-ai/sdk` package does, against the server at OLLAMA_HOST with the models named on the
// command line: one that generates, and one that thinks and then calls get_weather for Paris whatever it is asked. Fails with the
// first thing that is not as it should be.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'

const { default: Anthropic } = createRequire(process.env.NODE_PATH + '/')('@anthropic-ai/sdk')
const [text, caller] = process.argv.slice(2)
const client = new Anthropic({ baseURL: process.env.OLLAMA_HOST, apiKey: 'none', maxRetries: 0, timeout: 120_000 })
const hello = { model: text, max_tokens: 8, temperature: 0, system: 'Be brief.', messages: [{ role: 'user', content: 'Hello' }] }

const whole = await client.messages.create(hello)
assert.ok(whole.content[0].text && whole.usage.output_tokens <= 8, JSON.stringify(whole))
const counted = await client.messages.countTokens({ model: text, system: hello.system, messages: hello.messages })
assert.equal(counted.input_tokens, whole.usage.input_tokens + whole.usage.cache_read_input_tokens)

const said = []
const stream = client.messages.stream(hello).on('text', (piece) => said.push(piece))
assert.equal((await stream.finalMessage()).content[0].text, whole.content[0].text)
assert.equal(said.join(''), whole.content[0].text)

const tools = [{ name: 'get_weather', input_schema: { type: 'object', properties: { city: { type: 'string' } } } }]
const question = { role: 'user', content: 'What is it like in Paris?' }
const asked = { model: caller, max_tokens: 2000, messages: [question], tools, thinking: { type: 'enabled', budget_tokens: 1024 } }
const called = await client.messages.stream(asked).finalMessage()
assert.deepEqual(called.content.map((block) => block.type), ['thinking', 'tool_use'])
const [thought, call] = called.content
assert.ok(thought.thinking.includes('weather') && thought.signature)
assert.deepEqual([call.name, call.input, called.stop_reason], ['get_weather', { city: 'Paris' }, 'tool_use'])
const result = { role: 'user', content: [{ type: 'tool_result', tool_use_id: call.id, content: 'sunny' }] }
const turns = [question, { role: 'assistant', content: called.content }, result]
assert.ok((await client.messages.create({ ...asked, messages: turns })).usage.output_tokens)

await assert.rejects(client.messages.create({ ...hello, model: 'nosuch' }), (error) => {
  assert.ok(error instanceof Anthropic.NotFoundError)
  assert.match(error.requestID, /^req_/)
  assert.equal(error.error.error.type, 'not_found_error')
  return true
})
await assert.rejects(client.messages.create({ ...hello, max_tokens: 0 }), Anthropic.BadRequestError)
await assert.rejects(client.messages.create({ ...hello, messages: [...turns.slice(0, 2)] }), /has no tool_result/)

const left = client.messages.stream({ ...hello, max_tokens: 2000 })
left.on('text', () => left.abort())
await assert.rejects(left.finalMessage(), Anthropic.APIUserAbortError)
assert.equal((await client.messages.create({ ...hello, max_tokens: 1 })).usage.output_tokens, 1)
console.log('every call is as it should be')
