import { afterAll, beforeAll } from "bun:test"
import { existsSync, mkdtempSync, realpathSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Options, Query, SDKMessage, SDKResultMessage, SDKUserMessage } from "@anthropic-ai/claude-agent-sdk"
import { anthropic, type Reply } from "@skein/testkit/providers"
import { drive, message } from "./with-agent.ts"

/** The built program. `npm test` builds it first. */
export const agent = join(import.meta.dir, "../../../dist/skein")
export const isMissing = !existsSync(agent)
if (isMissing) console.warn("Skipped: the SDK against the real program, because dist/skein is not built.")

/** A folder, a model's provider that answers by a script and keeps what it was sent, and queries of the real SDK in it. */
export function real(replyTo: (prompt: string) => Reply) {
  const sent: string[] = []
  const parts: { cwd: string; provider?: ReturnType<typeof anthropic>; recorder?: Bun.Server<undefined> } = { cwd: "" }
  beforeAll(() => {
    parts.cwd = realpathSync(mkdtempSync(join(tmpdir(), "skein-sdk-")))
    const provider = anthropic(replyTo)
    parts.provider = provider
    parts.recorder = Bun.serve({
      port: 0,
      idleTimeout: 0,
      async fetch(request) {
        const { pathname } = new URL(request.url)
        const body = await request.text()
        sent.push(body)
        const headers = { "content-type": "application/json" }
        return fetch(`${provider.url}${pathname}`, { method: "POST", body, headers, signal: request.signal })
      },
    })
  })
  afterAll(() => {
    parts.recorder?.stop(true)
    parts.provider?.stop()
    rmSync(parts.cwd, { recursive: true, force: true })
  })
  const env = () => ({
    ANTHROPIC_BASE_URL: parts.recorder?.url.origin ?? "",
    ANTHROPIC_API_KEY: "none",
    SKEIN_HOME: join(parts.cwd, ".home"),
  })
  return {
    /** Bodies of requests, in order. */
    sent,
    get cwd() {
      return parts.cwd
    },
    env,
    agent,
    start(prompt: string | AsyncIterable<SDKUserMessage>, options: Partial<Options> = {}) {
      const { env: more, ...rest } = options
      return drive(prompt, {
        ...{ agent, cwd: parts.cwd, env: { ...env(), ...(more as Record<string, string> | undefined) } },
        options: { model: "claude-sonnet-4-5", ...rest },
      })
    },
    async all(prompt: string | AsyncIterable<SDKUserMessage>, options: Partial<Options> = {}): Promise<SDKMessage[]> {
      const messages: SDKMessage[] = []
      for await (const line of this.start(prompt, options)) messages.push(line)
      return messages
    },
  }
}

export function resultOf(messages: readonly SDKMessage[]): SDKResultMessage {
  const result = messages.findLast((line) => line.type === "result")
  if (!result) throw new Error("There is no result")
  return result
}

/**
 * A talk of several prompts: each is said when the one before is answered, what is a function is done between them, and
 * `after` runs while the program still listens.
 */
export async function talked(
  start: (prompts: AsyncIterable<SDKUserMessage>) => Query,
  words: readonly (string | SDKUserMessage | ((lines: Query) => Promise<void>))[],
  after: (lines: Query, told: readonly SDKMessage[]) => Promise<void> = async () => {},
): Promise<readonly SDKMessage[]> {
  const told: SDKMessage[] = []
  let answered = Promise.withResolvers<void>()
  const failed = Promise.withResolvers<never>()
  failed.promise.catch(() => {})
  async function* prompts() {
    try {
      for (const each of words) {
        if (typeof each === "function") {
          await each(lines)
          continue
        }
        answered = Promise.withResolvers()
        yield typeof each === "string" ? message(each) : each
        await answered.promise
      }
      await after(lines, told)
    } catch (error) {
      failed.reject(error)
    }
  }
  const lines = start(prompts())
  const reading = (async () => {
    for await (const line of lines) {
      told.push(line)
      if (line.type === "result") answered.resolve()
    }
  })()
  await Promise.race([reading, failed.promise])
  return told
}
