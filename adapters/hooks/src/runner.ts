import type { HookOutcome, HookPoint, ProcessesPort } from "@skein/core/ports"
import { nameOf } from "./names.ts"
import type { HookRow } from "./row.ts"
import { type Ran, runCommand } from "./run/command.ts"
import { environmentOf } from "./run/environment.ts"
import { type Post, runHttp } from "./run/http.ts"
import { type Done, merged } from "./run/merged.ts"
import { fits } from "./words/condition.ts"
import { DIALECTS } from "./words/dialects.ts"

export interface RunnerOptions {
  readonly processes: ProcessesPort
  /** Requests of a person's own hooks. */
  readonly post: Post
  /** The person's environment: a header may name variables of it. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Takes secrets out of a text. */
  readonly redact: (text: string) => string
  /** Milliseconds since any moment. */
  readonly now: () => number
  /** An error of skein's own. */
  readonly onDefect: (error: unknown) => void
}

interface Where {
  readonly point: HookPoint
  /** The root of the project; absolute. */
  readonly project: string
  /** What its hooks may write in: the project, or the copy of it that a child works in. */
  readonly root: string
}

interface Runner {
  at(rows: readonly HookRow[], where: Where, signal: AbortSignal): Promise<HookOutcome>
  close(): Promise<void>
}

/** At once; those beyond wait for one of them to be done. */
const AT_ONCE = 32

export function runner(options: RunnerOptions): Runner {
  const once = new Set<string>()
  const endings = new Set<Promise<unknown>>()
  const closing = new AbortController()
  const keep = (work: Promise<unknown>) => {
    const kept: Promise<unknown> = work.catch(options.onDefect).finally(() => endings.delete(kept))
    endings.add(kept)
  }

  async function one(row: HookRow, where: Where, signal: AbortSignal): Promise<readonly Done[]> {
    const name = options.redact(nameOf(row.handler))
    const { point } = where
    if (row.isOnce) {
      const key = `${point.sessionId}\0${keyOf(row)}`
      if (once.has(key))
        return [{ row, name, ran: { kind: "skipped", why: "It runs once in a session." }, durationMs: 0 }]
      once.add(key)
    }
    const done: Done[] = []
    const payloads = DIALECTS[row.dialect].payloads(point)
    if (payloads.length > PAYLOADS_MAX && BEFORE.has(point.event) && !row.isAsync)
      return [{ row, name, ran: { kind: "answer", answer: { blocks: tooMany(payloads.length) } }, durationMs: 0 }]
    // What is one call here may be several there: each is asked about, and the first no is enough.
    for (const payload of payloads.slice(0, PAYLOADS_MAX)) {
      const startedAt = options.now()
      const text = `${JSON.stringify(payload)}\n`
      const beside = () => asked(row, where, text, closing.signal).catch(options.onDefect)
      if (row.isAsync) keep(beside())
      const ran: Ran | Done["ran"] = row.isAsync
        ? { kind: "skipped", why: "It runs beside the turn." }
        : await asked(row, where, text, AbortSignal.any([signal, closing.signal]))
      done.push({ row, name, ran, durationMs: Math.max(0, Math.round(options.now() - startedAt)) })
      if (isEnough(ran)) break
    }
    return done
  }

  function asked(row: HookRow, { point, project, root }: Where, text: string, signal: AbortSignal): Promise<Ran> {
    const { event } = point
    const { handler, timeoutMs, source } = row
    if (handler.kind === "http")
      return runHttp(options.post, { event, handler, body: text, timeoutMs, env: options.env }, signal)
    if (handler.kind === "unsupported") throw new Error("What is not supported is not run")
    const isOwn = source.owner !== "project"
    const env = environmentOf({ point, project, source })
    const command =
      typeof handler.command === "string" ? handler.command : handler.command.map((word) => filled(word, env))
    const held = isOwn ? "full-access" : point.mode === "plan" ? "read-only" : "workspace-write"
    const call = {
      event,
      command,
      cwd: point.cwd,
      env,
      sandbox: held,
      roots: [root],
      stdin: text,
      timeoutMs,
    } as const
    return runCommand(options.processes, { ...call, onEnding: keep }, signal)
  }

  return {
    async at(rows, where, signal) {
      const matching = distinct(rows.filter((row) => isMeant(row, where.point)))
      const results: Done[][] = matching.map(() => [])
      const queue = matching.entries()
      const worker = async () => {
        for (const [at, row] of queue)
          results[at] = [...(await one(row, where, signal).catch((error) => defect(row, error)))]
      }
      await Promise.all(Array.from({ length: Math.min(AT_ONCE, matching.length) }, worker))
      const outcome = merged(where.point, results.flat())
      return withoutSecrets(outcome, options.redact)
    },
    async close() {
      closing.abort()
      while (endings.size > 0) await Promise.all(endings)
    },
  }

  function defect(row: HookRow, error: unknown): readonly Done[] {
    options.onDefect(error)
    const answer = { failed: "skein failed to run it." }
    return [{ row, name: options.redact(nameOf(row.handler)), ran: { kind: "answer", answer }, durationMs: 0 }]
  }
}

/** Of one call. After it a patch of more is told by its first ones; before it whoever guards files must see all or none. */
const PAYLOADS_MAX = 50
const BEFORE: ReadonlySet<string> = new Set(["PreToolUse", "PermissionRequest"])

function tooMany(count: number): string {
  return `It makes ${count} changes, and a hook is asked about at most ${PAYLOADS_MAX} of one call. Make them in several calls`
}

/** Nobody says yes any more, and what hung once is not waited for again. */
function isEnough(ran: Done["ran"]): boolean {
  if (ran.kind !== "answer") return ran.kind !== "skipped"
  const { blocks, stops, decision } = ran.answer
  return blocks !== undefined || stops !== undefined || decision === "deny"
}

/** Whether the point is what a row is for. */
export function isMeant(row: HookRow, point: HookPoint): boolean {
  if (row.event !== point.event) return false
  const dialect = DIALECTS[row.dialect]
  const subjects = dialect.subjects(point)
  const isMatched = row.matcher === undefined || subjects.length === 0 || dialect.matches(row.matcher, subjects)
  return isMatched && (row.condition === undefined || fits(row.condition, point, dialect))
}

/** The same handler set in two places runs once: as the first of them, and a person's own come first. */
function distinct(rows: readonly HookRow[]): readonly HookRow[] {
  const seen = new Set<string>()
  return rows.filter((row) => {
    const key = keyOf(row)
    const isNew = !seen.has(key)
    seen.add(key)
    return isNew
  })
}

function keyOf({ handler, dialect, source }: HookRow): string {
  return JSON.stringify([handler, dialect, source.plugin?.root])
}

/** What the documents promise for an argument, where no shell fills it in. */
function filled(word: string, env: Readonly<Record<string, string>>): string {
  return word.replaceAll(/\$\{(CLAUDE_\w+|PLUGIN_\w+|SKEIN_\w+)\}/g, (whole, name: string) => env[name] ?? whole)
}

function withoutSecrets(outcome: HookOutcome, redact: (text: string) => string): HookOutcome {
  return {
    ...outcome,
    messages: outcome.messages.map(redact),
    ran: outcome.ran.map((run) => (run.message === undefined ? run : { ...run, message: redact(run.message) })),
  }
}
