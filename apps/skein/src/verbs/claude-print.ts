import { mainAgent, parseFlags, printTurn } from "@skein/claude"
import type { Host } from "@skein/host"
import type { Engine, InputPart } from "@skein/protocol"
import { claudeFacts } from "../session/claude-facts.ts"
import { claudeFlags } from "../session/claude-request.ts"
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
  readonly format: "text" | "json" | "stream-json"
  readonly cwd: string
  /** The request's, which the host reads when a session begins. */
  readonly instructions: Instructions
}

/** What stands in the place of skein's own words, or after them. */
export interface Instructions {
  text?: string | undefined
  append?: string | undefined
}

/** One prompt, printed in Claude Code's lines or as its one result object. */
export async function print(printing: ClaudePrint): Promise<number> {
  const { call, host, engine, prompt, which, format, cwd, instructions } = printing
  const { io, argv, flags } = call
  const said = claudeFlags(parseFlags(argv), { cwd, home: io.env.HOME ?? "" })
  const facts = claudeFacts(host, cwd)
  const agent = mainAgent(said.agent, said.agent === undefined ? [] : ((await facts.agents?.()) ?? []))
  instructions.text ??= agent?.instructions
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
        flags: { ...said, ...resumed, outputFormat: format },
        ...facts,
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
