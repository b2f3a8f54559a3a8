import { existsSync, rmSync } from "node:fs"
import { join } from "node:path"
import type { EgressPort, LedgerPort, NetworkGate } from "@skein/core/ports"
import { SkeinError } from "@skein/protocol"
import type { GatedWay } from "./gated.ts"
import type { Resolve } from "./resolve.ts"
import type { UpstreamOptions } from "./upstream.ts"
import type { About, Way } from "./way.ts"

export interface EgressOptions {
  readonly ledger: LedgerPort
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Folders for the socket, best first: it goes into a private one of its own below the first that serves. */
  readonly folders: readonly string[]
  readonly upstream: UpstreamOptions
  /** A PEM file of certificates to trust besides the usual ones, in a proxy that is spoken to in TLS. */
  readonly caFile?: string | undefined
  /** A defect of the proxy itself: whoever looks after this program is told, and the command only that it failed. */
  readonly onDefect: (error: unknown) => void
  /** The system's own when not given. */
  readonly resolve?: Resolve | undefined
  readonly bounds?: Partial<Bounds> | undefined
  /** The platform's, for requests of tools themselves. */
  readonly through: (url: string, init: BunFetchRequestInit) => Promise<Response>
}

export interface Bounds {
  /** Of a request's head. */
  readonly bytesMax: number
  /** For a request's whole head. */
  readonly timeoutMs: number
  readonly connectTimeoutMs: number
  readonly nextAfterMs: number
}

const BOUNDS: Bounds = { bytesMax: 32_768, timeoutMs: 15_000, connectTimeoutMs: 15_000, nextAfterMs: 250 }

/** Where it listens, and the end of that. */
interface Listener {
  readonly path: string
  stop(): void
}

export interface ClosableEgress extends EgressPort {
  /** The way out for requests that one call of a tool makes itself. */
  gated(gate: NetworkGate, about: About): Promise<GatedWay>
  /** Ends every way, and takes the socket away. */
  close(): void
}

/** The proxy for tools' processes. Listens from the first command on that may use the network, on one socket for all. */
export function egress(options: EgressOptions): ClosableEgress {
  const ways = new Map<string, Way>()
  const gatedWays = new Set<Way>()
  let listening: Promise<Listener> | undefined
  let isClosed = false
  let strangers = 0

  /** Compared by hashes, so that how long it takes says nothing of a password. */
  function wayOf(token: string): Way | undefined {
    return ways.get(hashOf(token))
  }
  function onStranger(): void {
    if (strangers++ >= STRANGERS_MAX) return
    const target = { host: "(unknown)", port: 0 }
    options.ledger.record({
      ...{ at: options.now(), purpose: "command", ...target },
      ...{ bytesOut: 0, bytesIn: 0, decision: "refused" },
    })
  }
  async function listen(): Promise<Listener> {
    if (isClosed) throw new Error("skein is ending")
    const [{ listenAt }, { folderIn }, { systemResolve }] = await Promise.all([
      import("./listen.ts"),
      import("./folder.ts"),
      import("./resolve.ts"),
    ])
    const folder = folderIn(options.folders)
    const path = join(folder, "proxy")
    const { onDefect } = options
    const stop = listenAt(path, { ...{ wayOf, onStranger, onDefect }, ...routing(options, systemResolve) })
    return {
      path,
      stop() {
        stop()
        rmSync(folder, { recursive: true, force: true })
      },
    }
  }
  /** The one there is, while its socket is: what cleans up temporary folders may have taken it. */
  async function listener(): Promise<Listener> {
    const held = listening
    const known = await held?.catch(ignored)
    if (known !== undefined && existsSync(known.path)) return known
    if (listening === held || listening === undefined) listening = listen()
    return await listening
  }
  return {
    async open(gate, about) {
      const { wayFor } = await import("./way.ts")
      const { path } = await listener().catch((cause: unknown) => {
        throw unavailable(cause instanceof Error ? cause.message : String(cause), cause)
      })
      if (isClosed) throw unavailable("skein is ending")
      const way = wayFor(gate, about, options.ledger, options.now)
      const key = hashOf(way.token)
      ways.set(key, way)
      return {
        socketPath: path,
        token: way.token,
        async close() {
          ways.delete(key)
          return way.close()
        },
      }
    },
    async gated(gate, about) {
      const [{ wayFor }, { gatedWay }, { folderIn }, { systemResolve }] = await Promise.all([
        import("./way.ts"),
        import("./gated.ts"),
        import("./folder.ts"),
        import("./resolve.ts"),
      ])
      if (isClosed) throw unavailable("skein is ending")
      const way = wayFor(gate, about, options.ledger, options.now)
      gatedWays.add(way)
      const folder = () => folderIn(options.folders)
      const inner = gatedWay(way, { ...routing(options, systemResolve), folder, through: options.through })
      return {
        ask: inner.ask,
        close() {
          gatedWays.delete(way)
          return inner.close()
        },
      }
    },
    close() {
      isClosed = true
      for (const way of [...ways.values(), ...gatedWays]) way.close()
      ways.clear()
      listening?.then(({ stop }) => stop(), ignored)
      listening = undefined
    },
  }
}

function routing({ upstream, caFile, resolve, bounds }: EgressOptions, systemResolve: Resolve) {
  const ca = caFile === undefined ? undefined : () => certificates(caFile)
  return { upstream, ca, resolve: resolve ?? systemResolve, bounds: { ...BOUNDS, ...bounds } }
}

/** Those of the file besides the usual ones, which giving any would replace. */
async function certificates(caFile: string): Promise<readonly string[]> {
  const { getCACertificates } = await import("node:tls")
  return [...getCACertificates("default"), await Bun.file(caFile).text()]
}

/** Of those, each is told once; after that they say nothing new. */
const STRANGERS_MAX = 100

function hashOf(token: string): string {
  return new Bun.CryptoHasher("sha256").update(token).digest("hex")
}

function unavailable(why: string, cause?: unknown): SkeinError {
  return new SkeinError(
    "sandbox.unavailable",
    `Cannot open a way to the network for this command: ${why}. It can run with the network off: /network off.`,
    { cause },
  )
}

/** Whoever opened it was told. */
function ignored(): undefined {}
