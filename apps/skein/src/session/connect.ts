import { compose, type Host } from "@skein/host"
import { accepted } from "@skein/protocol"
import type { Asking, Connected, TuiSettings } from "@skein/tui"
import type { Io } from "../io.ts"
import type { VerbCall } from "../verb.ts"
import { askableModel, openSession, type Which } from "./open.ts"
import { hostRequest } from "./request.ts"
import { screenSettings, watchScreenSettings } from "./screen-settings.ts"
import { askTrust, recordTrust, type TrustAsker } from "./trust.ts"

/** An engine, and the session that a screen begins with. */
export interface Connection {
  readonly host: Host
  readonly connected: Connected
  close(): Promise<void>
}

/** Builds the engine and opens the session, asking and telling through the screen. Throws SkeinError and UsageError. */
export async function connect(call: VerbCall, which: Which, asking: Asking): Promise<Connection> {
  const { flags, io } = call
  const request = { ...hostRequest(flags, io), onLateWarning: (sentence: string) => asking.tell(sentence, "warning") }
  const host = compose(request)
  try {
    for (const warning of host.warnings) asking.tell(warning, "warning")
    const asker = trustAsker(asking)
    const isNew = which.kind === "new"
    const decided = isNew ? await askTrust(host, asker, request.cwd) : undefined
    const telling: Io = Object.assign(Object.create(io, {}), { err: (line: string) => asking.tell(line) })
    const sessionId = await openSession({ host, which, cwd: request.cwd, isInteractive: true, flags, io: telling })
    const { cwd } = await host.engine.ask({ type: "session.read", sessionId })
    await recordTrust(host, sessionId, isNew ? decided : await askTrust(host, asker, cwd))
    const create = async (folder: string) => {
      const model = await askableModel(host)
      const op = { type: "session.create", cwd: folder, settings: { model }, isInteractive: true } as const
      return (await accepted(host.engine, op)).sessionId
    }
    let unwatch = () => {}
    const onSettings = (onChange: (settings: TuiSettings) => void) => {
      const tell = (sentence: string) => asking.tell(sentence, "warning")
      unwatch = watchScreenSettings(request, host.directories, { onChange, tell })
    }
    const settings = screenSettings(host.config)
    return {
      host,
      connected: { engine: host.engine, clientId: "cli_screen", sessionId, isNew, settings, onSettings, create },
      async close() {
        unwatch()
        await host.close()
      },
    }
  } catch (error) {
    await host.close()
    throw error
  }
}

function trustAsker(asking: Asking): TrustAsker {
  return {
    canAsk: true,
    ask: ([title = "", ...lines], question) => asking.yes({ title, lines, question }),
    say: (line) => asking.tell(line),
    note: (sentence) => asking.tell(sentence),
  }
}
