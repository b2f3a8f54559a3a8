import { afterAll, describe, expect, test } from "bun:test"
import type { AssistantBlock, Message, ModelChunk, ModelRequest, ResultBlock } from "@skein/core/ports"
import { type ContentBlock, SkeinError } from "@skein/protocol"
import {
  PIXEL,
  type ScriptTurn,
  STRICT_KEY,
  STRICT_PROVIDERS,
  type StrictProvider,
  type StrictServer,
  strictServer,
  TWENTY_TURNS,
} from "@skein/testkit/providers"
import { type Fetch, type Models, models } from "../src/index.ts"
import { ROWS } from "../src/providers/rows.ts"
import { blocksOf, fold, realClock } from "./asking.ts"

/** Spoken to in their own tongues, with tests of their own. */
const ELSEWHERE = ["gemini-web", "local"]
const PREFIX = "/gateway/team-a"
const TOOLS = ["read", "list", "fails", "looks", "silent"].map((name) => ({
  name,
  description: `It ${name}s.`,
  inputSchema: {
    type: "object",
    properties: { path: { type: "string" }, why: { type: "string" } },
    additionalProperties: false,
  },
}))
/** What takes a picture's place for a model that sees none. */
const BLIND = "\n(a picture is here, which this model cannot see)"
const PICTURE: ContentBlock = { type: "image", mediaType: "image/png", data: PIXEL }

const servers: StrictServer[] = []
afterAll(() => {
  for (const server of servers) server.stop()
})

test("every provider skein knows is held to what the real one refuses", () => {
  const strict = new Set(STRICT_PROVIDERS.map(({ id }) => id))

  expect(ROWS.map(({ id }) => id).filter((id) => !strict.has(id))).toEqual(ELSEWHERE)
})

describe.each(STRICT_PROVIDERS.map((provider) => [`${provider.id}/${provider.model}`, provider] as const))(
  "%s",
  (_, provider) => {
    test("takes twenty turns with many tools where it is", async () => {
      await converse(provider, (server) => ({
        fetch: (url, init) => {
          expect(url).toStartWith(provider.origin)
          return fetch(server.origin + url.slice(provider.origin.length), init)
        },
      }))
    })

    test("takes them through a gateway under another host and path", async () => {
      const query = provider.query === undefined ? "" : `?${provider.query}`
      await converse(
        provider,
        ({ origin }) => ({
          fetch: (url, init) => fetch(url, init),
          providers: [{ id: provider.id, baseUrl: `${origin}${PREFIX}${provider.basePath}${query}` }],
        }),
        PREFIX,
      )
    })
  },
)

type Way = (server: StrictServer) => {
  readonly fetch: Fetch
  readonly providers?: readonly { readonly id: string; readonly baseUrl: string }[]
}

async function converse(provider: StrictProvider, way: Way, prefix = ""): Promise<void> {
  const turns = provider.manners.lacksTools === true ? TWENTY_TURNS.map(withoutCalls) : TWENTY_TURNS
  const replies = turns.flatMap(({ steps }) => steps)
  const server = strictServer(provider, { prefix, script: (at) => replies[at] ?? { text: "Nothing is left." } })
  servers.push(server)
  const env = { ...provider.env, ...(provider.keyEnv === undefined ? {} : { [provider.keyEnv]: STRICT_KEY }) }
  const key = ({ keyEnv }: { readonly keyEnv: readonly string[] }) =>
    keyEnv.includes(provider.keyEnv ?? "") ? STRICT_KEY : undefined
  const port = models({ env, key, clock: realClock, ...way(server) })
  const talk = new Talk(port, `${provider.id}/${provider.model}`)

  for (const turn of turns) await talk.turn(turn)

  expect(server.complaints).toEqual([])
  expect(server.journal).toHaveLength(replies.length)
  const last = server.journal.at(-1)?.understood
  if (provider.manners.lacksTools !== true) expect(last?.tools).toEqual(TOOLS.map(({ name }) => name))
  expect(last?.results.map(({ text }) => text.replace(BLIND, ""))).toEqual(talk.given)
  if (last?.results[0]?.isError !== undefined) expect(last.results.map(({ isError }) => isError)).toEqual(talk.failed)
}

function withoutCalls({ steps, ...turn }: ScriptTurn): ScriptTurn {
  return { ...turn, steps: steps.slice(-1) }
}

/** A conversation as the core leads it: what was said goes back, each call has its result, a cut reply is asked for again. */
class Talk {
  readonly #port: Models
  readonly #model: string
  readonly #messages: Message[] = []
  /** The texts of all results, and which of them are errors. */
  readonly given: string[] = []
  readonly failed: boolean[] = []
  #calls = 0

  constructor(port: Models, model: string) {
    this.#port = port
    this.#model = model
  }

  async turn(turn: ScriptTurn): Promise<void> {
    const picture = turn.hasPicture === true ? [PICTURE] : []
    this.#messages.push({ role: "user", content: [{ type: "text", text: turn.says }, ...picture] })
    for (let beside = turn.beside; ; beside = undefined) {
      const blocks = await this.#ask()
      this.#messages.push({ role: "assistant", content: blocks })
      const results = blocks.flatMap((block) => (block.type === "call" ? [resultOf(block)] : []))
      if (results.length === 0) return
      for (const { content, isError } of results) {
        this.given.push(textOf(content))
        this.failed.push(isError)
      }
      const said: ContentBlock[] = beside === undefined ? [] : [{ type: "text", text: beside }]
      this.#messages.push({ role: "user", content: [...results, ...said] })
    }
  }

  async #ask(): Promise<readonly AssistantBlock[]> {
    const request: ModelRequest = {
      model: this.#model,
      system: ["You are a test.", "Be brief."],
      messages: this.#messages,
      tools: TOOLS,
      effort: "medium",
      outputTokensMax: 20_000,
      cacheKey: `ses_${"0".repeat(36)}-and-more-than-sixty-four-characters-of-it`,
    }
    const chunks: ModelChunk[] = []
    try {
      for await (const burst of this.#port.stream(request, new AbortController().signal)) chunks.push(...burst)
    } catch (error) {
      if (error instanceof SkeinError && error.code === "provider.stream_cut") return this.#ask()
      throw error
    }
    return blocksOf(fold(chunks), () => `cal_${++this.#calls}.x`)
  }
}

function resultOf({ callId, name }: Extract<AssistantBlock, { type: "call" }>): ResultBlock {
  const content: ContentBlock[] = name === "silent" ? [] : [{ type: "text", text: `${name} gave é🧵` }]
  if (name === "looks") content.push(PICTURE)
  return { type: "result", callId, name, content, isError: name === "fails" }
}

function textOf(content: readonly ContentBlock[]): string {
  return (
    content
      .map((block) => (block.type === "text" ? block.text : ""))
      .join("\n")
      .trim() || "(no output)"
  )
}
