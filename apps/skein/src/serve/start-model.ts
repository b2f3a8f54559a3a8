import { type Engine, SkeinError } from "@skein/protocol"

/** An engine whose sessions begin with the model that their folder has, where the client names none. */
export function withStartModel(engine: Engine, startModel: (cwd: string) => Promise<string>): Engine {
  return {
    ask: (query) => engine.ask(query),
    events: (subscription) => engine.events(subscription),
    async submit(op) {
      if (op.type !== "session.create" || op.settings?.model !== undefined || op.settings?.tier !== undefined) {
        return engine.submit(op)
      }
      try {
        const model = await startModel(op.cwd)
        return await engine.submit({ ...op, settings: { ...op.settings, model } })
      } catch (error) {
        if (error instanceof SkeinError) return { status: "rejected", code: error.code, message: error.message }
        throw error
      }
    },
  }
}
