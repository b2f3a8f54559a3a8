import type { Desk } from "./desk.ts"
import type { Asking, Connected } from "./options.ts"
import { askedYes } from "./yes.ts"

/** Has the engine made, and the person asked whatever is to be known first. */
export function connect(app: Desk & { arrived(connected: Connected): Promise<void> }): void {
  const asking: Asking = {
    yes: (question) => askedYes(app, question),
    tell: (text, level) => app.tell(text, level),
  }
  app.options
    .connect(asking)
    .then((connected) => app.arrived(connected))
    .catch((error: unknown) => app.failed(error))
}
