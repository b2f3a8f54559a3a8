import { parseFlags, printTurn } from "@skein/claude"
import type { Host } from "@skein/host"
import type { Engine, InputPart } from "@skein/protocol"
import { askableModel, findSession, type Which } from "../session/open.ts"
import { settingsSaid } from "../session/said.ts"
import { interruptible } from "../session/signals.ts"
import type { VerbCall } from "../verb.ts"

interface ClaudePrint {
  readonly call: VerbCall
  readonly host: Host
  /** The host's, with whoever answers questions beside it. */
  readonly engine: Engine
  readonly prompt: readonly InputPart[]
  readonly which: Which
  readonly format: "json" | "stream-json"
  readonly cwd: string
}

/** One prompt, printed in Claude Code's lines or as its one result object. */
export async function print({ call, host, engine, prompt, which, format, cwd }: ClaudePrint): Promise<number> {
  const { io, argv, flags } = call
  const { signal, done } = interruptible(io)
  try {
    const isNew = which.kind === "new"
    const settings = isNew ? { ...host.settings, model: await askableModel(host) } : host.settings
    // `skein resume` names a session in words that are not Claude Code's.
    const resumed = isNew ? {} : { resume: await findSession(host, which, cwd), forkSession: false }
    return await printTurn({
      engine,
      prompt,
      write: (line) => io.out(line),
      signal,
      options: {
        flags: { ...parseFlags(argv), ...resumed, outputFormat: format },
        cwd,
        settings,
        said: (sessionId) => settingsSaid(host, sessionId, flags),
        warn: (text) => io.err(`note    ${text}`),
      },
    })
  } finally {
    done()
  }
}
