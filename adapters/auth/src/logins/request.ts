import { SkeinError, visible } from "@skein/protocol"
import type { Fetch } from "../vault/vault.ts"
import { type Fields, fieldsOf, parsedFields, textIn } from "./fields.ts"

export interface Question {
  readonly url: string
  /** What it is for, after "to": `renew the login of …`. */
  readonly what: string
  readonly method?: "GET" | "POST"
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as a form, as OAuth wants it. */
  readonly form?: Readonly<Record<string, string>>
  readonly json?: unknown
  readonly signal?: AbortSignal | undefined
  readonly timeoutMs?: number
  /** It is the machine this one runs on, which has no certificate. */
  readonly isPlain?: boolean
}

export interface Answer {
  readonly status: number
  /** Empty for what is no JSON object. */
  readonly fields: Fields
  readonly headers: Headers
  /** The host that answered. */
  readonly host: string
  /** What was sent and is shown to nobody, though the server repeats it in what it says. */
  readonly sent: readonly string[]
}

const TIMEOUT_MS = 30_000
const ANSWER_BYTES_MAX = 1_000_000

/**
 * Asks an identity server. Any status is an answer. Throws SkeinError `login.unavailable` when none came, and
 * `config.invalid` for an address that is neither https nor this machine's own.
 */
export async function ask(through: Fetch, question: Question): Promise<Answer> {
  const { method = "POST", signal, timeoutMs = TIMEOUT_MS } = question
  const url = question.isPlain === true ? new URL(question.url) : secureUrl(question.url, "the address of the login")
  const deadline = AbortSignal.timeout(timeoutMs)
  const { body, type } = bodyOf(question)
  try {
    const response = await through(url.href, {
      method,
      headers: {
        accept: "application/json",
        ...(type === undefined ? {} : { "content-type": type }),
        ...question.headers,
      },
      ...(body === undefined ? {} : { body }),
      // A redirect would take the token to wherever it says.
      redirect: "manual",
      signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
    })
    const fields = parsedFields(await bounded(response)) ?? {}
    return { status: response.status, fields, headers: response.headers, host: url.host, sent: sentIn(question) }
  } catch (cause) {
    if (cause instanceof SkeinError) throw cause
    if (signal?.aborted === true) throw signal.reason
    throw unreachable(url.host, question.what, cause, deadline.aborted ? timeoutMs : undefined)
  }
}

function bodyOf({ form, json }: Question): { body?: string; type?: string } {
  if (form !== undefined)
    return { body: new URLSearchParams({ ...form }).toString(), type: "application/x-www-form-urlencoded" }
  return json === undefined ? {} : { body: JSON.stringify(json), type: "application/json" }
}

/** No answer of an identity server is larger; one that is, is none. */
async function bounded(response: Response): Promise<string> {
  const reader = response.body?.getReader()
  if (reader === undefined) return ""
  const pieces: Uint8Array[] = []
  let size = 0
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    size += piece.value.length
    if (size > ANSWER_BYTES_MAX) {
      await reader.cancel()
      throw new Error("its answer is too large")
    }
    pieces.push(piece.value)
  }
  return new TextDecoder().decode(Buffer.concat(pieces))
}

function unreachable(host: string, what: string, cause: unknown, lateMs: number | undefined): SkeinError {
  const said = cause instanceof Error ? `${"code" in cause ? String(cause.code) : ""} ${cause.message}` : ""
  const isCertificate = /CERT|certificate|SIGNED|SIGNATURE/i.test(said)
  const why = isCertificate
    ? "its certificate is not one that this machine trusts. If a proxy of your network answers in its place, name its certificates with network.ca_file"
    : lateMs === undefined
      ? "it cannot be reached. Check the network, and network.proxy or HTTPS_PROXY"
      : `it did not answer within ${lateMs / 1000} s`
  return new SkeinError("login.unavailable", `Could not ask ${host} to ${what}: ${why}.`, { cause })
}

/** https, or this machine itself. Throws SkeinError `config.invalid`. */
export function secureUrl(text: string, from: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isOwn = url !== undefined && /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url.hostname)
  if (url !== undefined && url.username === "" && (url.protocol === "https:" || (url.protocol === "http:" && isOwn)))
    return url
  throw new SkeinError("config.invalid", `Cannot use ${from}: it is no https:// address.`)
}

/** The code and the words of a refusal, as RFC 6749 §5.2 has them and as some servers nest them; made fit to be shown. */
export function refusalOf({ fields, sent }: Answer): { readonly code: string; readonly words: string } {
  const inner = fieldsOf(fields.error)
  const code = textIn(inner, "code", "type") ?? textIn(fields, "error", "code", "__type") ?? ""
  const words = textIn(inner, "message") ?? textIn(fields, "error_description", "message") ?? ""
  const isWord = /^[\w.#:-]{1,80}$/.test(code) && !sent.some((secret) => code.includes(secret))
  return { code: isWord ? code : "", words: shortened(without(words, sent)) }
}

/** Shorter ones are names and numbers: a server's words would be full of holes. */
const SECRET_CHARS_MIN = 12

/** Tokens, codes and proofs: all that a question says to a server about who asks. */
function sentIn({ form, json, headers }: Question): readonly string[] {
  const values = [...Object.values(form ?? {}), ...Object.values(fieldsOf(json) ?? {}), ...Object.values(headers ?? {})]
  const texts = values
    .filter((value) => typeof value === "string")
    .flatMap((value) => [value, ...value.split(/[\s;=]+/)])
  const hidden = texts.filter((text) => text.length >= SECRET_CHARS_MIN && !PUBLIC.test(text))
  // The longest first: what is left of a whole in which a part was hidden would tell the rest.
  return [...new Set(hidden)].toSorted((a, b) => b.length - a.length)
}

/** Words of the protocols themselves. */
const PUBLIC = /^(?:urn:ietf:|https?:|application\/|(?:refresh_token|authorization_code|openid|read:user)\b)/

function without(words: string, sent: readonly string[]): string {
  return sent.reduce((text, secret) => text.replaceAll(secret, "[secret]"), words)
}

/** What a server says, for a person: one line, not long, nothing hidden. */
export function shortened(words: string): string {
  return visible(words.slice(0, 600).replace(/\s+/g, " ")).slice(0, 200).trim()
}

/** How the server refused, in words: `503`, `400 invalid_grant: The token was revoked`. */
export function refusalText(answer: Answer): string {
  const { code, words } = refusalOf(answer)
  return [`${answer.status}${code === "" ? "" : ` ${code}`}`, words.replace(/\.$/, "")]
    .filter((part) => part !== "")
    .join(": ")
}

/** It is the server's trouble, or too many ask: another try later may do. */
export function isPassing({ status }: Answer): boolean {
  return status >= 500 || status === 429 || status === 408
}
