import { isUuid, sessionIdOf } from "@skein/codex"
import type { Host } from "@skein/host"
import { accepted, isId, type SessionId, type SettingsChange, SkeinError } from "@skein/protocol"
import type { Flags } from "../flags.ts"
import type { Io } from "../io.ts"
import { askableModel } from "../session/open.ts"
import { modelSaid } from "../session/said.ts"
import type { ExecCall, ExecThread } from "./prompt.ts"
import { type CodexThread, codexThread } from "./rollout.ts"

interface Opening {
  readonly host: Host
  readonly which: ExecCall["which"]
  readonly cwd: string
  readonly flags: Flags
  readonly outputSchema: SettingsChange["outputSchema"]
  /** Whether there is a key that `exec` alone uses. */
  readonly isKeyGiven: boolean
  readonly io: Io
}

/** Makes the session, or finds the one to go on with, or forks that, and gives it what this run says. */
export async function openThread(opening: Opening): Promise<SessionId> {
  const { host, which } = opening
  if (which.kind === "new") return create(opening)
  const { sessionId: found, isNew } = await find(opening, which)
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
      // What was made of another program's thread has no model of ours yet.
      ...(isNew ? { model: await modelOf(opening) } : {}),
      ...modelSaid(host),
      ...(effort === undefined ? {} : { effort }),
      ...(verbosity === undefined ? {} : { verbosity }),
      webSearch: host.config.values.webSearch,
      outputSchema: opening.outputSchema ?? null,
    },
  })
  return sessionId
}

/** A key that was given for this alone says whose model is meant, where nothing else does. */
async function modelOf({ host, isKeyGiven }: Opening): Promise<string> {
  const isModelChosen = host.config.origin("model") !== undefined
  return isKeyGiven && !isModelChosen ? host.models.resolve("openai") : await askableModel(host)
}

async function create(opening: Opening): Promise<SessionId> {
  const { host, cwd, outputSchema, flags } = opening
  const settings = { model: await modelOf(opening), ...(outputSchema === undefined ? {} : { outputSchema }) }
  const receipt = await accepted(host.engine, { type: "session.create", cwd, settings, isInteractive: false })
  const source = flags.text("thread-source")
  if (source !== undefined) {
    await accepted(host.engine, { type: "session.change", sessionId: receipt.sessionId, labels: [`source:${source}`] })
  }
  return receipt.sessionId
}

/**
 * An id wins over a name; of several with one name, the newest. Archived ones are never picked. What is no session of ours may be a
 * thread that Codex wrote.
 */
async function find(opening: Opening, which: ExecThread): Promise<CodexThread> {
  const { host, io, cwd, flags } = opening
  if (which.kind === "named" && isUuid(which.name)) {
    return (await existing(host, which.name)) ?? (await codexThread(host, io, which.name)) ?? missing(which.name)
  }
  const filter = which.kind === "last" && !flags.has("all") ? { cwd } : {}
  const sessions = await host.engine.ask({ type: "sessions.list", ...filter, includesNonInteractive: true })
  const found = sessions.find(({ title }) => which.kind === "last" || title === which.name)
  if (found !== undefined) return { sessionId: found.sessionId, isNew: false }
  if (which.kind === "last") return missing("--last")
  return (await existing(host, which.name)) ?? (await codexThread(host, io, which.name)) ?? missing(which.name)
}

async function existing(host: Host, name: string): Promise<CodexThread | undefined> {
  const sessionId = sessionIdOf(name)
  if (!isId("ses", sessionId)) return undefined
  try {
    return { sessionId: (await host.engine.ask({ type: "session.read", sessionId })).sessionId, isNew: false }
  } catch (error) {
    if (error instanceof SkeinError && error.code === "session.not_found") return undefined
    throw error
  }
}

function missing(name: string): never {
  throw new SkeinError(
    "session.not_found",
    `thread/resume: thread/resume failed: no rollout found for thread id ${name}`,
  )
}
