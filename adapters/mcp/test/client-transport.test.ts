import { expect, test } from "bun:test"
import { scene } from "./scene.ts"

const initialized = {
  protocolVersion: "2025-11-25",
  capabilities: { tools: {} },
  serverInfo: { name: "editor", version: "3" },
}

test("a server inside the client is spoken to by messages that are passed on", async () => {
  const passed: string[] = []
  const toClient = async (message: unknown) => {
    const { id, method, params } = message as { id?: number; method: string; params?: { arguments?: object } }
    passed.push(method)
    // As the SDK of Claude's agents does.
    if (id === undefined) return { jsonrpc: "2.0", id: 0, result: {} }
    if (method === "initialize") return { jsonrpc: "2.0", id, result: initialized }
    return { jsonrpc: "2.0", id, result: { content: [{ type: "text", text: JSON.stringify(params?.arguments) }] } }
  }
  await using world = scene({ kind: "client" }, { toClient })
  expect(await world.call("echo", { n: 1 })).toBe('{"n":1}')
  expect(passed).toEqual(["initialize", "notifications/initialized", "tools/call"])
})

test("a client that went away, and one that answers nonsense, fail the call in words", async () => {
  const gone = () => Promise.reject(new Error("The client went away."))
  await using world = scene({ kind: "client" }, { toClient: gone })
  expect(await world.call("echo").catch((error: Error) => error.message)).toContain("The client went away.")
  await using odd = scene({ kind: "client" }, { toClient: async () => ({ hello: 1 }) })
  expect(await odd.call("echo").catch((error: Error) => error.name)).toBe("ToolFailure")
  await using none = scene({ kind: "client" })
  expect(await none.call("echo").catch((error: Error) => error.message)).toBe(
    "The MCP server fake cannot be used. The MCP server fake lives in a client, and none that passes messages on is there.",
  )
})
