import { SkeinError } from "@skein/protocol"
import type { LoginPlace } from "../logins.ts"

/** What a `{word}` in a row's address stands for. */
export type Place =
  | {
      /** Variables that may hold it, first wins. */
      readonly env: readonly string[]
      /** What a login may know it from. */
      readonly login?: "project" | undefined
      /** Where nobody says. Absent: it must be said. */
      readonly otherwise?: string | undefined
      readonly example: string
    }
  /** It follows from another: as `named` says for a few, else by the pattern, which holds the other's `{word}`. */
  | { readonly of: string; readonly named: Readonly<Record<string, string>>; readonly pattern: string }

interface Known {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly login?: LoginPlace | undefined
}

interface Row {
  readonly name: string
  readonly places?: Readonly<Record<string, Place>> | undefined
}

/** The address with every `{word}` filled. Throws SkeinError `config.invalid` where one is not set or would lead elsewhere. */
export function filled(address: string, row: Row, known: Known): string {
  return address.replace(/\{(\w+)\}/g, (word, name: string) => {
    const place = row.places?.[name]
    return place === undefined ? word : wordFor(name, place, row, known)
  })
}

/** The variable that is to be set before the address is whole; undefined: it is. */
export function unsetIn(address: string, row: Row, known: Known): string | undefined {
  for (const [, name = ""] of address.matchAll(/\{(\w+)\}/g)) {
    const place = row.places?.[name]
    if (place === undefined) continue
    if ("of" in place) {
      const unset = unsetIn(`{${place.of}}`, row, known)
      if (unset !== undefined) return unset
    } else if (said(place, known) === undefined) return place.env[0] ?? name
  }
  return undefined
}

type Said = Extract<Place, { env: readonly string[] }>

function said({ env, login, otherwise }: Said, known: Known): string | undefined {
  const value = env.map((name) => known.env[name]?.trim()).find((text) => text !== undefined && text !== "")
  return value ?? (login === undefined ? undefined : known.login?.[login]) ?? otherwise
}

function wordFor(name: string, place: Place, row: Row, known: Known): string {
  if ("of" in place) {
    const other = filled(`{${place.of}}`, row, known)
    return place.named[other] ?? filled(place.pattern, row, known)
  }
  const value = said(place, known)
  const [first] = place.env
  if (value === undefined) {
    throw new SkeinError(
      "config.invalid",
      `${row.name} needs a ${name}. Set ${first}, for example to ${place.example}.`,
    )
  }
  // Part of a host or of a path, and nothing that ends one.
  if (/^[\w.:-]+$/.test(value)) return value
  throw new SkeinError("config.invalid", `What ${first} holds can be no ${name} of ${row.name}.`)
}
