import { ERROR_CODES } from "@skein/protocol"

/** A keyed hash of a text: equal for equal texts of one data folder. */
export type Hash = (text: string) => string

/** What stays of one value: never its text. Undefined when it is not what it should be. */
export type Keep = (value: unknown, hash: Hash) => unknown

/** Ids are made by skein, or proposed by a client within this shape. */
export const id: Keep = (value) =>
  typeof value === "string" && /^[a-z]{2,4}_[A-Za-z0-9-]{1,64}$/.test(value) ? value : undefined

export const number: Keep = (value) => (typeof value === "number" ? value : undefined)

export const flag: Keep = (value) => (typeof value === "boolean" ? value : undefined)

/** What a person configured: the name of a model or of a tool. */
export const name: Keep = (value) =>
  typeof value === "string" && /^[A-Za-z0-9][A-Za-z0-9._:@/+-]{0,99}$/.test(value) ? value : undefined

/** One of a closed list. */
export function word(...words: readonly string[]): Keep {
  return (value) => (typeof value === "string" && words.includes(value) ? value : undefined)
}

export const errorCode: Keep = word(...ERROR_CODES)

/** Size and hash of a text, or of whatever it is as JSON. */
export const text: Keep = (value, hash) => {
  if (value === undefined || value === null) return value
  const written = typeof value === "string" ? value : JSON.stringify(value)
  return { bytes: Buffer.byteLength(written), hash: hash(written) }
}

/** How many there are. */
export const count: Keep = (value) => (Array.isArray(value) ? value.length : undefined)

/** Some fields of an object. */
export function fields(kept: { readonly [field: string]: Keep }): Keep {
  return (value, hash) => {
    if (typeof value !== "object" || value === null) return undefined
    const values: { readonly [field: string]: unknown } = { ...value }
    return Object.fromEntries(Object.entries(kept).map(([field, keep]) => [field, keep(values[field], hash)]))
  }
}

export function each(keep: Keep): Keep {
  return (value, hash) => (Array.isArray(value) ? value.map((one) => keep(one, hash)) : undefined)
}
