import { chmodSync } from "node:fs"
import type { Socket } from "bun"
import { handlers, type PeerEvents, peerOn } from "./peer.ts"
import { type ProxyOptions, serve } from "./proxy.ts"

/** Of all commands together, with or without a password: each takes a descriptor that skein itself needs elsewhere. */
const CONNECTIONS_MAX = 512

/** Listens on a Unix socket that its owner alone may use. Returns the end of it; does not keep the process alive. */
export function listenAt(path: string, options: ProxyOptions): () => void {
  let open = 0
  const take = (socket: Socket<PeerEvents>) => {
    const peer = peerOn(socket)
    if (open >= CONNECTIONS_MAX) return peer.destroy()
    open++
    void serve(peer, options).finally(() => open--)
  }
  const server = Bun.listen<PeerEvents>({
    unix: path,
    allowHalfOpen: true,
    socket: handlers(take),
  })
  chmodSync(path, 0o600)
  server.unref()
  return () => server.stop(true)
}
