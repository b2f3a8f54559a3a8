import { type RunContext, ToolFailure, type WebCaller, type WebPort } from "@skein/core/ports"
import type { Planned, ToolWorld } from "../define.ts"

/** The web as a tool may ask it. Throws ToolFailure where there is none. */
export function webOf({ web }: ToolWorld): WebPort {
  if (web === undefined) throw new ToolFailure("There is no way to the web here.")
  return web
}

/** On whose behalf a call asks. Throws ToolFailure while nothing may be reached. */
export function callerOf({ sessionId, callId, network, signal }: RunContext): WebCaller {
  if (network === undefined) {
    throw new ToolFailure("The network is off for this session. A person turns it on with /network ask or /network on.")
  }
  return { sessionId, callId, network, signal }
}

/** What a call that asks hosts would do, for the judge and the person. */
export function asksHosts<P>(hosts: readonly string[], shown: string, prepared: P): Planned<P> {
  return {
    effects: hosts.length === 0 ? [{ kind: "none" }] : [{ kind: "network", hosts }],
    actions: [{ verb: "network", target: shown }],
    fingerprint: shown,
    prepared,
  }
}

/** `12.3 kB`. */
export function sizeOf(bytes: number): string {
  if (bytes < 1_000) return `${bytes} bytes`
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}
