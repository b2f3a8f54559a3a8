import { accepted, jsonPage, TOPICS } from "@skein/protocol"
import { chooseSession } from "../../session/choose.ts"
import { type Asking, withHost } from "../../session/host.ts"
import { oneLine } from "../../tell/visible.ts"
import type { Run } from "../../verb.ts"

/** `skein session topics <id>`: asks a small model what a session is about, once, and keeps it for lists. */
export const run: Run = (call) => withHost(call, topics)

export async function topics(at: Asking): Promise<number> {
  const { call, engine } = at
  const { words, flags, io } = call
  const sessionId = await chooseSession(at, flags.has("last") ? undefined : words[0])
  if (sessionId === undefined) return 0
  await accepted(engine, { type: "topics.find", sessionId })
  const { topics: found } = await engine.ask({ type: "session.read", sessionId })
  if (found === undefined) throw new Error("What was accepted is there")
  if (flags.has("json")) io.out(jsonPage(found))
  else
    for (const [name, value] of Object.entries(found))
      io.out(`${name.padEnd(10)} ${oneLine([value].flat().join(", "))}`.trimEnd())
  io.err(`note    skein session list --topic NAME lists those of a topic: ${TOPICS.join(", ")}`)
  return 0
}
