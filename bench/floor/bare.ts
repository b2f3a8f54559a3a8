/**
 * The least an agent can be: it asks, prints what streams in, reads the files it is asked for, asks again. No session,
 * no approval, no settings. What skein takes above this is what skein adds. `bare MOCK PROMPT`; without a prompt it says
 * hello.
 */
import { readFileSync, writeSync } from "node:fs"

const [mock = "", prompt = ""] = process.argv.slice(2)
const TOOL = {
  type: "function",
  name: "read",
  description: "Read a file.",
  parameters: { type: "object", properties: { path: { type: "string" } }, required: ["path"] },
}

interface Finished {
  readonly type: string
  readonly call_id?: string
  readonly arguments?: string
}

const input: unknown[] = [{ role: "user", content: [{ type: "input_text", text: prompt }] }]
let isWaiting = prompt !== ""
while (isWaiting) {
  const items = await ask()
  const calls = items.filter((item) => item.type === "function_call")
  input.push(...items)
  for (const call of calls) {
    const { path } = JSON.parse(call.arguments ?? "{}") as { path: string }
    input.push({ type: "function_call_output", call_id: call.call_id, output: readFileSync(path, "utf8") })
  }
  isWaiting = calls.length > 0
}
writeSync(1, "\n")

async function ask(): Promise<Finished[]> {
  const response = await fetch(`${mock}/v1/responses`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "mock-model", stream: true, input, tools: [TOOL] }),
  })
  const items: Finished[] = []
  const decoder = new TextDecoder()
  let rest = ""
  for await (const bytes of response.body ?? []) {
    const text = rest + decoder.decode(bytes, { stream: true })
    let printed = ""
    let start = 0
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
      if (text.startsWith("data: ", start)) {
        const event = JSON.parse(text.slice(start + 6, end)) as { type: string; delta: string; item: Finished }
        if (event.type === "response.output_text.delta") printed += event.delta
        else if (event.type === "response.output_item.done") items.push(event.item)
      }
      start = end + 1
    }
    rest = text.slice(start)
    if (printed !== "") writeSync(1, printed)
  }
  return items
}
