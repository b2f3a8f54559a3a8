import type { SessionView } from "@skein/protocol"
import { jsonPage } from "@skein/protocol"
import { chooseSession } from "../../session/choose.ts"
import { type Asking, withHost } from "../../session/host.ts"
import { age, counted, minute, money, tokens } from "../../tell/amounts.ts"
import { oneLine, visible } from "../../tell/visible.ts"
import type { Run } from "../../verb.ts"

/** `skein session show <id>`: what there is to know of one session. */
export const run: Run = (call) => withHost(call, show)

export async function show(at: Asking): Promise<number> {
  const { call, engine } = at
  const sessionId = await chooseSession(at, call.words[0])
  if (sessionId === undefined) return 0
  const view = await engine.ask({ type: "session.read", sessionId })
  if (call.flags.has("json")) call.io.out(jsonPage(view))
  else for (const line of lines(view, call.io.now())) call.io.out(line)
  return 0
}

function lines(view: SessionView, nowMs: number): string[] {
  const { settings, usage } = view
  const turns = new Set(view.items.flatMap((item) => ("turnId" in item ? [item.turnId] : []))).size
  const all = usage.input + usage.cacheRead + usage.cacheWrite + usage.output
  const rows: (readonly [string, string | undefined])[] = [
    ["session", view.sessionId],
    ["title", view.title],
    ["folder", view.cwd],
    ["began", `${minute(view.createdAt)} (${age(view.createdAt, nowMs)})`],
    ["model", `${settings.model} · ${settings.mode} · ${settings.sandbox}`],
    ["turns", `${counted(turns, "turn")}, ${counted(view.seq, "event")}`],
    ["used", `${tokens(all)} tokens, ${view.microUsd === undefined ? "cost not known" : money(view.microUsd)}`],
    ["git", revisionText(view)],
    ["labels", view.labels?.join(", ")],
    ["archived", view.isArchived === true ? "yes" : undefined],
    // Whether somebody works at it cannot be told from its log.
    ["open", view.runningTurn === undefined ? undefined : OPEN_TURN],
    ["asks", view.approvals.length === 0 ? undefined : counted(view.approvals.length, "open question")],
    ["queue", view.queue.length === 0 ? undefined : counted(view.queue.length, "input")],
    ["goal", view.goal],
  ]
  const known = rows.flatMap(([name, text]) =>
    text === undefined || text === "" ? [] : [`${name.padEnd(9)}${oneLine(text)}`],
  )
  const todos = (view.todos ?? []).map(({ text, status }) => `  ${TODO_MARKS[status]} ${oneLine(text)}`)
  const plan =
    view.plan === undefined || view.plan === "" ? [] : ["plan", ...visible(view.plan).split("\n").map(indent)]
  return [...known, ...(todos.length === 0 ? [] : ["todo", ...todos]), ...plan]
}

/** What the newest turn began on. */
function revisionText({ git }: SessionView): string | undefined {
  if (git === undefined) return undefined
  return [git.branch ?? "no branch", ...(git.sha === undefined ? [] : [`at ${git.sha.slice(0, 12)}`])].join(" ")
}

const OPEN_TURN = "its newest turn has not ended: another skein works on it, or was stopped; resume goes on"

const TODO_MARKS = { pending: "○", in_progress: "◐", completed: "●" } as const

const indent = (line: string) => `  ${line}`
