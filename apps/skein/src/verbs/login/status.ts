import type { Host } from "@skein/host"
import { jsonPage } from "@skein/protocol"
import type { VerbCall } from "../../verb.ts"

/** One place keys can be in, and how it stands with it. */
export interface PlaceState {
  readonly name: string
  readonly state: "ready" | "off" | "locked" | "unavailable" | "not_allowed"
  readonly detail: string
  readonly cure?: string | undefined
}

/** `skein login status`: where each provider's key is, and how it stands with every place. Exit 1 when there is no key. */
export async function status(host: Host, { flags, io }: VerbCall): Promise<number> {
  const providers = await foundKeys(host)
  const places = await placeStates(host)
  if (flags.has("json")) {
    io.out(jsonPage({ providers, places }))
    return providers.length === 0 ? 1 : 0
  }
  for (const { name, source } of providers) io.out(`${name}: ${source}`)
  if (providers.length === 0) io.out("No key was found. Keep one with: skein login <provider>")
  for (const warning of host.warnings) io.err(`note    ${warning}`)
  for (const { name, state, detail, cure } of places) {
    io.err(`note    ${name}: ${state.replace("_", " ")}, ${detail}`)
    if (cure !== undefined) io.err(`        ${cure}`)
  }
  return providers.length === 0 ? 1 : 0
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
