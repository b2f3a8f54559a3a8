import { serveStdio } from "@modelcontextprotocol/server/stdio"
import { type Lines, LineTransport } from "./lines.ts"
import { mcpServer } from "./server.ts"
import type { McpSource } from "./source.ts"

export interface LineServing extends Lines {
  readonly source: McpSource
  /** Ends it as if the client had closed its end, and without waiting for what is near its end. */
  readonly signal?: AbortSignal | undefined
  /** For stderr. */
  readonly warn: (text: string) => void
}

/** Serves one client over lines, in the era that it speaks, until it closes its end. Then what runs is stopped and settled. */
export async function serveLines({ source, warn, signal, ...lines }: LineServing): Promise<void> {
  const transport = new LineTransport(lines)
  const handle = serveStdio(() => mcpServer(source, new Map()), {
    transport,
    onerror: (error) => warn(error.message),
  })
  try {
    await Promise.race([transport.ended, aborted(signal)])
  } finally {
    await handle.close()
    await source.close()
  }
}

function aborted(signal: AbortSignal | undefined): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  if (signal?.aborted === true) resolve()
  signal?.addEventListener("abort", () => resolve(), { once: true })
  return promise
}
