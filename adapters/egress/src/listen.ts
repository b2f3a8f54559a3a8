import { chmodSync } from "node:fs"
import { handlers, type PeerEvents, peerOn } from "./peer.ts"
import { type ProxyOptions, serve } from "./proxy.ts"

/** Listens on a Unix socket that its owner alone may use. Returns the end of it; does not keep the process alive. */
export function listenAt(path: string, options: ProxyOptions): () => void {
  const server = Bun.listen<PeerEvents>({
    unix: path,
    allowHalfOpen: true,
    socket: handlers((socket) => void serve(peerOn(socket), options)),
  })
  chmodSync(path, 0o600)
  server.unref()
  return () => server.stop(true)
}
