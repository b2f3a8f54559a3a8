import { type SessionSummary, SkeinError } from "@skein/protocol"
import { ageText } from "../view/amounts.ts"
import type { Desk } from "./desk.ts"
import { LOCAL_COMMANDS } from "./local-commands.ts"
import { modelName } from "./status.ts"

const RECENT_MAX = 3
const RECENT_LOOKED_AT = 12
const PROMPTS_MAX = 500

/** What was not known for the first frame: settings, sessions of the folder, what was said in it before, the branch. */
export async function gather(app: Desk): Promise<void> {
  const { connected, link, options } = app
  if (connected === undefined || link === undefined) return
  const { cwd, settings, sessionId } = link.facts
  const { model, mode, sandbox } = settings
  join(app, { settings: [modelName(model), mode, sandbox] })
  const { engine } = connected
  const loading = [
    engine.ask({ type: "commands.list" }).then((commands) => {
      const own = LOCAL_COMMANDS.map((command) => ({ ...command, whileBusy: true }))
      const names = new Set(own.map(({ name }) => name))
      app.commands = [...own, ...commands.filter(({ name }) => !names.has(name))]
    }),
    engine.ask({ type: "sessions.list", cwd, limit: RECENT_LOOKED_AT }).then((sessions) => {
      // One in which nothing was said is nothing to go on with.
      const others = sessions.filter((one) => one.sessionId !== sessionId && (one.title ?? one.preview) !== "")
      join(app, { recent: others.slice(0, RECENT_MAX).map((session) => recentOf(session, options.now())) })
    }),
    engine.ask({ type: "prompts.list", cwd, limit: PROMPTS_MAX }).then((prompts) => {
      app.prompts = prompts.map(({ text }) => text)
    }),
  ]
  await told(loading, app)
  app.canvas.soon()
}

/** Nobody needs these lists to work: one that cannot be had is told, once for what keeps several. Rejects for a defect. */
async function told(loading: readonly Promise<void>[], app: Desk): Promise<void> {
  const failed = (await Promise.allSettled(loading)).flatMap((one) => (one.status === "rejected" ? [one.reason] : []))
  const sentences = failed.map((reason: unknown) => {
    if (reason instanceof SkeinError) return reason.message
    throw reason
  })
  for (const sentence of new Set(sentences)) app.tell(sentence, "warning")
}

function join(app: Desk, more: Partial<NonNullable<Desk["welcome"]>>): void {
  if (app.welcome !== undefined) app.welcome = { ...app.welcome, ...more }
}

function recentOf({ title, preview, updatedAt }: SessionSummary, now: number): { title: string; age: string } {
  return { title: title ?? preview, age: ageText(updatedAt, now) }
}
