import { isUuid, sessionIdOf } from "@skein/codex"
import type { Host } from "@skein/host"
import { accepted, isId, type SessionId, type SettingsChange, SkeinError } from "@skein/protocol"
import type { Flags } from "../flags.ts"
import { askableModel } from "../session/open.ts"
import { modelSaid } from "../session/said.ts"
import type { ExecCall, ExecThread } from "./prompt.ts"

interface Opening {
  readonly host: Host
  readonly which: ExecCall["which"]
  readonly cwd: string
  readonly flags: Flags
  readonly outputSchema: SettingsChange["outputSchema"]
  /** Whether there is a key that `exec` alone uses. */
  readonly isKeyGiven: boolean
}

/** Makes the session, or finds the one to go on with, or forks that, and gives it what this run says. */
export async function openThread(opening: Opening): Promise<SessionId> {
  const { host, which } = opening
  if (which.kind === "new") return create(opening)
  const found = await find(opening, which)
  const sessionId = which.isFork
    ? (await accepted(host.engine, { type: "session.fork", sessionId: found })).sessionId
    : found
  const { mode, sandbox, network, extraRoots, effort, verbosity } = host.settings
  await accepted(host.engine, {
    type: "settings.change",
    sessionId,
    changes: {
      // Permissions are this run's, not those that some earlier run had.
      ...{ mode, sandbox, network, extraRoots, limits: host.settings.limits },
      ...modelSaid(host),
      ...(effort === undefined ? {} : { effort }),
      ...(verbosity === undefined ? {} : { verbosity }),
      webSearch: host.config.values.webSearch,
      outputSchema: opening.outputSchema ?? null,
    },
  })
  return sessionId
}

async function create({ host, cwd, outputSchema, flags, isKeyGiven }: Opening): Promise<SessionId> {
  // A key that was given for this alone says whose model is meant, where nothing else does.
  const isModelChosen = host.config.origin("model") !== undefined
  const model = isKeyGiven && !isModelChosen ? host.models.resolve("openai") : await askableModel(host)
  const settings = { model, ...(outputSchema === undefined ? {} : { outputSchema }) }
  const receipt = await accepted(host.engine, { type: "session.create", cwd, settings, isInteractive: false })
  const source = flags.text("thread-source")
  if (source !== undefined) {
    await accepted(host.engine, { type: "session.change", sessionId: receipt.sessionId, labels: [`source:${source}`] })
  }
  return receipt.sessionId
}

/** An id wins over a name; of several with one name, the newest. Archived ones are never picked. */
async function find({ host, cwd, flags }: Opening, which: ExecThread): Promise<SessionId> {
  if (which.kind === "named" && isUuid(which.name)) return existing(host, which.name)
  const filter = which.kind === "last" && !flags.has("all") ? { cwd } : {}
  const sessions = await host.engine.ask({ type: "sessions.list", ...filter, includesNonInteractive: true })
  const found = sessions.find(({ title }) => which.kind === "last" || title === which.name)
  if (found !== undefined) return found.sessionId
  if (which.kind === "named") return existing(host, which.name)
  throw notFound("--last")
}

async function existing(host: Host, name: string): Promise<SessionId> {
  const sessionId = sessionIdOf(name)
  if (!isId("ses", sessionId)) throw notFound(name)
  try {
    return (await host.engine.ask({ type: "session.read", sessionId })).sessionId
  } catch (error) {
    if (error instanceof SkeinError && error.code === "session.not_found") throw notFound(name)
    throw error
  }
}

function notFound(name: string): SkeinError {
  return new SkeinError(
    "session.not_found",
    `thread/resume: thread/resume failed: no rollout found for thread id ${name}`,
  )
}
