import { ToolFailure, type WebAnswer } from "@skein/core/ports"
import * as z from "@skein/protocol/schema"
import { defineTool } from "../define.ts"
import { type Assertion, type Judged, judged } from "./assertions.ts"
import { asksHosts, callerOf, sizeOf, webOf } from "./caller.ts"

interface Input {
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS"
  readonly url: string
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: unknown
  readonly assert: readonly Assertion[]
  readonly follow: boolean
  readonly timeoutMs: number
}

const BYTES_MAX = 5_000_000
const BODY_CHARS_MAX = 20_000
const SENT_CHARS_MAX = 200_000
const TIMEOUT_MAX_MS = 120_000
const REDIRECTS_MAX = 5

/** One request to an API, and whether its answer is what was expected. */
export const httpRequest = defineTool<Input, string>({
  name: "http_request",
  description:
    "Send one HTTP request and check the answer. Each assertion is reported; one that fails makes the call fail. For reading pages use webfetch.",
  summary: "send one HTTP request to an API and check its answer",
  input: () =>
    z.strictObject({
      method: z.enum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]).default("GET"),
      url: z.string().min(1).max(8_000),
      headers: z.record(z.string().regex(HEADER_NAME), z.string().regex(HEADER_VALUE).max(8_000)).optional(),
      body: z.unknown().optional().describe("text as it is, anything else as JSON"),
      assert: z
        .array(
          z.strictObject({
            of: z.enum(["status", "header", "json", "body", "duration"]),
            at: z.string().max(500).optional().describe("the header's name, or a path as data.items[0].id"),
            equals: z.unknown().optional(),
            contains: z.string().optional(),
            exists: z.boolean().optional(),
            atMost: z.number().optional().describe("of a number; duration is in ms"),
          }),
        )
        .max(50)
        .default([]),
      follow: z.boolean().default(false).describe("redirects"),
      timeoutMs: z.int().min(1).max(TIMEOUT_MAX_MS).default(30_000),
    }),
  kind: "fetch",
  effects: ["network"],
  timeoutMs: TIMEOUT_MAX_MS + 5_000,
  title: ({ method, url }) => `${method} ${url}`,
  async plan({ method, url, assert }, world) {
    for (const each of assert) refuseUnclear(each)
    const target = webOf(world).target(url)
    return asksHosts([target.host], `${method} ${target.url}`, target.url)
  },
  async run(input, world, context, url) {
    const { method, headers = {}, follow, timeoutMs, assert } = input
    const { text, type } = bodyOf(input)
    const hasType = Object.keys(headers).some((name) => name.toLowerCase() === "content-type")
    const answer = await webOf(world).request(
      {
        ...{ url, method, body: text, bytesMax: BYTES_MAX, timeoutMs, redirectsMax: follow ? REDIRECTS_MAX : 0 },
        headers: { ...(type === undefined || hasType ? {} : { "content-type": type }), ...headers },
      },
      callerOf(context),
    )
    const content = new TextDecoder().decode(answer.bytes)
    const verdicts = assert.map((each) => judged(each, { ...answer, content }))
    return resultOf(answer, content, verdicts)
  },
})

/** RFC 9110 §5.1 and §5.5: a name is a token, and no value ends its line. */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/

function refuseUnclear({ of, at, equals, contains, exists, atMost }: Assertion): void {
  if ((of === "header" || of === "json") && at === undefined)
    throw new ToolFailure(`An assertion of a ${of} needs "at": ${of === "json" ? "a path" : "the header's name"}.`)
  if (equals === undefined && contains === undefined && exists === undefined && atMost === undefined)
    throw new ToolFailure(`An assertion of ${of} says nothing: give equals, contains, exists or atMost.`)
}

function bodyOf({ body }: Input): { readonly text?: string; readonly type?: string } {
  if (body === undefined) return {}
  const text = typeof body === "string" ? body : JSON.stringify(body)
  if (text.length > SENT_CHARS_MAX) throw new ToolFailure(`A body of ${text.length} characters is not sent.`)
  return typeof body === "string" ? { text } : { text, type: "application/json" }
}

function resultOf(answer: WebAnswer, content: string, verdicts: readonly Judged[]) {
  const { status, statusText, durationMs, headers, bytes, url, redirects } = answer
  const first = `${status} ${statusText}`.trim()
  const failed = verdicts.filter(({ isMet }) => !isMet).length
  const facts = `${first}, ${durationMs} ms, ${sizeOf(bytes.length)}${answer.isCut ? ", cut" : ""}`
  const lines = verdicts.map(({ isMet, text }) => `${isMet ? "PASS" : "FAIL"} ${text}`)
  const shown = content.includes("\0") ? "(not text)" : content.slice(0, BODY_CHARS_MAX)
  const more = content.length > BODY_CHARS_MAX ? [`(${content.length - BODY_CHARS_MAX} more characters)`] : []
  const about = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const from = redirects.length > 0 ? [`from ${url}`] : []
  const text = [...lines, facts, ...from, ...about, "", shown, ...more].join("\n")
  const summary = verdicts.length === 0 ? facts : `${first}, ${verdicts.length - failed} of ${verdicts.length} hold`
  return {
    forModel: [{ type: "text" as const, text }],
    forHuman: { kind: "text" as const, body: [...lines, facts, "", shown].join("\n"), summary },
    ...{ bytes: bytes.length, network: answer.network, isError: failed > 0 },
    provenance: { source: `what ${new URL(url).host} says`, isTrusted: false },
  }
}
