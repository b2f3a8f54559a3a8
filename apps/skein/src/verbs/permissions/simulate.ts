import type { Host, Judged } from "@skein/host"
import { type DurableEvent, jsonPage, type Rule, type SessionId, type Settings, SkeinError } from "@skein/protocol"
import { given } from "@skein/protocol/json"
import { sessionNamed } from "../../session/find.ts"
import { type Asking, withHost } from "../../session/host.ts"
import { oneLine } from "../../tell/visible.ts"
import { UsageError } from "../../usage.ts"
import type { Run } from "../../verb.ts"
import { proposed } from "./change.ts"

/** A call of a past session whose decision the rule would change. */
interface Changed {
  readonly sessionId: SessionId
  readonly title: string
  readonly before: Judged["decision"]
  readonly after: Judged["decision"]
  /** Why letting it through unasked would be dangerous; absent where it would not. */
  readonly danger?: string
}

interface Simulated {
  readonly sessions: number
  readonly calls: number
  /** Calls that could not be planned as things are now: files that are gone, tools that are not there. */
  readonly unplanned: number
  readonly promptsBefore: number
  readonly promptsAfter: number
  readonly changed: readonly Changed[]
}

/**
 * `skein permissions simulate allow <what>`: every past call judged twice, in its own folder and with its session's
 * settings: with the rules of that folder as they are now, and as if the rule held too.
 */
export const run: Run = (call) =>
  withHost(call, async (at) => {
    const { flags, io, words, rest } = call
    const rules = proposed([...words, ...rest], "user", at.host.permissions)
    const found = await simulated(at, rules)
    if (flags.has("json")) io.out(jsonPage(found))
    else for (const line of told(found)) io.out(line)
    return 0
  })

type At = Asking & { readonly host: Host }

async function simulated(at: At, rules: readonly Rule[]): Promise<Simulated> {
  const { permissions } = at.host
  const { diagnostics } = await at.host.workbench()
  const sessions = await chosen(at)
  const known = new Map<string, Changed | "same" | "asked" | "unplanned">()
  const changed: Changed[] = []
  let [calls, unplanned, promptsBefore, promptsAfter] = [0, 0, 0, 0]
  for (const { sessionId, cwd } of sessions) {
    let under: Under = { cwd }
    for (const event of await diagnostics.events(sessionId)) {
      under = { ...under, ...settingsIn(event) }
      if (!isCall(event)) continue
      calls++
      const key = JSON.stringify([under, event.name, event.input])
      const result = known.get(key) ?? (await judgedTwice(event, sessionId, under))
      known.set(key, result)
      if (result === "unplanned") unplanned++
      if (result === "asked") {
        promptsBefore++
        promptsAfter++
      }
      if (typeof result === "string") continue
      changed.push({ ...result, sessionId })
      if (result.before === "ask") promptsBefore++
      if (result.after === "ask") promptsAfter++
    }
  }
  return { sessions: sessions.length, calls, unplanned, promptsBefore, promptsAfter, changed }

  async function judgedTwice(
    event: Call,
    sessionId: SessionId,
    under: Under,
  ): Promise<Changed | "same" | "asked" | "unplanned"> {
    const standing = at.host.rulesIn(under.cwd)
    const before = await permissions.judge(event.name, event.input, { ...under, rules: standing })
    if (!before.isPlanned) return "unplanned"
    const after = await permissions.judge(event.name, event.input, { ...under, rules: [...standing, ...rules] })
    if (before.decision === after.decision) return before.decision === "ask" ? "asked" : "same"
    // What not even `auto` lets through by itself is worth a look before it never asks again.
    const cautious = await permissions.judge(event.name, event.input, { ...under, mode: "auto", rules: [] })
    const isDangerous = after.decision === "allow" && cautious.decision !== "allow"
    const [danger] = cautious.reasons
    return {
      ...{ sessionId, title: event.title, before: before.decision, after: after.decision },
      ...(isDangerous && danger !== undefined ? { danger } : {}),
    }
  }
}

/** Where a call was made, and what its session had set by then. */
interface Under extends Partial<Pick<Settings, "mode" | "sandbox" | "network" | "extraRoots">> {
  readonly cwd: string
}

function settingsIn(event: DurableEvent): Partial<Under> {
  const said =
    event.type === "session.created" ? event.settings : event.type === "settings.changed" ? event.changes : {}
  const { mode, sandbox, network, extraRoots } = said
  return {
    ...given("mode", mode),
    ...given("sandbox", sandbox),
    ...given("network", network),
    ...given("extraRoots", extraRoots),
  }
}

type Call = Extract<DurableEvent, { type: "call.requested" }>

function isCall(event: DurableEvent): event is Call {
  return event.type === "call.requested" && event.defect === undefined
}

const SESSIONS_MAX = 50

async function chosen({
  call,
  engine,
  cwd,
}: At): Promise<readonly { readonly sessionId: SessionId; readonly cwd: string }[]> {
  const { flags } = call
  const limit = Number(flags.text("limit") ?? SESSIONS_MAX)
  if (!Number.isSafeInteger(limit) || limit < 1) throw new UsageError("--limit takes a whole number of at least 1.")
  const all = await engine.ask({
    type: "sessions.list",
    includesNonInteractive: true,
    ...(flags.has("all") ? {} : { cwd }),
  })
  const named = flags.list("session")
  if (named.length === 0) return all.slice(0, limit)
  const ids = await Promise.all(named.map((word) => sessionNamed(engine, word)))
  const everywhere = await engine.ask({ type: "sessions.list", includesNonInteractive: true })
  return ids.map((id) => {
    const found = everywhere.find(({ sessionId }) => sessionId === id)
    if (found === undefined) throw new SkeinError("session.not_found", `Cannot find session ${id}.`)
    return found
  })
}

const SHOWN_MAX = 20

function told({ sessions, calls, unplanned, promptsBefore, promptsAfter, changed }: Simulated): readonly string[] {
  const dangerous = changed.filter(({ danger }) => danger !== undefined)
  const others = (decision: Judged["decision"]) => changed.filter(({ after }) => after === decision)
  const lines = (list: readonly Changed[], more: (entry: Changed) => string) => [
    ...[...new Set(list.map((entry) => `  ${oneLine(entry.title)}${more(entry)}`))].slice(0, SHOWN_MAX),
    ...(list.length > SHOWN_MAX ? [`  and more: --json has all ${list.length}`] : []),
  ]
  const section = (head: string, list: readonly Changed[], more: (entry: Changed) => string = () => "") =>
    list.length === 0 ? [] : [head, ...lines(list, more)]
  return [
    `judged   ${calls} calls of ${sessions} sessions${unplanned === 0 ? "" : `; ${unplanned} of them cannot be planned as things are now`}`,
    `prompts  ${promptsBefore} without the rule, ${promptsAfter} with it: ${promptsBefore - promptsAfter} saved`,
    ...section("DANGEROUS, and allowed by it:", dangerous, ({ danger }) => `   (${oneLine(danger ?? "")})`),
    ...section(
      "allowed by it:",
      others("allow").filter(({ danger }) => danger === undefined),
    ),
    ...section("asked because of it:", others("ask")),
    ...section("denied because of it:", others("deny")),
  ]
}
