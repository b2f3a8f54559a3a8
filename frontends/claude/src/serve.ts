import { type Engine, jsonLine } from "@skein/protocol"
import { HostPipe, type ServeOptions } from "./pipe.ts"

export type { ServeOptions } from "./pipe.ts"

export interface Serving {
  readonly engine: Engine
  /** Lines without their newline. */
  readonly input: AsyncIterable<string>
  /** Takes one line, without its newline. */
  readonly write: (line: string) => void
  readonly options: ServeOptions
}

/**
 * Speaks the Claude Code stream-json contract until the host closes its end and all turns are over. Resolves to the
 * exit code: 1 when the last result was an error, because that is how a host of one prompt learns of it, else 0.
 */
export async function serveStreamJson({ engine, input, write, options }: Serving): Promise<number> {
  const pipe = new HostPipe(engine, (line) => write(jsonLine(line)), options)
  for (const text of options.flags.unsupported) pipe.warn(text)
  for await (const line of input) pipe.take(line)
  return pipe.end()
}
