import { type Asked, type ModelServer, modelServer } from "./model.ts"
import { Scene } from "./scene.ts"
import type { Reply } from "./wire.ts"
import { anthropic } from "./wire-anthropic.ts"

/** What one session's model says, step after step; the last one again and again. */
export type Lines = readonly (Reply | ((asked: Asked) => Promise<void> | void))[]

export interface Working {
  readonly server: ModelServer
  readonly scene: Scene
  /** The texts of all results that the model of this session was given, at its newest request. */
  results(prompt: string): readonly string[]
  /** The newest request of this session. */
  asked(prompt: string): Asked["conversation"] | undefined
  [Symbol.dispose](): void
}

/**
 * A person's machine, and a model that is asked by several sessions at the same time: each is known by how its first prompt
 * begins, and has lines of its own.
 */
export function working(script: Readonly<Record<string, Lines>>, base?: string): Working {
  const newest = new Map<string, Asked["conversation"]>()
  const server = modelServer(anthropic, (asked) => {
    const { conversation } = asked
    const prompt = Object.keys(script).find((begin) => conversation.said[0]?.startsWith(begin)) ?? ""
    newest.set(prompt, conversation)
    const lines = script[prompt] ?? [{ text: `Nothing is said to ${conversation.said[0]?.slice(0, 60)}` }]
    const reply = lines[Math.min(conversation.answered.length + conversation.calls.length, lines.length - 1)] ?? {}
    return typeof reply === "function" ? reply(asked) : asked.say(reply)
  })
  const scene = new Scene({ ...anthropic.env(server.url), SKEIN_TASKS__TITLE: "rule" }, base)
  return {
    ...{ server, scene },
    results: (prompt) => newest.get(prompt)?.results.map(({ text }) => text) ?? [],
    asked: (prompt) => newest.get(prompt),
    [Symbol.dispose]() {
      server.stop()
      scene.remove()
    },
  }
}
