import type { ServerRow } from "../servers/row.ts"
import { type Connection, ServerError } from "../wire/connection.ts"
import { published, pulled, registrations, unregistrations, type WireDiagnostic } from "../wire/shapes.ts"
import { type Documents, pathOf, uriOf } from "./documents.ts"
import { tsserverDiagnostics } from "./tsserver.ts"

/** How a server is brought to say what is wrong with a file. */
export interface Diagnosing {
  /** Takes what the server tells and asks of it; true when it was about this. */
  hear(method: string, params: unknown): boolean
  /** The server is gone: whoever waits is told this. */
  fail(error: Error): void
  /** What it says of an open file in the version that it was last told. Rejects with the signal's reason, or ServerError. */
  of(path: string, signal: AbortSignal): Promise<readonly WireDiagnostic[]>
}

/** A server that sends without saying for which version may send twice: what it says after such a silence holds. */
const QUIET_MS = 200
/** `ServerCancelled` and `ContentModified` of the protocol: ask again. */
const ASK_AGAIN = new Set([-32_802, -32_801])
const ASK_AGAIN_MS = 100

interface Published {
  readonly version: number
  readonly isSure: boolean
  readonly diagnostics: readonly WireDiagnostic[]
  readonly at: number
}

export function diagnosing(
  row: ServerRow,
  connection: () => Connection,
  documents: () => Documents,
  isPulling: () => boolean,
): Diagnosing {
  const told = new Map<string, Published>()
  const pulls = new Map<string, readonly WireDiagnostic[]>()
  /** Of those that the server registered for being asked. */
  const ids = new Set<string>()
  let failure: Error | undefined
  let changed = Promise.withResolvers<void>()

  function wake(): void {
    changed.resolve()
    changed = Promise.withResolvers()
  }

  function hear(method: string, params: unknown): boolean {
    if (method === "textDocument/publishDiagnostics") {
      const { data } = published().safeParse(params)
      const path = data === undefined ? undefined : pathOf(data.uri)
      if (data !== undefined && path !== undefined) keep(path, data)
    } else if (method === "client/registerCapability") {
      const { data } = registrations().safeParse(params)
      for (const one of data?.registrations ?? []) if (one.method === PULL) ids.add(one.id)
    } else if (method === "client/unregisterCapability") {
      const { data } = unregistrations().safeParse(params)
      for (const { id } of data?.unregisterations ?? []) ids.delete(id)
    } else return false
    wake()
    return true
  }

  function keep(
    path: string,
    { version, diagnostics }: { version?: number | null | undefined; diagnostics: readonly WireDiagnostic[] },
  ) {
    const now = documents().version(path)
    // Of a file that is not open nobody asks, and a server may tell of thousands.
    if (now === undefined) told.delete(path)
    else
      told.set(path, {
        version: version ?? now,
        isSure: typeof version === "number",
        diagnostics,
        at: performance.now(),
      })
  }

  async function pull(path: string, signal: AbortSignal): Promise<readonly WireDiagnostic[]> {
    for (;;) {
      try {
        const answer = pulled().safeParse(await connection().ask(PULL, { textDocument: { uri: uriOf(path) } }, signal))
        if (answer.data === null) return []
        if (answer.data?.kind === "full") pulls.set(path, answer.data.items)
        return pulls.get(path) ?? []
      } catch (error) {
        if (!(error instanceof ServerError && ASK_AGAIN.has(error.code))) throw error
        await Bun.sleep(ASK_AGAIN_MS)
      }
    }
  }

  /** Undefined when it is to be asked instead. */
  async function waited(path: string, version: number, signal: AbortSignal) {
    const stopped = Promise.withResolvers<never>()
    const stop = () => stopped.reject(signal.reason)
    signal.throwIfAborted()
    signal.addEventListener("abort", stop, { once: true })
    try {
      for (;;) {
        if (failure !== undefined) throw failure
        if (isPulling() || ids.size > 0) return undefined
        const found = told.get(path)
        const isCurrent = found !== undefined && found.version >= version
        const quietMs = isCurrent && !found.isSure ? QUIET_MS - (performance.now() - found.at) : 0
        if (isCurrent && quietMs <= 0) return found.diagnostics
        await Promise.race([stopped.promise, changed.promise, ...(isCurrent ? [Bun.sleep(quietMs)] : [])])
      }
    } finally {
      signal.removeEventListener("abort", stop)
    }
  }

  return {
    hear,
    fail(error) {
      failure = error
      wake()
    },
    async of(path, signal) {
      if (row.dialect === "tsserver") return await tsserverDiagnostics(connection(), path, signal)
      const version = documents().version(path) ?? 0
      return (await waited(path, version, signal)) ?? (await pull(path, signal))
    },
  }
}

const PULL = "textDocument/diagnostic"
