import { parseFlags, printTurn } from "@skein/claude"
import type { Host } from "@skein/host"
import type { InputPart } from "@skein/protocol"
import type { Which } from "../session/open.ts"
import { interruptible } from "../session/signals.ts"
import type { VerbCall } from "../verb.ts"

interface ClaudePrint {
  readonly call: VerbCall
  readonly host: Host
  readonly prompt: readonly InputPart[]
  readonly which: Which
  readonly format: "json" | "stream-json"
  readonly cwd: string
}

/** One prompt, printed in Claude Code's lines or as its one result object. */
export async function print({ call, host, prompt, format, cwd }: ClaudePrint): Promise<number> {
  const { io, argv } = call
  const { signal, done } = interruptible(io)
  try {
    return await printTurn({
      engine: host.engine,
      prompt,
      write: (line) => io.out(line),
      signal,
      options: {
        flags: { ...parseFlags(argv), outputFormat: format },
        cwd,
        settings: host.settings,
        warn: (text) => io.err(`note    ${text}`),
      },
    })
  } finally {
    done()
  }
}
