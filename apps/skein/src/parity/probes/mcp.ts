import { asList, asObject, asText, type Json } from "@skein/protocol/json"
import { must, type Probe } from "./probe.ts"

/** `mcp serve`: the handshake, the list of tools, a call that reads, and a method that there is not. */
export const mcp: Probe = {
  id: "mcp.serve",
  async run(place, { saw }) {
    const talk = place.talk(["mcp", "serve"])
    let ids = 0
    const ask = async (method: string, params: Json) => {
      const id = ++ids
      talk.say({ jsonrpc: "2.0", id, method, params })
      return talk.until((message) => message.id === id && message.method === undefined)
    }
    const clientInfo = { name: "skein-parity", version: "1" }
    const hello = await ask("initialize", { protocolVersion: "2025-06-18", capabilities: {}, clientInfo })
    must(asText(asObject(hello.result)?.protocolVersion) !== undefined, "It did not take the handshake")
    talk.say({ jsonrpc: "2.0", method: "notifications/initialized" })
    const listed = asObject((await ask("tools/list", {})).result)
    const tools = asList(listed?.tools).flatMap((tool) => asText(asObject(tool)?.name) ?? [])
    must(tools.length > 0, "It lists no tools")
    const unknown = await ask("no/such", {})
    must(asObject(unknown.error)?.code === -32601, "An unknown method was not refused")
    await talk.end()
    saw("initialize", "tools/list", "error:-32601", ...tools.map((name) => `tool:${name}`))
    return `${tools.length} tools listed`
  },
}
