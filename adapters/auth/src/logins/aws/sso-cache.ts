import {
  closeSync,
  constants,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs"
import { dirname, join } from "node:path"
import { SkeinError } from "@skein/protocol"
import { parsedFields, textIn, tokenIn } from "../fields.ts"

/** A login to AWS IAM Identity Center, as the AWS CLI keeps it, and takes it from. */
export interface SsoToken {
  readonly startUrl: string
  readonly region: string
  readonly accessToken: string
  /** Milliseconds since 1970, as all times here. */
  readonly expiresAt: number
  readonly clientId: string | undefined
  readonly clientSecret: string | undefined
  readonly registrationExpiresAt: number | undefined
  readonly refreshToken: string | undefined
}

/** `~/.aws/sso/cache/<SHA-1 of the session's name, or of the start URL>.json`. */
export function ssoCachePath(home: string, name: string): string {
  return join(home, ".aws", "sso", "cache", `${Bun.CryptoHasher.hash("sha1", name, "hex")}.json`)
}

/** Undefined where there is none. */
export function readSsoToken(path: string): SsoToken | undefined {
  let text: string
  try {
    text = readFileSync(path, "utf8")
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && (cause.code === "ENOENT" || cause.code === "ENOTDIR"))
      return undefined
    throw new SkeinError("login.unavailable", `Cannot read ${path}. Check its permissions.`, { cause })
  }
  const fields = parsedFields(text)
  const accessToken = tokenIn(fields, "accessToken")
  const expiresAt = Date.parse(textIn(fields, "expiresAt") ?? "")
  if (accessToken === undefined || Number.isNaN(expiresAt)) return undefined
  const registrationEnd = Date.parse(textIn(fields, "registrationExpiresAt") ?? "")
  return {
    ...{ startUrl: textIn(fields, "startUrl") ?? "", region: textIn(fields, "region") ?? "", accessToken, expiresAt },
    ...{ clientId: textIn(fields, "clientId"), clientSecret: textIn(fields, "clientSecret") },
    registrationExpiresAt: Number.isNaN(registrationEnd) ? undefined : registrationEnd,
    refreshToken: tokenIn(fields, "refreshToken"),
  }
}

/** Whole or not at all, for its owner alone. Throws SkeinError `login.unavailable`. */
export function writeSsoToken(path: string, token: SsoToken): void {
  const beside = `${path}.${crypto.randomUUID()}.tmp`
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    const fd = openSync(beside, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600)
    try {
      writeFileSync(fd, `${JSON.stringify(asWritten(token))}\n`)
      fsyncSync(fd)
    } finally {
      closeSync(fd)
    }
    renameSync(beside, path)
  } catch (cause) {
    rmSync(beside, { force: true })
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "an error"
    throw new SkeinError("login.unavailable", `The login could not be kept: cannot write ${path} (${code}).`, { cause })
  }
}

export function removeSsoToken(path: string): void {
  rmSync(path, { force: true })
}

/** Times as the AWS CLI writes them: to the second. */
function asWritten({ expiresAt, registrationExpiresAt, ...token }: SsoToken) {
  const written = (at: number) => new Date(at).toISOString().replace(/\.\d+Z$/, "Z")
  const ends = registrationExpiresAt === undefined ? {} : { registrationExpiresAt: written(registrationExpiresAt) }
  return { ...token, expiresAt: written(expiresAt), ...ends }
}
