import { accepted, jsonPage } from "@skein/protocol"
import { given } from "@skein/protocol/json"
import { chooseSession } from "../session/choose.ts"
import { type Asking, withHost } from "../session/host.ts"
import { tokens } from "../tell/amounts.ts"
import { oneLine } from "../tell/visible.ts"
import type { Run } from "../verb.ts"

/** `skein compact [id | --last] [what to keep]`: makes room in the model's view; the log keeps all. */
export const run: Run = (call) => withHost(call, compact)

export async function compact(at: Asking): Promise<number> {
  const { call, engine } = at
  const { flags, words, rest, io } = call
  const isLast = flags.has("last")
  const sessionId = await chooseSession(at, isLast ? undefined : words[0])
  if (sessionId === undefined) return 0
  const preview = await engine.ask({ type: "compaction.preview", sessionId })
  const isDry = flags.has("dry-run")
  if (isDry && flags.has("json")) io.out(jsonPage({ sessionId, ...preview }))
  if (isDry && !flags.has("json")) {
    const { tokensBefore, tokensAfter, contextTokensMax, triggerTokens, inputs, inputsKept, kept, dropped } = preview
    const window = contextTokensMax === undefined ? "" : ` of ${tokens(contextTokensMax)}`
    io.out(`${tokens(tokensBefore)} tokens${window} would become about ${tokens(tokensAfter)}`)
    if (triggerTokens !== undefined) io.out(`by itself it happens at ${tokens(triggerTokens)}`)
    io.out(`your words: ${inputsKept} of ${inputs} inputs stay as they are`)
    for (const sentence of kept) io.out(`keeps  ${oneLine(sentence)}`)
    for (const sentence of dropped) io.out(`drops  ${oneLine(sentence)}`)
  }
  if (isDry) return 0
  const keep = [...(isLast ? words : words.slice(1)), ...rest].join(" ").trim()
  await accepted(engine, { type: "context.compact", sessionId, ...given("keep", keep === "" ? undefined : keep) })
  const after = await engine.ask({ type: "context.report", sessionId })
  if (flags.has("json")) {
    const { tokensBefore, inputs, inputsKept } = preview
    io.out(jsonPage({ sessionId, tokensBefore, tokensAfter: after.totalTokens, inputs, inputsKept }))
  } else {
    io.out(
      `${tokens(preview.tokensBefore)} tokens became ${tokens(after.totalTokens)}; kept ${preview.inputsKept} of ${preview.inputs} inputs`,
    )
  }
  return 0
}
