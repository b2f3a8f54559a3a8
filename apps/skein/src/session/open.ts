import { readFileSync } from "node:fs"
import type { Host } from "@skein/host"
import { accepted, type Engine, type Op, type SessionId, type SettingsChange, SkeinError } from "@skein/protocol"
import { given } from "@skein/protocol/json"
import type { Flags } from "../flags.ts"
import type { Io } from "../io.ts"
import { UsageError } from "../usage.ts"
import { newestSession, sessionNamed } from "./find.ts"
import { path } from "./request.ts"
import { settingsSaid } from "./said.ts"

/** Which session a run is about. */
export type Which =
  | { readonly kind: "new"; readonly sessionId?: string | undefined }
  | { readonly kind: "last"; readonly isAnywhere: boolean; readonly includesNonInteractive?: boolean | undefined }
  | { readonly kind: "named"; readonly id: string }
  /** A new session that begins with this one's conversation. */
  | ({ readonly kind: "fork" } & Omit<Op<"session.fork">, "type" | "opId">)

interface Opening {
  readonly host: Host
  readonly which: Which
  readonly cwd: string
  readonly isInteractive: boolean
  readonly flags: Flags
  readonly io: Io
}

/** Makes or finds the session and gives it what the command line says. Throws SkeinError, saying what to do. */
export async function openSession(opening: Opening): Promise<SessionId> {
  const { host, which, cwd } = opening
  const changes = { ...schemaSettings(opening), ...(opening.flags.has("dry-run") ? { dryRun: true } : {}) }
  if (which.kind !== "new") {
    const sessionId = await findSession(host, which, cwd)
    if (which.kind === "fork") opening.io.err(`note    ${sessionId} is a fork of ${which.sessionId}`)
    const settings = { ...(await settingsSaid(host, sessionId, opening.flags)), ...changes }
    if (Object.keys(settings).length > 0) {
      await accepted(host.engine, { type: "settings.change", sessionId, changes: settings })
    }
    return sessionId
  }
  const model = await askableModel(host)
  const receipt = await accepted(host.engine, {
    type: "session.create",
    ...(which.sessionId === undefined ? {} : { sessionId: prefixed(which.sessionId) }),
    cwd,
    settings: { model, ...changes },
    isInteractive: opening.isInteractive,
  })
  return receipt.sessionId
}

function schemaSettings({ flags, io }: Opening): SettingsChange {
  const file = flags.text("output-schema")
  if (file === undefined) return {}
  try {
    const schema: unknown = JSON.parse(readFileSync(path(file, io.cwd), "utf8"))
    return { outputSchema: { name: "answer", schema } }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new UsageError(`Cannot use the output schema ${file}: ${why}`)
  }
}

/** The session that is meant, made where a fork is. Throws SkeinError when there is none to go on with. */
export async function findSession(host: Host, which: Exclude<Which, { kind: "new" }>, cwd: string): Promise<SessionId> {
  if (which.kind === "named") return sessionNamed(host.engine, which.id)
  if (which.kind === "fork") {
    const { kind: _, ...fork } = which
    return (await accepted(host.engine, { type: "session.fork", ...fork })).sessionId
  }
  const { isAnywhere, includesNonInteractive } = which
  return newestSession(host.engine, {
    ...(isAnywhere ? {} : { cwd }),
    ...given("includesNonInteractive", includesNonInteractive),
  })
}

/** A session that was made for a command which only showed something would be the newest, with nothing in it. */
export async function dropUnused(engine: Engine, sessionId: SessionId): Promise<void> {
  const { seq } = await engine.ask({ type: "session.read", sessionId })
  if (seq === 1) await accepted(engine, { type: "session.delete", sessionId })
}

/** Ids are shown and taken with or without their prefix. */
export function prefixed(id: string): SessionId {
  return id.startsWith("ses_") ? (id as SessionId) : `ses_${id}`
}

/**
 * The model of a new session. One that cannot be asked is told before the session is begun, so that none is left behind
 * that holds nothing. Throws SkeinError.
 */
export async function askableModel(host: Host): Promise<string> {
  const model = await startModel(host)
  host.models.describe(model)
  return model
}

/** A first run with no key in the environment may still have a model on this machine. Throws SkeinError when it has not. */
export async function startModel(host: Host, cwd?: string): Promise<string> {
  const model = await host.startModel(cwd)
  if (model !== undefined) return model
  throw new SkeinError("model.no_key", NO_MODEL)
}

/** The first that many people read of skein: each line by itself is enough. */
const NO_MODEL = `No model to ask. Any one of these will do:
  skein login anthropic          keeps a key, of this or another provider
  export ANTHROPIC_API_KEY=…     the same for this shell alone; or OPENAI_API_KEY, GEMINI_API_KEY
  skein login openai-codex       logs in with an account; or github-copilot, bedrock, vertex
  skein --model ollama/…         asks an Ollama that runs
  skein models add model.gguf    takes a model file, to be asked without any network
  skein demo                     shows it at work without any model`
