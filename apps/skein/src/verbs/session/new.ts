import { accepted, type Engine, type Op, type SessionId, VISIBILITIES, type Visibility } from "@skein/protocol"
import { given } from "@skein/protocol/json"
import { withHost } from "../../session/host.ts"
import { askableModel } from "../../session/open.ts"
import { UsageError } from "../../usage.ts"
import type { Run, VerbCall } from "../../verb.ts"

/** `skein session new [title]`: makes a session in this folder and prints its id. */
export const run: Run = (call) =>
  withHost(call, async ({ host, engine, cwd }) => {
    const model = await askableModel(host)
    const change = changeOf(call)
    const { sessionId } = await accepted(engine, {
      type: "session.create",
      cwd,
      settings: { model },
      isInteractive: true,
    })
    await changed(engine, sessionId, change)
    call.io.out(sessionId)
    return 0
  })

type Change = Omit<Op<"session.change">, "type" | "opId" | "sessionId">

/** What is to be known of the new session, checked before it is made. Throws UsageError. */
export function changeOf({ flags, words, rest }: Pick<VerbCall, "flags" | "words" | "rest">): Change {
  const title = [...words, ...rest].join(" ").trim()
  const labels = labelsOf(flags.list("label"))
  return {
    ...given("title", title === "" ? undefined : title),
    ...given("labels", labels.length === 0 ? undefined : labels),
    ...given("visibility", visibilityOf(flags.text("visibility"))),
  }
}

export async function changed(engine: Pick<Engine, "submit">, sessionId: SessionId, change: Change): Promise<void> {
  if (Object.keys(change).length > 0) await accepted(engine, { type: "session.change", sessionId, ...change })
}

/** Labels as they were given, one by one or with commas, each once. */
export function labelsOf(given: readonly string[]): readonly string[] {
  return [...new Set(given.flatMap((text) => text.split(",")).map((text) => text.trim()))].filter((text) => text !== "")
}

/** Throws UsageError for a word that is none of them. */
export function visibilityOf(word: string | undefined): Visibility | undefined {
  const found = VISIBILITIES.find((name) => name === word)
  if (word === undefined || found !== undefined) return found
  throw new UsageError(`A session's visibility is one of ${VISIBILITIES.join(", ")}, not ${JSON.stringify(word)}.`)
}
