import type { CompactionPreview } from "@skein/protocol"
import { cacheNote } from "./cache-note.ts"
import { type CommandWorld, defineCommand } from "./command.ts"
import { count } from "./text.ts"

export const compact = defineCommand({
  name: "compact",
  summary: "Summarise older context. Optional: what to keep; --dry-run.",
  usage: "[what to keep | --dry-run]",
  whileBusy: false,
  async run(args, world) {
    const { ask, sessionId } = world
    if (args === "--dry-run") {
      const preview = previewText(await ask({ type: "compaction.preview", sessionId }))
      return { kind: "show", text: preview + (await lineOf(world)) }
    }
    const keep = args === "" ? undefined : args
    const done = "Compacted. /context shows what is left, /restore brings back your words where any were shortened."
    const note = await cacheNote(world, { kind: "compaction" })
    return { kind: "ops", ops: [{ type: "context.compact", sessionId, keep }], done: done + note }
  },
})

async function lineOf(world: CommandWorld): Promise<string> {
  const note = await cacheNote(world, { kind: "compaction" })
  return note === "" ? "" : `\n${note.trim()}`
}

function previewText(preview: CompactionPreview): string {
  const { tokensBefore, tokensAfter, triggerTokens, kept, dropped, inputs, inputsKept } = preview
  return [
    `${count(tokensBefore)} tokens now, about ${count(tokensAfter)} after.${tokensAfter < tokensBefore ? "" : " It would free nothing yet."}`,
    ...(triggerTokens === undefined ? [] : [`It happens by itself at ${count(triggerTokens)}.`]),
    `Your words: ${inputsKept} of ${inputs} inputs stay word for word.`,
    ...kept.map((line) => `  kept     ${line}`),
    ...dropped.map((line) => `  let go   ${line}`),
    "Nothing was done. The log keeps all of it in any case.",
  ].join("\n")
}
