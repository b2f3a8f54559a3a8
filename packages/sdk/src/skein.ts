import {
  accepted,
  type Engine,
  isId,
  type SessionFilter,
  type SessionId,
  type SessionSummary,
  type SettingsChange,
  SkeinError,
} from "@skein/protocol"
import type { Handlers } from "./answering.ts"
import { Session } from "./session.ts"

/** What a session begins with, or goes on with: settings, and what it may ask of this process. */
export interface SessionOptions extends SettingsChange, Handlers {
  /** The session to go on with; a new one when left out. */
  readonly id?: string | undefined
  /** The folder that a new one works in; this process's when left out. */
  readonly cwd?: string | undefined
}

/** A skein that is there: sessions, and beneath them the engine itself. */
export class Skein {
  /** All there is to it: ask for a change, read, listen. What has no method here is an op or a query there. */
  readonly engine: Engine
  readonly #cwd: string
  readonly #onClose: () => Promise<void>
  readonly #sessions = new Set<Session>()

  /** @internal */
  constructor(engine: Engine, cwd: string, onClose: () => Promise<void>) {
    this.engine = engine
    this.#cwd = cwd
    this.#onClose = onClose
  }

  /** A new session, or the one with this id. Throws SkeinError: `session.not_found`, `model.no_key` … */
  async session(options: SessionOptions = {}): Promise<Session> {
    const { id, cwd = this.#cwd, onApproval, onQuestion, hostTools, ...settings } = options
    const handlers = { onApproval, onQuestion, hostTools }
    const sessionId = id === undefined ? await this.#created(cwd, settings) : await this.#found(id, settings)
    const session = await Session.open(this.engine, sessionId, handlers, (closed) => {
      this.#sessions.delete(closed)
    })
    this.#sessions.add(session)
    return session
  }

  /** The sessions there are, newest first: of people, of programs too when the filter says so. */
  sessions(filter: SessionFilter = {}): Promise<readonly SessionSummary[]> {
    return this.engine.ask({ type: "sessions.list", ...filter })
  }

  /** Leaves: sessions stay on disk. What was started for this ends; a server that was connected to goes on. */
  async close(): Promise<void> {
    await Promise.all([...this.#sessions].map((session) => session.leave()))
    await this.#onClose()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #created(cwd: string, settings: SettingsChange): Promise<SessionId> {
    const receipt = await accepted(this.engine, { type: "session.create", cwd, settings, isInteractive: false })
    return receipt.sessionId
  }

  async #found(id: string, settings: SettingsChange): Promise<SessionId> {
    const sessionId = id.startsWith("ses_") ? id : `ses_${id}`
    if (!isId("ses", sessionId)) throw new SkeinError("session.not_found", `${JSON.stringify(id)} is no session's id.`)
    await this.engine.ask({ type: "session.read", sessionId })
    if (Object.keys(settings).length > 0) {
      await accepted(this.engine, { type: "settings.change", sessionId, changes: settings })
    }
    return sessionId
  }
}
