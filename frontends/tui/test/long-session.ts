import { accepted, type Engine, type Item } from "@skein/protocol"
import { scriptedModel, TEST_SETTINGS, testEngine } from "@skein/testkit"
import { FullView } from "../src/app/full/full-view.ts"
import { SessionLink } from "../src/app/session-link.ts"
import type { Block } from "../src/transcript/block.ts"

/** The whole screen of a session in which these items were said before, and what is given to its transcript happens. */
export async function fullViewOf(
  items: readonly Item[],
  heardMeanwhile: readonly Block[] = [],
): Promise<{ readonly link: SessionLink; readonly full: FullView }> {
  const engine = withItems(testEngine(scriptedModel()), items)
  const settings = { ...TEST_SETTINGS }
  const { sessionId } = await accepted(engine, { type: "session.create", cwd: "/srv/shop", settings })
  const heard = { onEvent: () => undefined, onFailure: () => undefined }
  const link = await SessionLink.open({ engine, sessionId, clientId: "cli_1", ...heard })
  for (const block of heardMeanwhile) link.transcript.add(block)
  return { link, full: await FullView.open(engine, link, { isExpanded: false, isFocused: false }) }
}

function withItems(engine: Engine, items: readonly Item[]): Engine {
  return {
    submit: (op) => engine.submit(op),
    events: (subscription) => engine.events(subscription),
    async ask(query) {
      const answer = await engine.ask(query)
      return query.type === "session.read" ? Object.assign({}, answer, { items }) : answer
    },
  }
}
