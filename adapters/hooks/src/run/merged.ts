import type { HookEvent, HookOutcome, HookPoint, HookRun } from "@skein/core/ports"
import type { HookRow } from "../row.ts"
import { DIALECTS } from "../words/dialects.ts"
import type { Answer } from "./answer.ts"
import type { Ran } from "./command.ts"

/** A hook's run at a point, with what it was. */
export interface Done {
  readonly row: HookRow
  /** What it is called in lists. */
  readonly name: string
  readonly ran: Ran | { readonly kind: "skipped"; readonly why: string }
  readonly durationMs: number
}

/** What a no does at a point. At others it is told: to the model, or to the person. */
const NO: Readonly<Partial<Record<HookEvent, "deny" | "block" | "context">>> = {
  PreToolUse: "deny",
  PermissionRequest: "deny",
  UserPromptSubmit: "block",
  PreModelRequest: "block",
  PreCompact: "block",
  Stop: "block",
  SubagentStop: "block",
  ConfigChange: "block",
  WorktreeCreate: "block",
  PostToolUse: "block",
  PostToolUseFailure: "context",
}

/** What all said together, in the order of their files: the strictest word holds, and the last of those who rewrite. */
export function merged(point: HookPoint, all: readonly Done[]): HookOutcome {
  const said = all.map((done) => ({ ...done, told: toldOf(point, done) }))
  const answers = said.map(({ told }) => told.answer)
  const denied = answers.filter(({ decision }) => decision === "deny")
  const decision = (["deny", "ask", "allow"] as const).find((word) =>
    answers.some((answer) => answer.decision === word),
  )
  const blocks = NO[point.event] === "block" ? texts(answers.map(({ blocks }) => blocks)) : []
  const deciding = answers.filter((answer) => answer.decision === decision)
  const context = [...texts(answers.map(({ context }) => context)), ...noAsContext(point.event, answers)]
  const input = denied.length > 0 ? undefined : said.findLast(({ told }) => told.input !== undefined)?.told.input
  const stop = texts(answers.map(({ stops }) => stops))[0]
  const messages = [...texts(answers.map(({ message }) => message)), ...noAsMessages(point.event, answers)]
  return {
    ...(blocks.length === 0 ? {} : { block: { reason: blocks.join("\n") } }),
    ...(stop === undefined ? {} : { stop: { reason: stop } }),
    ...(decision === undefined ? {} : { decision }),
    ...(decision === undefined ? {} : some("reason", texts(deciding.map(({ reason }) => reason)).join("\n"))),
    ...(input === undefined ? {} : { input }),
    ...some("output", answers.findLast(({ output }) => output !== undefined)?.output),
    ...some("context", context.join("\n\n")),
    messages,
    ran: said.map(({ told }) => told.run),
  }
}

function some<K extends string>(key: K, text: string | undefined): Partial<Record<K, string>> {
  return text === undefined || text === "" ? {} : ({ [key]: text } as Partial<Record<K, string>>)
}

interface Told {
  readonly answer: Answer
  /** In skein's own words. */
  readonly input?: unknown
  readonly run: HookRun
}

function toldOf(point: HookPoint, { row, name, ran, durationMs }: Done): Told {
  const { file } = row.source
  const told = (outcome: HookRun["outcome"], answer: Answer, message?: string, input?: unknown): Told => ({
    ...{ answer, input },
    run: { hook: name, file, outcome, ...some("message", message), durationMs },
  })
  // What only failed is told by whoever reads `ran`; one whose file says that its failure is a no has said no.
  const failing = (outcome: "failed" | "timed_out", why: string) => {
    if (!row.isStrict || NO[point.event] === undefined) return told(outcome, {}, why)
    const reason = `The hook ${name} failed. ${why}`
    return told("blocked", asNo(point.event, { blocks: reason }), reason)
  }
  if (ran.kind === "skipped") return told("skipped", {}, ran.why)
  if (ran.kind === "stopped") return told("failed", {}, "It was ended with the turn.")
  if (ran.kind === "timed_out")
    return failing("timed_out", `It took longer than ${row.timeoutMs / 1_000} s, so it was ended.`)
  const { answer } = ran
  if (answer.failed !== undefined) return failing("failed", answer.failed)
  const stricter = narrowed(row, asNo(point.event, answer))
  const rewritten = answer.input === undefined ? undefined : DIALECTS[row.dialect].inputOf(point, answer.input)
  if (rewritten?.kind === "refused") {
    const reason = `The hook ${name} wants other arguments for this call. ${rewritten.why}`
    return told("blocked", { ...stricter, decision: "deny", reason }, reason)
  }
  const isNo = stricter.decision === "deny" || stricter.blocks !== undefined || stricter.stops !== undefined
  const isOther = rewritten !== undefined || answer.output !== undefined || answer.context !== undefined
  const message = isNo ? (stricter.blocks ?? stricter.reason ?? stricter.stops) : undefined
  return told(isNo ? "blocked" : isOther ? "changed" : "passed", stricter, message, rewritten?.input)
}

/** At a call, whoever blocks denies. */
function asNo(event: HookEvent, answer: Answer): Answer {
  if (answer.blocks === undefined || NO[event] !== "deny") return answer
  return { ...answer, decision: "deny", reason: answer.blocks }
}

/** A project may take permissions away and never give them: what it allows is left to be asked. */
function narrowed({ source }: HookRow, answer: Answer): Answer {
  if (source.owner !== "project" || answer.decision !== "allow") return answer
  return { ...answer, decision: undefined, reason: undefined }
}

function noAsContext(event: HookEvent, answers: readonly Answer[]): readonly string[] {
  return NO[event] === "context" ? texts(answers.map(({ blocks }) => blocks)) : []
}

function noAsMessages(event: HookEvent, answers: readonly Answer[]): readonly string[] {
  return NO[event] === undefined ? texts(answers.map(({ blocks }) => blocks)) : []
}

function texts(all: readonly (string | undefined)[]): readonly string[] {
  return all.filter((text) => text !== undefined && text !== "").map(String)
}
