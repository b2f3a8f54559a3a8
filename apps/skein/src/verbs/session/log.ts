import type { CallId, EventOf, PathChange, SessionId, TurnId } from "@skein/protocol"
import { jsonPage } from "@skein/protocol"
import { asObject, asText } from "@skein/protocol/json"
import { chooseSession } from "../../session/choose.ts"
import { type Asking, withHost } from "../../session/host.ts"
import { pastEvents } from "../../session/past.ts"
import { type NumberedTurn, numbered, turnNamed } from "../../session/turns.ts"
import { duration, minute } from "../../tell/amounts.ts"
import { oneLine, visible } from "../../tell/visible.ts"
import type { Run } from "../../verb.ts"

/** `skein session log <id> [--turn n]`: what ran, where, for how long, how it ended, and what it did to files. */
export const run: Run = (call) => withHost(call, log)

export async function log(at: Asking): Promise<number> {
  const { call, engine } = at
  const { flags, io, words } = call
  const sessionId = await chooseSession(at, words[0])
  if (sessionId === undefined) return 0
  const tree = await engine.ask({ type: "session.tree", sessionId })
  const wanted = flags.text("turn")
  const turns = wanted === undefined ? numbered(tree) : [turnNamed(tree, wanted)]
  const calls = await callsOf(at, sessionId)
  const shown = turns.map((turn) => ({ turn, calls: calls.filter(({ turnId }) => turnId === turn.turnId) }))
  if (flags.has("json")) {
    const document = shown.map(({ turn, calls: of }) => ({
      turn: turn.number,
      turnId: turn.turnId,
      preview: turn.preview,
      calls: of,
    }))
    io.out(jsonPage({ sessionId, turns: document }))
    return 0
  }
  for (const { turn, calls: of } of shown) {
    for (const line of [head(turn), ...of.flatMap((made) => lines(made, flags.has("no-diff")))]) io.out(line)
    if (of.length === 0) io.out("  ran nothing")
  }
  return 0
}

/** One call that was made, with all that is known of what it did. */
interface Made {
  readonly turnId: TurnId
  readonly callId: CallId
  readonly tool: string
  readonly title: string
  /** What ran, of a call that ran a command. */
  readonly command?: string | undefined
  /** Where. */
  readonly cwd: string
  readonly startedAt?: number | undefined
  readonly outcome?: "success" | "error" | "cancelled" | undefined
  readonly code?: string | undefined
  readonly exitCode?: number | undefined
  readonly durationMs?: number | undefined
  /** Hosts that it reached, and those it was refused. */
  readonly network?: readonly { readonly host: string; readonly decision: "allowed" | "refused" }[] | undefined
  /** How its process was held. */
  readonly confinement?: string | undefined
  readonly isUntrusted?: boolean | undefined
  readonly files: readonly Changed[]
  readonly notCovered: readonly string[]
}

interface Changed {
  readonly path: string
  readonly kind: "add" | "update" | "delete"
  readonly diff?: string | undefined
}

async function callsOf({ engine }: Asking, sessionId: SessionId): Promise<readonly Made[]> {
  const calls = new Map<CallId, Made>()
  let folder = ""
  const add = (callId: CallId, facts: (known: Made) => Partial<Made>) => {
    const known = calls.get(callId)
    if (known !== undefined) calls.set(callId, { ...known, ...facts(known) })
  }
  for await (const event of pastEvents(engine, sessionId)) {
    if (event.type === "session.created" || event.type === "session.changed") folder = event.workspace?.path ?? folder
    if (event.type === "call.requested") calls.set(event.callId, requested(event, folder))
    // What a person changed is what ran.
    if (event.type === "call.amended") add(event.callId, () => ({ command: asText(asObject(event.input)?.command) }))
    if (event.type === "call.started") add(event.callId, () => ({ startedAt: event.at }))
    if (event.type === "files.changed") add(event.callId, (known) => withFiles(known, event))
    if (event.type === "call.settled") add(event.callId, (known) => settled(known, event))
  }
  return [...calls.values()]
}

function requested(event: EventOf<"call.requested">, folder: string): Made {
  const input = asObject(event.input)
  return {
    turnId: event.turnId,
    callId: event.callId,
    tool: event.name,
    title: event.title,
    command: asText(input?.command),
    cwd: asText(input?.cwd) ?? folder,
    files: [],
    notCovered: [],
  }
}

function withFiles({ files }: Made, { changes, notCovered }: EventOf<"files.changed">): Partial<Made> {
  const known = new Set(files.map(({ path }) => path))
  return { files: [...files, ...changes.filter(({ path }) => !known.has(path)).map(changed)], notCovered }
}

function changed({ path, before, after }: PathChange): Changed {
  return { path, kind: before === null ? "add" : after === null ? "delete" : "update" }
}

/** A tool that edits tells its diffs; what a command did besides is known from the files alone. */
function settled({ files }: Made, event: EventOf<"call.settled">): Partial<Made> {
  const told = (event.changes ?? []).map(({ path, kind, diff }) => ({ path, kind, diff }))
  const paths = new Set(told.map(({ path }) => path))
  return {
    outcome: event.outcome,
    code: event.code,
    exitCode: event.exitCode,
    durationMs: event.durationMs,
    network: event.network?.map(({ host, decision }) => ({ host, decision })),
    confinement: event.confinement,
    isUntrusted: event.provenance?.isTrusted === false ? true : undefined,
    files: [...told, ...files.filter(({ path }) => !paths.has(path))],
  }
}

function head({ number, preview, at }: NumberedTurn): string {
  return `turn ${number}  ${minute(at)}  ${oneLine(preview)}`
}

const KIND_MARKS = { add: "A", update: "M", delete: "D" } as const

function lines(made: Made, isWithoutDiff: boolean): string[] {
  const { command, title, cwd, exitCode, outcome, code, durationMs, files, notCovered } = made
  const isUnknown = outcome === undefined || code === "call.unknown_outcome"
  const how = isUnknown ? "its end is not known" : outcome === "success" ? "ok" : (code ?? outcome)
  const end = exitCode === undefined ? how : `exit ${exitCode}`
  const time = durationMs === undefined || isUnknown ? [] : [duration(durationMs)]
  const [first = "", ...more] = visible(command ?? title).split("\n")
  return [
    `  ${command === undefined ? "·" : "$"} ${first}`,
    ...more.map((line) => `    ${line}`),
    `      ${[end, ...time, `in ${oneLine(cwd)}`, ...held(made)].join(", ")}`,
    ...files.flatMap(({ path, kind, diff }) => [
      `      ${KIND_MARKS[kind]} ${oneLine(path)}`,
      ...(diff === undefined || isWithoutDiff
        ? []
        : visible(diff.trimEnd())
            .split("\n")
            .map((line) => `        ${line}`)),
    ]),
    ...notCovered.map((sentence) => `      not watched: ${oneLine(sentence)}`),
  ]
}

function held({ network = [], confinement, isUntrusted }: Made): string[] {
  return [
    ...(confinement === undefined ? [] : [confinement === "none" ? "no sandbox" : oneLine(confinement)]),
    ...network.map(({ host, decision }) => `${decision === "allowed" ? "reached" : "refused"} ${oneLine(host)}`),
    ...(isUntrusted === true ? ["untrusted"] : []),
  ]
}
