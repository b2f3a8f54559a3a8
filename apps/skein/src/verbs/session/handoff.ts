import { accepted } from "@skein/protocol"
import { given } from "@skein/protocol/json"
import { chooseSession } from "../../session/choose.ts"
import { type Asking, withHost } from "../../session/host.ts"
import type { Run } from "../../verb.ts"

/** `skein session handoff <id> [goal]`: prints the id of the session that goes on from here. */
export const run: Run = (call) => withHost(call, handoff)

export async function handoff(at: Asking): Promise<number> {
  const { call, engine } = at
  const { words, rest, flags, io } = call
  const isLast = flags.has("last")
  const sessionId = await chooseSession(at, isLast ? undefined : words[0])
  if (sessionId === undefined) return 0
  const goal = [...(isLast ? words : words.slice(1)), ...rest].join(" ").trim()
  const receipt = await accepted(engine, {
    type: "session.handoff",
    sessionId,
    ...given("goal", goal === "" ? undefined : goal),
  })
  io.out(receipt.sessionId)
  io.err(`note    it goes on from ${sessionId}: skein resume ${receipt.sessionId}`)
  return 0
}
