import { SkeinError } from "@skein/protocol"
import type { SecretStore, StoreState } from "../store.ts"
import { probeKeyring } from "./probe.ts"

export interface KeyringOptions {
  /** The process's own: the system's library reads that. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly platform: string
  /** What speaks to the system's keyring. */
  readonly api?: SecretsApi | undefined
  /** For everything together, until it counts as unavailable. */
  readonly timeoutMs?: number | undefined
}

/** As Bun has it. */
export interface SecretsApi {
  get(at: { service: string; name: string }): Promise<string | null>
  set(at: { service: string; name: string; value: string }): Promise<void>
  delete(at: { service: string; name: string }): Promise<boolean>
}

const SERVICE = "skein"
const SOURCE = `OS keyring (service ${SERVICE})`
const TIMEOUT_MS = 5_000

/** The keyring of the desktop or of macOS. A locked one is never taken for an empty one, and nothing waits for a window. */
export function keyring(options: KeyringOptions): SecretStore {
  const { env, platform, api = Bun.secrets, timeoutMs = TIMEOUT_MS } = options

  async function state(): Promise<StoreState> {
    if (platform === "darwin") return { kind: "ready", detail: "Keychain" }
    if (platform === "linux") return await probeKeyring(env, timeoutMs)
    return { kind: "unavailable", reason: `skein knows no keyring of ${platform}`, cure: "Use another place." }
  }

  /** Does it with a keyring that is open, within the time. */
  async function opened<T>(work: () => Promise<T>, known?: StoreState): Promise<T> {
    const found = known ?? (await state())
    if (found.kind !== "ready") throw refused(found)
    try {
      return await inTime(work(), timeoutMs)
    } catch (cause) {
      if (cause instanceof SkeinError) throw cause
      throw refused(failureOf(cause), cause)
    }
  }

  return {
    name: "keyring",
    async state() {
      const found = await state()
      if (found.kind !== "ready") return found
      // The library behind it may still be missing, which only a question tells.
      try {
        await inTime(api.get({ service: SERVICE, name: "skein-doctor" }), timeoutMs)
        return found
      } catch (cause) {
        return failureOf(cause)
      }
    },
    async get(provider) {
      // Where there is no keyring, nothing can be in it.
      const found = await state()
      if (found.kind === "off") return undefined
      const value = await opened(() => api.get({ service: SERVICE, name: provider }), found)
      return value === null || value === "" ? undefined : { value, source: SOURCE }
    },
    async set(provider, value) {
      await opened(() => api.set({ service: SERVICE, name: provider, value }))
      // Some services take a secret without keeping it.
      const kept = await opened(() => api.get({ service: SERVICE, name: provider }))
      if (kept !== value) throw refused({ kind: "unavailable", reason: "it did not keep what it was given", cure: "" })
      return SOURCE
    },
    delete: (provider) => opened(() => api.delete({ service: SERVICE, name: provider })),
  }
}

type Trouble = Exclude<StoreState, { kind: "ready" }>

function refused(state: Trouble, cause?: unknown): SkeinError {
  const cure = "cure" in state && state.cure !== "" ? ` ${state.cure}` : ""
  return new SkeinError("secret.unavailable", `The OS keyring cannot be used: ${state.reason}.${cure}`, { cause })
}

function failureOf(cause: unknown): Trouble {
  const message = cause instanceof Error ? cause.message : String(cause)
  if (message.includes("libsecret"))
    return {
      kind: "unavailable",
      reason: "libsecret is not installed",
      cure: "Install it: the Debian package libsecret-1-0.",
    }
  return { kind: "unavailable", reason: message.replace(/\s+/g, " ").slice(0, 200), cure: "" }
}

class Late extends Error {}

/** A window that nobody sees may hold the answer back for ever. */
async function inTime<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Late(`it did not answer within ${timeoutMs} ms`)), timeoutMs)
  try {
    return await Promise.race([work, promise])
  } finally {
    clearTimeout(timer)
  }
}
