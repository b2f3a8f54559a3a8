import { SkeinError } from "@skein/protocol"
import { asTyped } from "../composer/submit.ts"
import { ageText } from "../view/amounts.ts"
import type { Desk } from "./desk.ts"
import { offeredOf } from "./offered.ts"
import type { Glance } from "./options.ts"
import { modelName } from "./status.ts"
import type { WelcomeFacts } from "./welcome.ts"

/** What is shown while nobody has asked for anything: all that is known without an engine. */
export async function glancedAt({ settings, session, recent }: Glance, app: Desk): Promise<void> {
  app.use(settings)
  join(app, { settings: [modelName(session.model), session.mode, session.sandbox] })
  app.canvas.soon()
  const { cwd, now, system } = app.options
  const branch = system.branch(cwd).then((name) => {
    app.branch = name
    join(app, { branch: name })
  })
  const sessions = recent(RECENT_LOOKED_AT).then(
    (found) => join(app, { recent: recentOf(found, now()) }),
    (error: unknown) => app.tell(unreadText(error), "warning"),
  )
  await Promise.all([branch, sessions])
  app.canvas.soon()
}

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
  const offered = engine.ask({ type: "commands.list", sessionId }).then((commands) => {
    app.commands = offeredOf(commands)
  })
  const said = engine.ask({ type: "prompts.list", cwd, limit: PROMPTS_MAX }).then((prompts) => {
    app.prompts = prompts.map(({ text }) => asTyped(text))
  })
  const loading = [
    offered,
    said,
    // Keys wait for both, whatever comes of them.
    Promise.allSettled([offered, said]).then(() => app.ready()),
    engine.ask({ type: "sessions.list", cwd, limit: RECENT_LOOKED_AT }).then((sessions) => {
      const others = sessions.filter((session) => session.sessionId !== sessionId)
      join(app, { recent: recentOf(others, options.now()) })
    }),
  ]
  await told(loading, app)
  app.canvas.soon()
}

/** Where sessions lie cannot be read: nobody needs the list to work. Throws a defect on. */
function unreadText(error: unknown): string {
  const isSystems = error instanceof Error && "code" in error
  if (isSystems) return `Earlier sessions are not shown: ${error.message}`
  throw error
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

/** One in which nothing was said is nothing to go on with. */
function recentOf(sessions: Awaited<ReturnType<Glance["recent"]>>, now: number): NonNullable<WelcomeFacts["recent"]> {
  const begun = sessions.filter(({ title, preview }) => (title ?? preview) !== "").slice(0, RECENT_MAX)
  return begun.map(({ title, preview, updatedAt }) => ({ title: title ?? preview, age: ageText(updatedAt, now) }))
}
