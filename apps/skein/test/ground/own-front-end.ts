import { compose, type HostRequest } from "@skein/host"
import { accepted, type ClientId, SkeinError } from "@skein/protocol"

/** What this front-end has of a screen: a place for words, and somebody who says yes or no. */
export interface Screen {
  say(text: string): void
  mayRun(title: string): Promise<boolean>
}

/** One prompt to the end of its turn, in this process: told as it happens, asked about as it is needed. */
export async function converse(request: HostRequest, prompt: string, screen: Screen): Promise<void> {
  const host = compose(request)
  const { engine } = host
  try {
    const model = await host.startModel(request.cwd)
    if (model === undefined) throw new SkeinError("model.no_key", "There is no model to ask: set a key first.")
    const created = { type: "session.create", cwd: request.cwd, settings: { model } } as const
    const { sessionId } = await accepted(engine, created)
    const clientId: ClientId = "cli_own-front-end"
    await accepted(engine, { type: "client.attach", sessionId, clientId, answers: ["approval"] })
    const events = engine.events({ sessionId })[Symbol.asyncIterator]()
    const input = [{ type: "text" as const, text: prompt }]
    await accepted(engine, { type: "turn.submit", sessionId, input, delivery: "start" })
    const titles = new Map<string, string>()
    for (let next = await events.next(); next.done !== true; next = await events.next()) {
      const event = next.value
      if (event.type === "item.delta" && event.channel === "text") screen.say(event.text)
      if (event.type === "call.requested") titles.set(event.callId, event.title)
      if (event.type === "approval.requested") {
        const title = titles.get(event.callId ?? "") ?? event.subject
        const answer = (await screen.mayRun(title)) ? "allow_once" : "reject_once"
        await accepted(engine, { type: "approval.answer", sessionId, approvalId: event.approvalId, answer })
      }
      if (event.type === "turn.ended") return screen.say(`\n(${event.outcome.kind})\n`)
    }
  } finally {
    await host.close()
  }
}
