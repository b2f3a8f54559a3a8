import { rmSync } from "node:fs"
import { join } from "node:path"
import { type NetworkTarget, ToolFailure } from "@skein/core/ports"
import type { NetworkAttempt } from "@skein/protocol"
import { addressOf } from "./address.ts"
import { handlers, type Peer, type PeerEvents, peerOn } from "./peer.ts"
import { Refusal } from "./refusal.ts"
import { type RouteOptions, routeTo } from "./route.ts"
import type { Way } from "./way.ts"

/**
 * A way out for a tool's own requests, held to what holds for commands: each host is decided by the call's gate, looked
 * up once, checked, and connected to at exactly the address that was checked.
 */
export interface GatedWay {
  /**
   * One request to one server. Follows no redirect, keeps no connection, and hands the body over as it came: packed as the
   * server packed it. Throws ToolFailure with the reason when the server may not or cannot be reached.
   */
  ask(url: string, init: RequestInit): Promise<Response>
  /** Ends every connection, and tells what was tried. */
  close(): readonly NetworkAttempt[]
}

export interface GatedOptions extends RouteOptions {
  /** The platform's. */
  readonly through: (url: string, init: BunFetchRequestInit) => Promise<Response>
  /** A new private folder for sockets. */
  readonly folder: () => string
}

/**
 * The platform's fetch goes around a proxy that it is given where NO_PROXY says so, and looks names up anew. So it is
 * given a socket instead, at whose other end is the connection that was decided about: it can reach nothing else.
 */
export function gatedWay(way: Way, options: GatedOptions): GatedWay {
  let sockets: string | undefined
  let count = 0
  return {
    async ask(url, init) {
      const target = targetOf(url)
      const server = await connected(target, way, options)
      sockets ??= options.folder()
      const door = doorTo(join(sockets, String(count++)), server)
      const { ca } = options
      try {
        return await options.through(url, {
          ...init,
          ...{ unix: door.path, redirect: "manual", decompress: false, keepalive: false },
          ...(ca === undefined ? {} : { tls: { ca: [...(await ca())] } }),
        })
      } finally {
        door.close()
      }
    },
    close() {
      const told = way.close()
      if (sockets !== undefined) rmSync(sockets, { recursive: true, force: true })
      return told
    },
  }
}

function targetOf(url: string): NetworkTarget {
  const { protocol, hostname, port } = new URL(url)
  const bare = hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "")
  const host = addressOf(bare)?.text ?? bare
  return { host, port: port === "" ? (protocol === "http:" ? 80 : 443) : Number(port) }
}

/** Decides, connects and counts, as the proxy does for a tunnel. */
async function connected(target: NetworkTarget, way: Way, options: RouteOptions): Promise<Peer> {
  try {
    const given = await way.decide(target)
    if (!given.isAllowed) throw new Refusal(403, given.reason)
    const { peer } = await routeTo(target, true, given.isPrivateAllowed === true, options)
    if (!way.hold(peer)) throw new Refusal(503, "There are too many connections at once.")
    return countedPeer(peer, way.attempts.begin(target, "allowed", given.reason))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const wasAllowed = error.status === 502
    way.attempts.begin(target, wasAllowed ? "allowed" : "refused", error.message)
    const did = wasAllowed ? "Cannot reach" : "May not reach"
    throw new ToolFailure(`${did} ${target.host}:${target.port}: ${error.message}`, { cause: error })
  }
}

type Counts = ReturnType<Way["attempts"]["begin"]>

function countedPeer(peer: Peer, counts: Counts): Peer {
  return {
    ...peer,
    async read() {
      const bytes = await peer.read()
      if (bytes !== undefined) counts.received(bytes.length)
      return bytes
    },
    write(bytes) {
      counts.sent(bytes.length)
      return peer.write(bytes)
    },
  }
}

/** A socket that takes one connection and passes its bytes to the server and back. */
function doorTo(path: string, server: Peer): { readonly path: string; close(): void } {
  let isTaken = false
  const listener = Bun.listen<PeerEvents>({
    unix: path,
    allowHalfOpen: true,
    socket: handlers((socket) => {
      const client = peerOn(socket)
      if (isTaken) return client.destroy()
      isTaken = true
      void passed(client, server)
    }),
  })
  listener.unref()
  return {
    path,
    close() {
      listener.stop(false)
      rmSync(path, { force: true })
      if (!isTaken) server.destroy()
    },
  }
}

async function passed(client: Peer, server: Peer): Promise<void> {
  client.gone.then(() => server.destroy(), ignored)
  const forth = pump(client, server)
  await pump(server, client)
  await Promise.race([forth, server.gone])
  client.end()
  server.end()
}

async function pump(from: Peer, to: Peer): Promise<void> {
  for (let bytes = await from.read(); bytes !== undefined; bytes = await from.read()) {
    if (!(await to.write(bytes))) return from.destroy()
  }
  to.finish()
}

/** Whoever waits for it learns of it. */
function ignored(): void {}
