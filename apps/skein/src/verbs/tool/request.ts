import type { Host } from "@skein/host"
import { accepted, type CallId, type Event, type EventOf, type SessionId } from "@skein/protocol"
import { sessionForCall } from "../../session/own-call.ts"
import { UsageError } from "../../usage.ts"
import type { VerbCall } from "../../verb.ts"

/** What became of a request: it ran or runs, waits for a person's yes, was refused, or could not be made. */
export type Outcome = "spawned" | "pending_approval" | "rejected" | "error"

export interface Requested {
  readonly sessionId: SessionId
  readonly outcome: Outcome
  readonly settled: EventOf<"call.settled">
  /** Everything that happened so far, and what happens next. */
  readonly seen: readonly Event[]
  next(): Promise<Event | undefined>
  done(): Promise<void>
}

/** Makes one call in a session, its own unless another is named, and waits until that has settled. */
export async function requested(
  { flags }: VerbCall,
  { host, cwd }: { readonly host: Host; readonly cwd: string },
  call: { readonly name: string; readonly input: unknown },
): Promise<Requested> {
  const { engine } = host
  const sessionId = await sessionForCall(host, cwd, flags.text("session"))
  const events = engine.events({ sessionId })[Symbol.asyncIterator]()
  const isApproving = flags.has("approved")
  if (isApproving) {
    await accepted(engine, { type: "client.attach", sessionId, clientId: "cli_tool", answers: ["approval"] })
  }
  await accepted(engine, { type: "call.make", sessionId, ...call })
  const seen: Event[] = []
  const next = async () => {
    const { done, value } = await events.next()
    if (done === true) return undefined
    seen.push(value)
    if (value.type === "approval.requested" && isApproving) {
      const { approvalId } = value
      await accepted(engine, { type: "approval.answer", sessionId, approvalId, answer: "allow_once" })
    }
    return value
  }
  let callId: CallId | undefined
  for (let event = await next(); event !== undefined; event = await next()) {
    if (event.type === "call.requested") callId = event.callId
    if (event.type !== "call.settled" || event.callId !== callId) continue
    const done = async () => void (await events.return?.())
    return { sessionId, settled: event, outcome: outcomeOf(event), seen, next, done }
  }
  throw new Error("A call that was made settles")
}

/** A program that ran and failed was spawned all the same. */
function outcomeOf({ outcome, code }: EventOf<"call.settled">): Outcome {
  if (code === "call.unattended") return "pending_approval"
  if (code === "call.denied") return "rejected"
  return outcome === "success" || code === undefined ? "spawned" : "error"
}

/** The program and its arguments as a shell line that means exactly them. */
export function lineOf({ words, rest }: VerbCall): string {
  const argv = [...words, ...rest]
  if (argv.length === 0) throw new UsageError("Name a program behind --, as in: skein tool shell -- ls -l")
  return argv.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(" ")
}

/** As exit codes: a request that waits for a person is refused here, where nobody is. */
export function exitCodeFor(outcome: Outcome, exitCode: number | undefined): number {
  if (outcome === "pending_approval" || outcome === "rejected") return REFUSED
  if (outcome === "error") return 1
  return exitCode ?? 0
}

const REFUSED = 77

export function textOf({ forModel }: EventOf<"call.settled">): string {
  return forModel.map((part) => (part.type === "text" ? part.text : `[${part.mediaType}]`)).join("\n")
}
