import { join } from "node:path"
import type { DocumentsPort, NetworkGate } from "@skein/core/ports"
import type { NetworkAttempt } from "@skein/protocol"
import { embeddedProgram } from "./build-facts.ts"

/** The way out for requests of one call, as egress gives it. */
interface Gated {
  gated(
    gate: NetworkGate,
    about: { readonly sessionId: string; readonly callId: string; readonly purpose: string },
  ): Promise<{
    ask(url: string, init: RequestInit): Promise<Response>
    close(): readonly NetworkAttempt[]
  }>
}

export interface WebGiven<S> {
  readonly egress: Gated
  readonly documents: DocumentsPort
  readonly now: () => number
  readonly version: string
  /** Where what was found is kept; undefined for a run that leaves nothing behind. */
  readonly cacheDir: string | undefined
  readonly search: () => S
}

interface Caller {
  readonly network: NetworkGate
  readonly sessionId: string
  readonly callId: string
}

/** What the web's adapter is given: one way out for each call, with its own line in the record. */
export function webOptions<S>({ egress, version, cacheDir, ...given }: WebGiven<S>) {
  return {
    ...given,
    open: ({ network, sessionId, callId }: Caller) => egress.gated(network, { sessionId, callId, purpose: "web" }),
    userAgent: `Mozilla/5.0 (compatible; skein/${version})`,
    cacheDir: cacheDir === undefined ? undefined : join(cacheDir, "web-search"),
  }
}

/** The library that leads browsers, as it travels inside the binary; undefined from source. */
export function packedLeader(): Promise<Uint8Array> | undefined {
  return embeddedProgram("playwright-core.zst")?.file.bytes()
}
