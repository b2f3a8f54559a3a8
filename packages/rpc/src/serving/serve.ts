import type { Engine } from "@skein/protocol"
import type { Transport } from "../transports/transport.ts"
import type { Peer } from "../words.ts"
import { Attachments } from "./attachments.ts"
import { type CheckedEngine, checked } from "./checked.ts"
import { Connection } from "./connection.ts"
import { Requests } from "./requests.ts"

export interface ServeOptions {
  /** What clients are told who serves. */
  readonly server: Peer
  /** A throw that is a defect of ours; the client is told as well. */
  readonly onDefect: (error: unknown) => void
  /** How long a client that lost its connection may take to come back before what it was asked fails; 10 seconds when left out. */
  readonly graceMs?: number | undefined
}

/** An engine that is served to any number of clients, over any transports. */
export interface EngineServer {
  /** Serves one client until either end is gone. */
  accept(transport: Transport): Promise<void>
  /** For transports that are no connection, as single requests over HTTP. */
  readonly engine: CheckedEngine
  /** The same for ops, and for who answers over such a transport. */
  readonly requests: Requests
  /** Ends every connection, and each that comes later. The engine is whoever's it was. */
  close(): Promise<void>
}

/** Serves an engine. What comes from outside is checked before the engine sees it. */
export function serveEngine(engine: Engine, { server, onDefect, graceMs }: ServeOptions): EngineServer {
  const attachments = new Attachments(engine, graceMs)
  const open = new Map<Transport, Promise<void>>()
  let isClosed = false
  const serving = { engine: checked(engine), attachments, server, onDefect }
  return {
    engine: serving.engine,
    requests: new Requests(serving.engine, attachments),
    async accept(transport) {
      // A client whose connection has just ended dials anew at once, while the address is still there.
      if (isClosed) return transport.close()
      const running = new Connection(serving, transport).run().finally(() => open.delete(transport))
      open.set(transport, running)
      await running
    },
    async close() {
      isClosed = true
      const running = [...open.values()]
      for (const transport of open.keys()) transport.close()
      await Promise.allSettled(running)
      attachments.close()
    },
  }
}

/** Serves one client, as over stdin and stdout. Resolves when either end is gone. */
export async function serve(engine: Engine, transport: Transport, options: ServeOptions): Promise<void> {
  const server = serveEngine(engine, options)
  await server.accept(transport)
  await server.close()
}
