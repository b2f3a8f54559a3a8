import { asObject, asText, type Json } from "@skein/protocol/json"
import type { Talk } from "../place.ts"
import { must, type Notes, type Probe } from "./probe.ts"

/** `app-server`: a handshake, a thread, a turn with a command, and then every method of the surface by its name. */
export const appServer: Probe = {
  id: "app-server.turn",
  async run(place, notes) {
    const talk = place.talk(["app-server"])
    const server = asking(talk)
    const early = await server("thread/start", {})
    must(asObject(early.error)?.message === "Not initialized", "It answered before the handshake")
    await server("initialize", {
      clientInfo: { name: "skein-parity", version: "1" },
      capabilities: { experimentalApi: true },
    })
    talk.say({ method: "initialized" })
    const started = await server("thread/start", {
      cwd: place.cwd,
      sandbox: "workspace-write",
      approvalPolicy: "never",
    })
    const threadId = asText(asObject(asObject(started.result)?.thread)?.id)
    must(threadId !== undefined, `thread/start: ${JSON.stringify(started.error)}`)
    await server("turn/start", { threadId, input: [{ type: "text", text: "run: echo out", text_elements: [] }] })
    const completed = await talk.until(({ method }) => method === "turn/completed")
    const turn = asObject(asObject(completed.params)?.turn)
    must(turn?.status === "completed", `The turn ended as ${JSON.stringify(turn?.status)}`)
    await server("thread/read", { threadId, includeTurns: true })
    await server("thread/list", {})
    notes.saw("initialize", "initialized", "thread/start", "turn/start", "thread/read", "thread/list")
    const methods = await everyMethod(server, notes)
    must((await talk.end()) === 0, "It did not end with its input")
    for (const { method } of talk.heard) if (typeof method === "string") notes.saw(method)
    return `a turn of ${talk.heard.length} messages, ${methods} methods asked by name`
  },
}

type Ask = (method: string, params: Json) => Promise<Json>

function asking(talk: Talk): Ask {
  let ids = 0
  return async (method, params) => {
    const id = ++ids
    talk.say({ id, method, params })
    return talk.until((message) => message.id === id && message.method === undefined)
  }
}

/** Without what they need: a request that is there says what is missing, one that is not is refused by its name or with its reason. */
async function everyMethod(server: Ask, { rows, saw, refused }: Notes): Promise<number> {
  const requests = rows.filter(({ kind }) => kind === "request")
  // Signing out last: nothing behind it may need the key.
  const ordered = [
    ...requests.filter(({ id }) => id !== "account/logout"),
    ...requests.filter(({ id }) => id === "account/logout"),
  ]
  for (const { id, holds } of ordered) {
    if (id === "initialize") continue
    const message = asText(asObject((await server(id, {})).error)?.message) ?? ""
    const isNamed = /unknown variant|not available|not supported/i.test(message)
    // What does not hold may be refused as the other program refuses it, but never for what is missing in the request.
    const isRefused = holds === "no" ? message !== "" && !/missing field|invalid type/.test(message) : isNamed
    if (isRefused) refused(id)
    else saw(id)
  }
  return requests.length
}
