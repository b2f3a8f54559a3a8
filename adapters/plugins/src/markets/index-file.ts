import { refused, sha256, shown } from "../files.ts"
import { isValues, type Values } from "../manifest/checks.ts"
import { NAME, VERSION } from "../manifest/forms.ts"
import { parsed } from "../manifest/read.ts"
import { canonical } from "../signed/canonical.ts"
import { isSignedBy, signed } from "../signed/keys.ts"
import type { TrustedKey } from "../signed/seal.ts"
import type { Market } from "../store/state.ts"

/** A list of plugins, as one of the three kinds of files says it. */
export interface MarketFile {
  readonly name: string
  readonly entries: readonly Entry[]
  /** Of a signed index. */
  readonly signer?: TrustedKey | undefined
  readonly serial?: number | undefined
  readonly sha256: string
}

export interface Entry {
  readonly name: string
  readonly version?: string | undefined
  readonly description?: string | undefined
  readonly category?: string | undefined
  /** As the file says it. */
  readonly source: unknown
  /** Of all its files, where a signed index says so. */
  readonly sha256?: string | undefined
  /** The marketplace says that it cannot be installed. */
  readonly isBlocked: boolean
  /** What it says of a plugin that has no manifest of its own. */
  readonly value: Values
}

/** Where the list is looked for in a folder, the nearest to skein first. */
export const MARKET_FILES = ["skein-index.json", ".claude-plugin/marketplace.json", ".agents/plugins/marketplace.json"]
export const MARKET_BYTES_MAX = 4_000_000
const ENTRIES_MAX = 5000

/**
 * Reads a list. One that is signed has to be signed by a key of the person's, and the same as before, with no lower number
 * than before: what `before` holds. Rejects with SkeinError `op.invalid`.
 */
export async function marketFile(
  text: string,
  keys: readonly TrustedKey[],
  before?: Pick<Market, "signedBy" | "serial" | "sha256"> | undefined,
): Promise<MarketFile> {
  const read = parsed(text)
  if ("why" in read) throw refused(`The marketplace's list cannot be read: ${read.why}`)
  const { value } = read
  if (!isValues(value) || typeof value.name !== "string" || !NAME.test(value.name))
    throw refused("The marketplace's list has no name of letters, digits, - and _.")
  if (!Array.isArray(value.plugins) || value.plugins.length > ENTRIES_MAX)
    throw refused(`plugins takes a list of at most ${ENTRIES_MAX} plugins.`)
  const signer = await signerOf(value, keys, before)
  const isIndex = value.signature !== undefined
  const entries = value.plugins.map((each: unknown, at) => entryOf(each, `plugins[${at}]`, isIndex))
  const serial = typeof value.serial === "number" ? value.serial : undefined
  return { name: value.name, entries, signer, serial, sha256: sha256(canonical(value)) }
}

/** The text of an index, signed. `serial` is to be higher than that of the one before. Rejects with SkeinError `op.invalid`. */
export async function signedIndex(value: Values, privatePem: string): Promise<string> {
  const { signature: _, ...own } = value
  const { id: signedBy } = await signed("", privatePem)
  const whole: Values = { ...own, signedBy }
  if (!Number.isSafeInteger(whole.serial as number))
    throw refused("serial takes a whole number, higher with every change.")
  const { signature } = await signed(canonical(whole), privatePem)
  return `${JSON.stringify({ ...whole, signature }, null, 2)}\n`
}

async function signerOf(
  value: Values,
  keys: readonly TrustedKey[],
  before: Pick<Market, "signedBy" | "serial" | "sha256"> | undefined,
): Promise<TrustedKey | undefined> {
  const { signature, ...rest } = value
  const { signedBy, serial } = rest
  if (typeof signature !== "string") {
    if (before?.signedBy !== undefined)
      throw refused("The marketplace's list was signed before and is not any more. It is left as it was.")
    return undefined
  }
  if (typeof serial !== "number" || !Number.isSafeInteger(serial) || serial < 0)
    throw refused("A signed list takes a serial: a whole number, higher with every change.")
  const by = keys.find(({ id }) => id === signedBy)
  if (by === undefined)
    throw refused(
      `The list is signed by ${shown(String(signedBy))}, which is no key that you trust. Add it: skein plugin keys add FILE`,
    )
  if (!(await isSignedBy(by, canonical(rest), signature)))
    throw refused(`The list is not what ${by.name} signed: the signature does not hold.`)
  if (before?.signedBy !== undefined && before.signedBy !== by.id)
    throw refused(
      `The list was signed by another key before, ${before.signedBy}. Remove the marketplace and add it again if that is meant.`,
    )
  if (before?.serial !== undefined && serial < before.serial)
    throw refused(`The list is an older one: its serial is ${serial}, and ${before.serial} was here already.`)
  if (before?.serial === serial && before.sha256 !== undefined && before.sha256 !== sha256(canonical(value)))
    throw refused(`The list has the serial ${serial} of the one before and says something else.`)
  return by
}

function entryOf(each: unknown, place: string, isIndex: boolean): Entry {
  if (!isValues(each) || typeof each.name !== "string" || !NAME.test(each.name))
    throw refused(`${place}.name takes a name of letters, digits, - and _.`)
  const { name, version, description, category, source, policy, sha256: hash } = each
  if (version !== undefined && (typeof version !== "string" || !VERSION.test(version)))
    throw refused(`${place}.version takes a version as 1.2.3.`)
  if (isIndex && (typeof hash !== "string" || !/^[0-9a-f]{64}$/.test(hash)))
    throw refused(`${place}.sha256 takes the hash of the plugin's files, as skein plugin verify tells it.`)
  return {
    ...{ name, source, value: each, version: typeof version === "string" ? version : undefined },
    description: typeof description === "string" ? description : undefined,
    category: typeof category === "string" ? category : undefined,
    sha256: isIndex && typeof hash === "string" ? hash : undefined,
    isBlocked: isValues(policy) && policy.installation === "NOT_AVAILABLE",
  }
}
