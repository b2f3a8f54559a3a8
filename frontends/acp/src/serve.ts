import type { Engine } from "@skein/protocol"
import type { AcpOptions } from "./acp-options.ts"
import { AcpAgent } from "./agent.ts"

export interface AcpServing {
  readonly engine: Engine
  /** Lines without their newline. */
  readonly input: AsyncIterable<string>
  /** Takes one line, without its newline. */
  readonly write: (line: string) => void
  readonly options: AcpOptions
}

/**
 * Speaks the Agent Client Protocol until the client closes its end. Then everything that runs is stopped and settled,
 * as nobody is there any more to answer or to read, and the exit code is 0.
 */
export async function serveAcp({ engine, input, write, options }: AcpServing): Promise<number> {
  const agent = new AcpAgent(engine, write, options)
  for await (const line of input) agent.take(line)
  await agent.end()
  return 0
}
