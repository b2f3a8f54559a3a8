import type { NetworkTarget } from "@skein/core/ports"
import { type Address, addressOf, kindOf } from "./address.ts"
import { Refusal } from "./refusal.ts"

/** Looks a name up. Asked only for names that were allowed: a question to a name server carries the name out. */
export type Resolve = (host: string) => Promise<readonly string[]>

/**
 * The addresses of an allowed target, each of which may be connected to. Throws Refusal when one of them is on this
 * machine or its networks and that was not meant, or when a name leads to where no name may lead.
 */
export async function addressesOf(
  target: NetworkTarget,
  isPrivateAllowed: boolean,
  resolve: Resolve,
): Promise<readonly Address[]> {
  const literal = addressOf(target.host)
  const found = literal === undefined ? await lookedUp(target.host, resolve) : [literal]
  for (const address of found) {
    const kind = kindOf(address)
    if (kind === "public" || (isPrivateAllowed && (kind === "private" || literal !== undefined))) continue
    throw new Refusal(403, refusedKind(target.host, address, kind))
  }
  return found
}

function refusedKind(host: string, { text }: Address, kind: "private" | "special"): string {
  const where = kind === "private" ? "on this machine or a private network" : "not for public use"
  return host === text ? `The address ${text} is ${where}.` : `${host} leads to ${text}, which is ${where}.`
}

async function lookedUp(host: string, resolve: Resolve): Promise<readonly Address[]> {
  const texts = await resolve(host).catch((cause: unknown) => {
    throw new Refusal(502, `There is no address for ${host}: ${reasonOf(cause)}.`)
  })
  const found = texts.map(addressOf)
  if (found.length === 0 || found.includes(undefined)) throw new Refusal(502, `There is no address for ${host}.`)
  return found.filter((address) => address !== undefined)
}

function reasonOf(cause: unknown): string {
  const code = (cause as { readonly code?: unknown }).code
  return typeof code === "string" ? code : "the lookup failed"
}

const LOOKUP_MS = 15_000

/** As this system looks names up: its own table of hosts, then its name servers. */
export const systemResolve: Resolve = async (host) => {
  const { lookup } = await import("node:dns/promises")
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(Object.assign(new Error("Late"), { code: "ETIMEOUT" })), LOOKUP_MS)
  try {
    const found = await Promise.race([lookup(host, { all: true }), late])
    return found.map(({ address }) => address)
  } finally {
    clearTimeout(timer)
  }
}
