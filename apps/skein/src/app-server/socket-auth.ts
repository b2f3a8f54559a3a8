import { createHash, createHmac, timingSafeEqual } from "node:crypto"
import { isAbsolute } from "node:path"
import { asNumber, asObject, asText, type Json, parseObject } from "@skein/protocol/json"
import type { Flags } from "../flags.ts"
import { tokenOf } from "../serve/token.ts"
import { UsageError } from "../usage.ts"

/** Whether whoever sends such an `Authorization` may come in. `now`: milliseconds since 1970. */
export type SocketAuth = (authorization: string | null, now: number) => boolean

const SECRET_BYTES_MIN = 32
const SKEW_SECONDS = 30
const OF_TOKEN = ["ws-token-file", "ws-token-sha256"] as const
const OF_SIGNED = ["ws-shared-secret-file", "ws-issuer", "ws-audience", "ws-max-clock-skew-seconds"] as const

/** What `--ws-auth` and its flags ask of a client. Undefined: nothing. Throws UsageError for what does not go together. */
export async function socketAuth(flags: Flags): Promise<SocketAuth | undefined> {
  const mode = flags.text("ws-auth")
  const given = (names: readonly string[]) => names.filter((name) => flags.has(name)).map((name) => `--${name}`)
  if (mode === undefined) {
    const [alone] = given([...OF_TOKEN, ...OF_SIGNED])
    if (alone === undefined) return undefined
    throw new UsageError(`${alone} needs --ws-auth capability-token or --ws-auth signed-bearer-token`)
  }
  const [foreign] = given(mode === "capability-token" ? OF_SIGNED : OF_TOKEN)
  if (foreign !== undefined) throw new UsageError(`${foreign} does not go with --ws-auth ${mode}`)
  return mode === "capability-token" ? capability(flags) : signed(flags)
}

async function capability(flags: Flags): Promise<SocketAuth> {
  const file = flags.text("ws-token-file")
  const digest = flags.text("ws-token-sha256")
  if (file !== undefined && digest !== undefined) {
    throw new UsageError("--ws-token-file and --ws-token-sha256 are mutually exclusive")
  }
  if (file === undefined && digest === undefined) {
    throw new UsageError("--ws-auth capability-token needs --ws-token-file or --ws-token-sha256")
  }
  if (digest !== undefined && !/^[0-9a-f]{64}$/i.test(digest)) {
    throw new UsageError("--ws-token-sha256 must be a 64-character hex SHA-256 digest")
  }
  const expected =
    digest === undefined ? sha256(await secretIn("ws-token-file", file ?? "")) : Buffer.from(digest, "hex")
  return (authorization) => {
    const token = bearer(authorization)
    return token !== undefined && timingSafeEqual(sha256(token), expected)
  }
}

/** A JWT of HS256 that has not run out, from and for whom it is meant. */
async function signed(flags: Flags): Promise<SocketAuth> {
  const file = flags.text("ws-shared-secret-file")
  if (file === undefined) throw new UsageError("--ws-auth signed-bearer-token needs --ws-shared-secret-file")
  const secret = await secretIn("ws-shared-secret-file", file)
  if (Buffer.byteLength(secret) < SECRET_BYTES_MIN) {
    throw new UsageError(`--ws-shared-secret-file ${file}: the secret must have ${SECRET_BYTES_MIN} bytes at least`)
  }
  const skew = secondsOf(flags.text("ws-max-clock-skew-seconds"))
  const [issuer, audience] = [flags.text("ws-issuer"), flags.text("ws-audience")]
  return (authorization, now) => {
    const claims = claimsOf(bearer(authorization), secret)
    if (claims === undefined) return false
    const [ends, begins, seconds] = [asNumber(claims.exp), claims.nbf ?? undefined, now / 1000]
    if (ends === undefined || seconds > ends + skew) return false
    if (begins !== undefined && !(typeof begins === "number" && seconds >= begins - skew)) return false
    if (issuer !== undefined && claims.iss !== issuer) return false
    return audience === undefined || [claims.aud].flat().includes(audience)
  }
}

/** Undefined for a token that the secret did not sign. */
function claimsOf(token: string | undefined, secret: string): Json | undefined {
  const [, head = "", body = "", signature = ""] = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(token ?? "") ?? []
  if (signature === "") return undefined
  const expected = createHmac("sha256", secret).update(`${head}.${body}`).digest()
  const given = Buffer.from(signature, "base64url")
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined
  const read = (part: string) => asObject(parseObject(Buffer.from(part, "base64url").toString()))
  const header = read(head)
  // What a token says is critical is to be understood, and nothing of that kind is (RFC 7515, 4.1.11).
  if (header === undefined || Object.hasOwn(header, "crit")) return undefined
  return asText(header.alg) === "HS256" ? read(body) : undefined
}

function bearer(authorization: string | null): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(authorization ?? "")?.[1]
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest()
}

/** The one rule for tokens, whoever serves: nobody else may read the file. */
function secretIn(flag: string, file: string): Promise<string> {
  if (!isAbsolute(file)) throw new UsageError(`--${flag} takes an absolute path, not ${file}`)
  return tokenOf(file, `--${flag} ${file}`)
}

function secondsOf(text: string | undefined): number {
  if (text === undefined) return SKEW_SECONDS
  if (/^\d{1,6}$/.test(text)) return Number(text)
  throw new UsageError(`--ws-max-clock-skew-seconds takes a count of seconds, not ${text}`)
}
