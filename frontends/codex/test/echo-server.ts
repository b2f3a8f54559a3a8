import { createInterface } from "node:readline"

/** A server of one tool, over stdin and stdout: it says back what it is given. Run by itself. */
const TOOL = {
  ...{ name: "echo", description: "Says a text back" },
  inputSchema: { type: "object", properties: { text: { type: "string" } }, required: ["text"] },
}

function resultOf(method: string, params: { readonly arguments?: { readonly text?: string } }): unknown {
  if (method === "initialize") {
    return { protocolVersion: "2025-06-18", capabilities: { tools: {} }, serverInfo: { name: "echo", version: "1" } }
  }
  if (method === "tools/list") return { tools: [TOOL] }
  return { content: [{ type: "text", text: params.arguments?.text ?? "" }] }
}

for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params = {} } = JSON.parse(line)
  if (id !== undefined)
    process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id, result: resultOf(method, params) })}\n`)
}
