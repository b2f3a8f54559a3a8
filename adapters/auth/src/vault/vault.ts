import { SkeinError } from "@skein/protocol"
import type { SecretStore, StoreState } from "../store.ts"
import { type VaultAddress, vaultAddress } from "./address.ts"
import { type Answer, vaultRefusal, vaultUnreachable } from "./refusal.ts"

/** What Vault is asked through: the host's way out, so that the record of what leaves this machine sees it. */
export type Fetch = (url: string, init?: RequestInit) => Promise<Response>

export interface VaultOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
  readonly fetch: Fetch
  readonly timeoutMs?: number | undefined
}

const TIMEOUT_MS = 5_000
const ANSWER_CHARS_MAX = 1_000_000
/** The field of a secret that is the key; the first is the one that is written. */
const FIELDS = ["api_key", "key", "value"] as const

/**
 * HashiCorp Vault, the KV secrets engine of version 2: the key of a provider is the field `api_key` of
 * `<mount>/<path>/<provider>`. Named by VAULT_ADDR, VAULT_TOKEN (else a token file), VAULT_MOUNT, VAULT_SECRETS_PATH,
 * VAULT_NAMESPACE and VAULT_CACERT; off without the first.
 */
export function vault({ env, home, fetch: through, timeoutMs = TIMEOUT_MS }: VaultOptions): SecretStore {
  async function ask(address: VaultAddress, method: string, path: string, body?: unknown): Promise<Answer> {
    const url = `${address.url}/v1/${path}`
    const response = await through(url, {
      method,
      headers: { ...address.headers, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      // A redirect would take the token to wherever it says.
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
      // Bun's way to go direct; its types do not know it yet.
      ...(address.isOwnMachine ? { proxy: false } : {}),
      ...(address.tls === undefined ? {} : { tls: address.tls }),
    } as RequestInit).catch((cause: unknown) => {
      throw vaultUnreachable(address.host, cause, timeoutMs)
    })
    const text = await response.text().catch((cause: unknown) => {
      throw vaultUnreachable(address.host, cause, timeoutMs)
    })
    return {
      status: response.status,
      json: jsonOf(text.slice(0, ANSWER_CHARS_MAX)),
      location: response.headers.get("location"),
    }
  }

  async function secretOf(address: VaultAddress, provider: string): Promise<Secret | undefined> {
    const path = address.dataPath(provider)
    const answer = await ask(address, "GET", path)
    if (answer.status === 404 && !hasErrors(answer.json)) return undefined
    if (answer.status !== 200) throw vaultRefusal(address, path, answer)
    const inner = fieldOf(fieldOf(answer.json, "data"), "data")
    // The newest version was deleted.
    if (inner === null || inner === undefined) return undefined
    const version = fieldOf(fieldOf(fieldOf(answer.json, "data"), "metadata"), "version")
    return { fields: inner as Record<string, unknown>, version: typeof version === "number" ? version : undefined }
  }

  const sourceOf = (address: VaultAddress, provider: string) =>
    `Vault ${address.host}, ${address.mount}/${address.path}/${provider}`

  return {
    name: "vault",
    async state(): Promise<StoreState> {
      if ((env.VAULT_ADDR ?? "").trim() === "") return { kind: "off", reason: "VAULT_ADDR is not set" }
      try {
        const address = await vaultAddress(env, home)
        const answer = await ask(address, "GET", "auth/token/lookup-self")
        if (answer.status !== 200) throw vaultRefusal(address, "auth/token/lookup-self", answer)
        return { kind: "ready", detail: `${address.host}, ${address.mount}/${address.path}` }
      } catch (error) {
        if (!(error instanceof SkeinError)) throw error
        const isLocked = error.message.includes("sealed")
        return { kind: isLocked ? "locked" : "unavailable", reason: error.message.replace(/\.$/, ""), cure: "" }
      }
    },
    async get(provider) {
      const address = await vaultAddress(env, home)
      const secret = await secretOf(address, provider)
      const value = FIELDS.map((field) => secret?.fields[field]).find(
        (field) => typeof field === "string" && field !== "",
      )
      if (typeof value === "string") return { value, source: sourceOf(address, provider), warning: address.warning }
      if (secret === undefined) return undefined
      throw new SkeinError(
        "secret.unavailable",
        `${sourceOf(address, provider)} has no field ${FIELDS.join(", ")}. Put the key into ${FIELDS[0]}.`,
      )
    },
    async set(provider, value) {
      const address = await vaultAddress(env, home)
      const before = await secretOf(address, provider)
      const path = address.dataPath(provider)
      // Other fields stay, and somebody else's newer version is not overwritten.
      const options = before?.version === undefined ? {} : { options: { cas: before.version } }
      const answer = await ask(address, "POST", path, { data: { ...before?.fields, [FIELDS[0]]: value }, ...options })
      if (answer.status !== 200 && answer.status !== 204) throw vaultRefusal(address, path, answer)
      return sourceOf(address, provider)
    },
    async delete(provider) {
      const address = await vaultAddress(env, home)
      if ((await secretOf(address, provider)) === undefined) return false
      const path = address.dataPath(provider)
      const answer = await ask(address, "DELETE", path)
      if (answer.status !== 200 && answer.status !== 204) throw vaultRefusal(address, path, answer)
      return true
    },
  }
}

interface Secret {
  readonly fields: Readonly<Record<string, unknown>>
  readonly version: number | undefined
}

/** A wrong mount is a 404 too, but one with words. */
function hasErrors(json: unknown): boolean {
  const errors = fieldOf(json, "errors")
  return Array.isArray(errors) && errors.length > 0
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    // A proxy's page, or nothing: the status says enough.
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
