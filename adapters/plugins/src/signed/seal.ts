import { type PluginFile, refused, sha256, shown } from "../files.ts"
import { isValues, type Values } from "../manifest/checks.ts"
import { FORMS } from "../manifest/forms.ts"
import { checkedBy, MANIFEST_BYTES_MAX, parsed } from "../manifest/read.ts"
import { canonical } from "./canonical.ts"
import { isSignedBy, type PublicKey, signed } from "./keys.ts"

/** The manifest that holds a plugin to its bytes. */
export const SEAL_FILE = "skein-plugin.json"

/** A key of the person's, with the name they gave it. */
export interface TrustedKey extends PublicKey {
  readonly name: string
}

export type Verdict =
  | { readonly kind: "unsigned" }
  | { readonly kind: "signed"; readonly by: TrustedKey }
  /** Signed by a key that the person does not trust: nobody knows who that is. */
  | { readonly kind: "unknown_key"; readonly keyId: string }

/**
 * Whether files are what one of the person's keys signed: the manifest without its signature, and in it the SHA-256 of every
 * other file, no more and no fewer. The key is never taken from the files. Throws SkeinError `op.invalid` for a signature that
 * does not hold and for files that are not those of the manifest.
 */
export async function verdictOn(files: readonly PluginFile[], keys: readonly TrustedKey[]): Promise<Verdict> {
  const value = sealIn(files)
  if (value === undefined) return { kind: "unsigned" }
  if (value.files !== undefined) heldToHashes(files, value.files)
  const { signature, ...rest } = value
  if (signature === undefined) return { kind: "unsigned" }
  if (typeof signature !== "string" || typeof value.signedBy !== "string" || value.files === undefined)
    throw refused(`${SEAL_FILE} has a signature, but not who signed and which files: signedBy and files are missing.`)
  const by = keys.find(({ id }) => id === value.signedBy)
  if (by === undefined) return { kind: "unknown_key", keyId: value.signedBy }
  if (!(await isSignedBy(by, canonicalOf(rest), signature)))
    throw refused(`${SEAL_FILE} is not what ${by.name} signed: the signature does not hold. Do not use this copy.`)
  return { kind: "signed", by }
}

/** The text of the manifest that holds these files to their hashes, signed. Throws SkeinError `op.invalid`. */
export async function sealed(files: readonly PluginFile[], about: Values, privatePem: string): Promise<string> {
  const { signature: _, ...own } = sealIn(files) ?? about
  const hashes = files.filter(({ path }) => path !== SEAL_FILE).map(({ path, bytes }) => [path, sha256(bytes)] as const)
  const unsigned = { ...own, files: Object.fromEntries(hashes) }
  const { id: signedBy } = await signed("", privatePem)
  const { signature } = await signed(canonicalOf({ ...unsigned, signedBy }), privatePem)
  const whole = { ...unsigned, signedBy, signature }
  const flaw = FORMS.filter(({ file }) => file === SEAL_FILE)
    .flatMap((form) => checkedBy(form, whole).flaws)
    .find(({ isError }) => isError)
  if (flaw !== undefined) throw refused(`${SEAL_FILE}: ${flaw.place}: ${flaw.why}`)
  const text = `${JSON.stringify(whole, null, 2)}\n`
  if (text.length > MANIFEST_BYTES_MAX) throw refused(`${SEAL_FILE} would be larger than ${MANIFEST_BYTES_MAX} bytes.`)
  return text
}

function sealIn(files: readonly PluginFile[]): Values | undefined {
  const file = files.find(({ path }) => path === SEAL_FILE)
  if (file === undefined) return undefined
  if (file.bytes.length > MANIFEST_BYTES_MAX)
    throw refused(`${SEAL_FILE} has ${file.bytes.length} bytes; ${MANIFEST_BYTES_MAX} is the most.`)
  const read = parsed(new TextDecoder().decode(file.bytes))
  if ("why" in read) throw refused(`${SEAL_FILE}: ${read.why}`)
  if (!isValues(read.value)) throw refused(`${SEAL_FILE} is no object.`)
  return read.value
}

function heldToHashes(files: readonly PluginFile[], hashes: unknown): void {
  if (!isValues(hashes)) throw refused(`${SEAL_FILE}: files takes an object.`)
  const left = new Map(Object.entries(hashes))
  for (const { path, bytes } of files) {
    if (path === SEAL_FILE) continue
    const hash = left.get(path)
    if (hash === undefined) throw refused(`${shown(path)} is none of the files that ${SEAL_FILE} lists.`)
    if (hash !== sha256(bytes)) throw refused(`${shown(path)} is not the file that ${SEAL_FILE} lists: other bytes.`)
    left.delete(path)
  }
  const [missing] = left.keys()
  if (missing !== undefined) throw refused(`${shown(missing)} is missing: ${SEAL_FILE} lists it.`)
}

function canonicalOf(value: unknown): string {
  try {
    return canonical(value)
  } catch (cause) {
    if (cause instanceof TypeError || cause instanceof RangeError)
      throw refused(`${SEAL_FILE} cannot be held to a signature: ${cause.message}.`, cause)
    throw cause
  }
}
