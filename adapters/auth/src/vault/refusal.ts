import { SkeinError } from "@skein/protocol"
import type { VaultAddress } from "./address.ts"

/** What Vault answered, as far as it is read. */
export interface Answer {
  readonly status: number
  readonly json: unknown
  readonly location: string | null
}

/** What an answer of Vault's means, and what to do; see its HTTP API, "HTTP status codes". */
export function vaultRefusal(
  { host, mount }: VaultAddress,
  path: string,
  { status, json, location }: Answer,
): SkeinError {
  const said = wordsOf(json)
  return unavailable(`Vault at ${host} ${meaning()}`)

  function meaning(): string {
    if (status === 503 && /sealed/i.test(said)) return "is sealed. Unseal it: vault operator unseal"
    if (status === 503) return `is not ready (503${said}). Try again later`
    if (status === 501) return "is not initialised. Initialise it: vault operator init"
    if (status === 472 || status === 473 || status === 429)
      return `is a standby node or takes no more requests now (${status}). Point VAULT_ADDR at the active node, or wait`
    if (status === 403)
      return `refuses the token for ${path} (403). Log in anew (vault login), or have its policy allow read on that path`
    if (status === 404)
      return `has nothing at ${path} (404${said}). Check VAULT_MOUNT: is ${mount} a KV engine of version 2?`
    if (status === 400) return `did not take the request for ${path} (400${said})`
    if (status >= 300 && status < 400)
      return `sends elsewhere (${status}, ${hostOf(location)}), and the token is not taken there. Point VAULT_ADDR at it`
    return `answered ${status}${said}`
  }
}

/** No answer came. */
export function vaultUnreachable(host: string, cause: unknown, timeoutMs: number): SkeinError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : ""
  const name = cause instanceof Error ? cause.name : ""
  if (name === "TimeoutError") return unavailable(`Vault at ${host} did not answer within ${timeoutMs / 1000} s`, cause)
  if (/CERT|SELF_SIGNED|ISSUER|TLS|SSL|HOSTNAME/i.test(`${code} ${cause instanceof Error ? cause.message : ""}`)) {
    return unavailable(
      `Vault at ${host} showed a certificate that is not trusted (${code || "TLS"}). Name its authority's certificate in VAULT_CACERT`,
      cause,
    )
  }
  return unavailable(
    `Vault at ${host} cannot be reached (${code || "no connection"}). Check VAULT_ADDR and the network`,
    cause,
  )
}

function unavailable(what: string, cause?: unknown): SkeinError {
  return new SkeinError("secret.unavailable", `${what}.`, { cause })
}

/** Its own words, bounded, on one line. */
function wordsOf(json: unknown): string {
  const errors = typeof json === "object" && json !== null && "errors" in json ? json.errors : undefined
  if (!Array.isArray(errors) || errors.length === 0) return ""
  return `: ${errors
    .map(String)
    .join("; ")
    .replace(/[\p{Cc}\s]+/gu, " ")
    .slice(0, 200)}`
}

function hostOf(location: string | null): string {
  return location !== null && URL.canParse(location) ? new URL(location).host : "somewhere"
}
