import { createServer, type Server, type Socket } from "node:net"
import type { Listener } from "../http/listen.ts"
import type { EngineServer } from "../serving/serve.ts"
import { lineTransport } from "../transports/lines.ts"
import { socketPlace, type WantedPlace } from "./place.ts"

export interface UnixListening extends WantedPlace {
  readonly onDefect: (error: unknown) => void
  /** Open at once; a further one is closed unheard. 512 when left out. */
  readonly connectionsMax?: number | undefined
  /** Of one message; 32 MiB when left out. */
  readonly messageBytesMax?: number | undefined
  /** How long a client may take nothing of what it was sent, in milliseconds; a minute when left out. */
  readonly stallMs?: number | undefined
}

/** Serves over a Unix socket that its owner alone can reach. Throws as `socketPlace` does. */
export async function listenUnix(engines: EngineServer, listening: UnixListening): Promise<Listener> {
  const { path, lock, onDefect, connectionsMax = 512, messageBytesMax = 32 * 1024 * 1024, stallMs = 60_000 } = listening
  const place = await socketPlace({ path, lock })
  const server = createServer((socket: Socket) => {
    socket.on("error", () => undefined)
    engines.accept(lineTransport(socket, socket, { messageBytesMax, stallMs })).catch(onDefect)
  })
  server.maxConnections = connectionsMax
  try {
    await place.bind((hidden) => bound(server, hidden))
  } catch (error) {
    server.close()
    throw error
  }
  return {
    address: `unix:${path}`,
    close: () => place.release(() => new Promise((resolve) => server.close(() => resolve()))),
  }
}

function bound(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject)
    server.listen(path, () => {
      server.off("error", reject)
      resolve()
    })
  })
}
