import { asList, asObject, asText, type Json } from "@skein/protocol/json"
import type { Talk } from "../place.ts"
import { must, type Probe } from "./probe.ts"

/** `acp`: a handshake, a session, a prompt with a command, and then every method of the surface by its name. */
export const acp: Probe = {
  id: "acp.turn",
  async run(place, { rows, saw, refused }) {
    const talk = place.talk(["acp"])
    const answering = answer(talk)
    const agent = asking(talk)
    const clientCapabilities = { fs: { readTextFile: true, writeTextFile: true } }
    const hello = asObject((await agent("initialize", { protocolVersion: 1, clientCapabilities })).result)
    must(hello?.protocolVersion === 1, "It speaks another version")
    const made = asObject((await agent("session/new", { cwd: place.cwd, mcpServers: [] })).result)
    const sessionId = asText(made?.sessionId)
    must(sessionId !== undefined, "There is no session")
    for (const text of ["run: echo out > asked.txt", "write: made.txt", "list: it", "think: on"]) {
      const ended = asObject((await agent("session/prompt", { sessionId, prompt: [{ type: "text", text }] })).result)
      must(ended?.stopReason === "end_turn", `The turn ended as ${JSON.stringify(ended)}`)
    }
    saw("initialize", "session/new", "session/prompt", "session/update", "prompt:text")
    for (const { method, params } of talk.heard) {
      if (typeof method === "string") saw(method)
      const kind = asText(asObject(asObject(params)?.update)?.sessionUpdate)
      if (kind !== undefined) saw(`update:${kind}`)
      for (const part of asList(asObject(asObject(params)?.update)?.content))
        saw(`content:${asText(asObject(part)?.type)}`)
    }
    const methods = rows.filter(({ id }) => /^[a-z_]+(\/[\w/]+)?$/.test(id) && !CLIENTS.test(id) && id !== "initialize")
    for (const { id } of methods) {
      const error = asObject((await agent(id, {})).error)
      if (error?.code === -32601) refused(id)
      else saw(id)
    }
    await talk.end()
    await answering
    return `a prompt of ${talk.heard.length} messages, ${methods.length} methods asked by name`
  },
}

/** What the agent asks or tells, and is never asked. */
const CLIENTS =
  /^(session\/update|session\/request_permission|session\/cancel|fs\/|terminal\/|elicitation\/|mcp\/|proxy\/)/

/** The editor's side, until it is over: it has no files but those on disk, and lets everything run once. */
async function answer(talk: Talk): Promise<void> {
  for (;;) {
    const isAsked = ({ id, method }: Json) => id !== undefined && method !== undefined
    // It is over, or was silent: the probe's own questions tell of either.
    const request = await talk.until(isAsked).catch(() => undefined)
    if (request === undefined) return
    const { id, method, params } = request
    if (method === "session/request_permission") {
      const options = asList(asObject(params)?.options).map((option) => asObject(option) ?? {})
      const optionId = options.find(({ kind }) => kind === "allow_once")?.optionId
      talk.say({ jsonrpc: "2.0", id, result: { outcome: { outcome: "selected", optionId } } })
    } else if (method === "fs/write_text_file") talk.say({ jsonrpc: "2.0", id, result: {} })
    else talk.say({ jsonrpc: "2.0", id, error: { code: -32002, message: "Resource not found" } })
  }
}

function asking(talk: Talk) {
  let ids = 0
  return async (method: string, params: Json) => {
    const id = ++ids
    talk.say({ jsonrpc: "2.0", id, method, params })
    return talk.until((message) => message.id === id && message.method === undefined)
  }
}
