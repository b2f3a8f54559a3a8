/**
 * Records the cassettes of this folder from a scripted local stand-in for the providers:
 * `bun adapters/models/test/record.ts`. They are labelled as scripted. The tests only replay them.
 */
import { join } from "node:path"
import { LLMock } from "@copilotkit/aimock"
import { models, recording } from "../src/index.ts"
import { CASES, PROMPT, requestFor, TOOL_PROMPT } from "./cases.ts"

const provider = new LLMock({ port: 0, chunkSize: 12, latency: 5 })
provider.onMessage(PROMPT, { content: "A skein is a length of yarn, loosely coiled and knotted. “Größe” counts." })
provider.onMessage(TOOL_PROMPT, {
  toolCalls: [{ id: "call_1", name: "read", arguments: JSON.stringify({ path: "src/main.ts", lines: [1, 80] }) }],
})
await provider.start()
for (const { wire, model, env } of CASES) {
  for (const [name, prompt] of [
    ["text", PROMPT],
    ["call", TOOL_PROMPT],
  ] as const) {
    const file = join(import.meta.dirname, "cassettes", wire, `${name}.json`)
    const label = `${wire}, ${name}: a scripted answer, no model`
    const tape = recording((url, init) => fetch(url, init), file, { source: "scripted", label })
    const clock = { now: () => 0, sleep: () => new Promise<void>(() => {}) }
    const port = models({ env: env(provider.url), key: () => "sk-not-a-real-key", fetch: tape, clock })
    for await (const chunks of port.stream(requestFor(model, prompt), new AbortController().signal))
      console.log(wire, name, JSON.stringify(chunks))
    await tape.saved()
  }
}
await provider.stop()
