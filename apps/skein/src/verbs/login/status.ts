import type { Host } from "@skein/host"
import { jsonPage, SkeinError } from "@skein/protocol"
import type { VerbCall } from "../../verb.ts"
import { hasAccounts } from "./account.ts"

/** One place keys can be in, and how it stands with it. */
export interface PlaceState {
  readonly name: string
  readonly state: "ready" | "off" | "locked" | "unavailable" | "not_allowed"
  readonly detail: string
  readonly cure?: string | undefined
}

/** How it stands with one login; never a token. Times in ISO 8601. */
export interface AccountState {
  readonly id: string
  readonly name: string
  readonly account?: string | undefined
  readonly source: string
  readonly expiresAt?: string | undefined
  readonly isRenewable: boolean
  /** Why it can no longer be used, and what to do. */
  readonly ended?: string | undefined
}

/**
 * `skein login status`: where each provider's key or login is, and how it stands with every place. Exit 1 when there is
 * neither.
 */
export async function status(host: Host, { flags, io }: VerbCall): Promise<number> {
  const logins = await accountStates(host)
  const over = new Set(logins.filter(({ ended }) => ended !== undefined).map(({ id }) => id))
  const providers = (await foundKeys(host)).filter(({ id }) => !over.has(id))
  const isNothing = providers.length === 0 && logins.length === 0
  const places = await placeStates(host)
  if (flags.has("json")) {
    io.out(jsonPage({ providers, logins, places }))
    return isNothing ? 1 : 0
  }
  const asLogin = new Set(logins.map(({ id }) => id))
  for (const { id, name, source } of providers) if (!asLogin.has(id) || !isOfLogin(source)) io.out(`${name}: ${source}`)
  for (const login of logins) io.out(`${login.name}: ${toldLogin(login)}`)
  if (isNothing) io.out("No key and no login was found. Keep one with: skein login <provider>")
  for (const warning of host.warnings) io.err(`note    ${warning}`)
  for (const { name, state, detail, cure } of places) {
    io.err(`note    ${name}: ${state.replace("_", " ")}, ${detail}`)
    if (cure !== undefined) io.err(`        ${cure}`)
  }
  return isNothing ? 1 : 0
}

/** Whether that is what was found, and not a key that is taken before it. */
export function isOfLogin(source: string): boolean {
  return /^login\b/.test(source)
}

/** One line about a login. */
export function toldLogin({ account, source, expiresAt, isRenewable, ended }: AccountState): string {
  const who = account === undefined ? "login" : `login of ${account}`
  if (ended !== undefined) return `${who}, ${source}. ${ended}`
  const until = expiresAt === undefined ? "" : `, until ${expiresAt}`
  return `${who}, ${source}${until}${isRenewable ? ", renewed by itself" : ""}`
}

/** All logins that there are. One that cannot be read is one that is over. */
export async function accountStates(host: Host): Promise<readonly AccountState[]> {
  const found = host.models.owners().filter(hasAccounts)
  const states = found.map(async (owner): Promise<readonly AccountState[]> => {
    const { id, name } = owner
    try {
      const state = await host.logins.state(owner)
      if (state === undefined) return []
      const { expiresAt, ...facts } = state
      const at = expiresAt === undefined ? {} : { expiresAt: new Date(expiresAt).toISOString() }
      return [{ id, name, ...facts, ...at }]
    } catch (error) {
      if (!(error instanceof SkeinError)) throw error
      return [{ id, name, source: "unreadable", isRenewable: false, ended: error.message }]
    }
  })
  return (await Promise.all(states)).flat()
}

/** Where each provider's key was found, wherever it is; never the key. */
async function foundKeys(host: Host) {
  await host.models.list()
  return host.models.owners().flatMap(({ id, name }) => {
    const source = host.keySources.get(id)
    return source === undefined ? [] : [{ id, name, source }]
  })
}

/** All places in the order in which they are asked. */
export async function placeStates(host: Host): Promise<readonly PlaceState[]> {
  const { allow } = host.config.values.secrets
  const forbidden = (name: string): PlaceState[] =>
    allow === undefined || allow.includes(name as (typeof allow)[number])
      ? []
      : [{ name, state: "not_allowed", detail: "secrets.allow leaves it out" }]
  const states = (await host.stores()).map(async (store): Promise<PlaceState> => {
    const [not] = forbidden(store.name)
    if (not !== undefined) return not
    const state = await store.state()
    if (state.kind === "ready") return { name: store.name, state: "ready", detail: state.detail }
    const cure = "cure" in state && state.cure !== "" ? state.cure : undefined
    return { name: store.name, state: state.kind, detail: state.reason, cure }
  })
  return [...forbidden("key_file"), ...forbidden("environment"), ...(await Promise.all(states))]
}
