import type { HookEvent } from "@skein/core/ports"
import type { Handler } from "../row.ts"
import { answerOf } from "./answer.ts"
import type { Ran } from "./command.ts"

export interface HttpCall {
  readonly event: HookEvent
  readonly handler: Extract<Handler, { kind: "http" }>
  readonly body: string
  readonly timeoutMs: number
  /** The person's own variables, of which headers may name those that their file lists. */
  readonly env: Readonly<Record<string, string | undefined>>
}

/** The way out, which records what leaves. */
export type Post = (url: string, init?: RequestInit) => Promise<Response>

/**
 * Posts what a command would read, and takes the body of a success for what it would print. Goes where it was told to and
 * no further: a redirect is a failure. Never rejects.
 */
export async function runHttp(post: Post, call: HttpCall, signal: AbortSignal): Promise<Ran> {
  const timeout = AbortSignal.timeout(call.timeoutMs)
  const within = AbortSignal.any([signal, timeout])
  try {
    const response = await post(call.handler.url, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json", ...headersOf(call) },
      body: call.body,
      redirect: "manual",
      signal: within,
    })
    const printed = await bodyOf(response, within)
    if (!response.ok) return failed(`It answered with status ${response.status}.`)
    if (printed === undefined) return failed("It answered with more than 1 MB.")
    return { kind: "answer", answer: answerOf(call.event, printed) }
  } catch (error) {
    if (signal.aborted) return { kind: "stopped" }
    if (timeout.aborted) return { kind: "timed_out" }
    return failed(`It could not be asked: ${error instanceof Error ? error.message : String(error)}`)
  }
}

const BYTES_MAX = 1_000_000

function failed(why: string): Ran {
  return { kind: "answer", answer: { failed: why.slice(0, 500) } }
}

/** `$NAME` and `${NAME}` of listed variables; one that is not listed, or not set, is nothing. */
function headersOf({ handler, env }: HttpCall): Record<string, string> {
  const filled = (value: string) =>
    value.replaceAll(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced?: string, bare?: string) => {
      const name = braced ?? bare ?? ""
      return handler.variables.includes(name) ? (env[name] ?? "") : ""
    })
  const lines = (value: string) => filled(value).replaceAll(/[\r\n\0]/g, "")
  return Object.fromEntries(Object.entries(handler.headers).map(([name, value]) => [name, lines(value)]))
}

/** Undefined where it is too long. */
async function bodyOf(response: Response, signal: AbortSignal): Promise<string | undefined> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  const stop = Promise.withResolvers<never>()
  const onAbort = () => stop.reject(signal.reason)
  signal.addEventListener("abort", onAbort, { once: true })
  const reader = response.body?.getReader()
  try {
    while (reader !== undefined) {
      const { done, value } = await Promise.race([reader.read(), stop.promise])
      if (done) break
      bytes += value.length
      if (bytes > BYTES_MAX) return undefined
      chunks.push(value)
    }
    return new TextDecoder().decode(Buffer.concat(chunks))
  } finally {
    signal.removeEventListener("abort", onAbort)
    // Of an answer that is read or given up nobody needs to hear how it ends.
    reader?.cancel().catch(() => undefined)
  }
}
