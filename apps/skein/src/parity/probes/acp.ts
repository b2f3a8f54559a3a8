import { asObject, asText, type Json } from "@skein/protocol/json"
import type { Talk } from "../place.ts"
import { must, type Probe } from "./probe.ts"

/** `acp`: a handshake, a session, a prompt with a command, and then every method of the surface by its name. */
export const acp: Probe = {
  id: "acp.turn",
  async run(place, { rows, saw, refused }) {
    const talk = place.talk(["acp", "--mode", "full"])
    const agent = asking(talk)
    const hello = asObject((await agent("initialize", { protocolVersion: 1, clientCapabilities: {} })).result)
    must(hello?.protocolVersion === 1, "It speaks another version")
    const made = asObject((await agent("session/new", { cwd: place.cwd, mcpServers: [] })).result)
    const sessionId = asText(made?.sessionId)
    must(sessionId !== undefined, "There is no session")
    const prompt = [{ type: "text", text: "run: echo out" }]
    const ended = asObject((await agent("session/prompt", { sessionId, prompt })).result)
    must(ended?.stopReason === "end_turn", `The turn ended as ${JSON.stringify(ended)}`)
    saw("initialize", "session/new", "session/prompt", "session/update")
    for (const { method, params } of talk.heard) {
      if (typeof method === "string") saw(method)
      const kind = asText(asObject(asObject(params)?.update)?.sessionUpdate)
      if (kind !== undefined) saw(kind, `update:${kind}`, `session/update/${kind}`)
    }
    const methods = rows.filter(({ id }) => /^[a-z_]+\/[\w/]+$/.test(id) && id !== "session/update")
    for (const { id } of methods) {
      const error = asObject((await agent(id, {})).error)
      if (error?.code === -32601) refused(id)
      else saw(id)
    }
    await talk.end()
    return `a prompt of ${talk.heard.length} messages, ${methods.length} methods asked by name`
  },
}

function asking(talk: Talk) {
  let ids = 0
  return async (method: string, params: Json) => {
    const id = ++ids
    talk.say({ jsonrpc: "2.0", id, method, params })
    return talk.until((message) => message.id === id && message.method === undefined)
  }
}
