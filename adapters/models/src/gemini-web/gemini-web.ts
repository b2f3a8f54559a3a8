import type { ModelChunk, ModelRequest } from "@skein/core/ports"
import { SkeinError } from "@skein/protocol"
import type { Fetch } from "../tape/tape.ts"
import { type Connection, connect } from "../wire/connection.ts"
import { httpError } from "../wire/http-errors.ts"
import type { SendOptions } from "../wire/transport.ts"
import { limitsOf } from "../wire/watchdog.ts"
import type { Target } from "../wire/wire.ts"
import { whoIs } from "../wire/wording.ts"
import { promptOf } from "./prompt.ts"
import { webReply } from "./reply.ts"

type Sending = Omit<SendOptions, "fetch"> & { readonly fetch: Fetch }

const PAGE_CHARS_MAX = 8_000_000
const ASK = "/_/BardChatUi/data/assistant.lamda.BardFrontendService/StreamGenerate"

/**
 * Asks the web site of Gemini as a browser would, with a browser's cookies: its page gives a token, and with that it takes a
 * question. It has no tools, no pictures and no state of ours. None of this is documented, and all of it may end any day.
 */
export async function* geminiWeb(
  target: Target,
  request: ModelRequest,
  sending: Sending,
  signal: AbortSignal,
): AsyncGenerator<readonly ModelChunk[]> {
  signal.throwIfAborted()
  const token = await tokenOf(target, sending, signal)
  const form = new URLSearchParams({
    at: token,
    "f.req": JSON.stringify([null, JSON.stringify([[promptOf(request)]])]),
  })
  const headers = {
    "content-type": "application/x-www-form-urlencoded;charset=utf-8",
    origin: new URL(target.baseUrl).origin,
    "x-same-domain": "1",
  }
  const connection = await open(target, sending, signal, { path: `${ASK}?rt=c`, headers, body: form.toString() })
  try {
    if (!connection.response.ok) throw await refusal(connection, target, sending)
    const reply = webReply(target)
    for (let bytes = await connection.read(); bytes !== undefined; bytes = await connection.read()) {
      const chunks = reply.feed(bytes)
      if (chunks.length > 0) yield chunks
    }
    yield reply.end()
  } finally {
    connection.close()
  }
}

/** The token of the page. Without one the cookies are nobody's any more. */
async function tokenOf(target: Target, sending: Sending, signal: AbortSignal): Promise<string> {
  const connection = await open(target, sending, signal, { path: "/app" })
  try {
    const { status } = connection.response
    // Whoever is not logged in is sent to where one logs in.
    const isElsewhere = status >= 300 && status < 400
    if (!connection.response.ok && !isElsewhere) throw await refusal(connection, target, sending)
    const page = isElsewhere ? "" : await textOf(connection, PAGE_CHARS_MAX)
    const token = /"SNlM0e":"([^"\\]{1,200})"/.exec(page)?.[1]
    if (token !== undefined) return token
    const text = `${whoIs(target)} did not accept the key (its page is for nobody who is logged in). Check ${target.provider.keyEnv[0]}.`
    throw new SkeinError("provider.auth", text, { httpStatus: 401 })
  } finally {
    connection.close()
  }
}

interface Opening {
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  /** Absent: it is only looked at. */
  readonly body?: string
}

function open(
  target: Target,
  { fetch: through, clock, ...timeouts }: Sending,
  signal: AbortSignal,
  { path, headers, body }: Opening,
): Promise<Connection> {
  const init = {
    headers: { cookie: target.key ?? "", ...headers },
    redirect: "manual",
    timeout: false,
    ...(body === undefined ? {} : { method: "POST", body }),
  } as const
  return connect((abort) => through(target.baseUrl + path, { ...init, signal: abort } as RequestInit), {
    ...{ target, signal, clock },
    ...limitsOf(timeouts, undefined),
  })
}

async function refusal(connection: Connection, target: Target, { clock }: Sending): Promise<SkeinError> {
  const { status, headers } = connection.response
  return httpError({ status, headers, body: await textOf(connection, 64_000), now: clock.now() }, target)
}

async function textOf(connection: Connection, charsMax: number): Promise<string> {
  const decoder = new TextDecoder()
  let text = ""
  for (let bytes = await connection.read(); bytes !== undefined; bytes = await connection.read()) {
    text += decoder.decode(bytes, { stream: true })
    if (text.length > charsMax) break
  }
  return text
}
