/**
 * Loaded before the tests of a front-end: each of its engines is one at the far end of a wire. Which wire, `SKEIN_FAR_WAY` says:
 * `unix`, `websocket` or `requests`.
 */
import type { Engine } from "@skein/protocol"
import { seeEnginesThrough } from "@skein/testkit"
import { far, type Way } from "./far.ts"

seeEnginesThrough((engine) => {
  const begun = far(namedHere(engine), (process.env.SKEIN_FAR_WAY ?? "unix") as Way)
  return {
    ...engine,
    submit: async (op) => (await begun).remote.submit(op),
    ask: async (query) => (await begun).remote.ask(query),
    events(subscription) {
      // At once, as in one process: what happens before the first read is not missed.
      const events = begun.then(({ remote }) => remote.events(subscription)[Symbol.asyncIterator]())
      return {
        [Symbol.asyncIterator]: () => ({
          next: async () => (await events).next(),
          return: async () => (await events).return?.() ?? { done: true, value: undefined },
        }),
      }
    },
    async close() {
      await engine.close()
      await (await begun).close()
    },
  }
})

/** Tests know the names that their engine of fakes gives; a client at the far end gives its own, which are left out here. */
function namedHere(engine: Engine): Engine {
  const isOfClient = (id: string | undefined) => id !== undefined && /^ses_[0-9a-f]{8}-[0-9a-f]{4}-7/.test(id)
  return {
    ask: (query) => engine.ask(query),
    events: (subscription) => engine.events(subscription),
    submit(op) {
      if (op.type === "session.create" && isOfClient(op.sessionId))
        return engine.submit({ ...op, sessionId: undefined })
      const isFork = op.type === "session.fork" || op.type === "session.handoff"
      if (isFork && isOfClient(op.newSessionId)) return engine.submit({ ...op, newSessionId: undefined })
      return engine.submit(op)
    },
  }
}
