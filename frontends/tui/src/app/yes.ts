import { type YesQuestion, yesPanel } from "../panels/yes.ts"
import type { Desk } from "./desk.ts"

/** Asks with `y` and `n`. Undefined when the question was left. */
export function askedYes(app: Pick<Desk, "front" | "options">, question: YesQuestion): Promise<boolean | undefined> {
  const { promise, resolve } = Promise.withResolvers<boolean | undefined>()
  app.front.ask(yesPanel({ ...question, now: app.options.now, answered: resolve }))
  return promise
}
