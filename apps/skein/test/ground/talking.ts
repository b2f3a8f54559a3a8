import { type Asked, type ModelServer, modelServer } from "./model.ts"
import { Scene } from "./scene.ts"
import type { Reply } from "./wire.ts"
import { anthropic } from "./wire-anthropic.ts"

export interface Talking {
  readonly server: ModelServer
  readonly scene: Scene
  /** What the newest request said last, by the person. */
  lastSaid(): string | undefined
  [Symbol.dispose](): void
}

/** A person's machine with a key, and a model that gives these replies, the last one again and again. */
export function talking(...replies: readonly Said[]): Talking {
  return talkingIn(undefined, ...replies)
}

export type Said = Reply | ((asked: Asked) => Promise<void> | void)

/** The same, their home and folder in another place than the temporary folder. */
export function talkingIn(base: string | undefined, ...replies: readonly Said[]): Talking {
  let next = 0
  const server = modelServer(anthropic, (asked) => {
    const reply = replies[Math.min(next++, replies.length - 1)] ?? {}
    return typeof reply === "function" ? reply(asked) : asked.say(reply)
  })
  // A name for the session would be one more request, of which a test seldom means to speak.
  const scene = new Scene({ ...anthropic.env(server.url), SKEIN_TASKS__TITLE: "rule" }, base)
  return {
    server,
    scene,
    lastSaid: () => server.conversations.at(-1)?.said.at(-1),
    [Symbol.dispose]() {
      server.stop()
      scene.remove()
    },
  }
}
