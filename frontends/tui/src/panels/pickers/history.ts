import type { PromptRecord } from "@skein/protocol"
import { asTyped } from "../../composer/submit.ts"
import { ageText } from "../../view/amounts.ts"
import { listPanel } from "../list/list.ts"
import type { Panel } from "../panel.ts"

/** Prompts of before, newest first. The chosen one comes into the composer. `now`: milliseconds since the epoch. */
export function historyPanel(prompts: readonly PromptRecord[], now: number, isVim = false): Panel {
  return listPanel({
    ...{ title: "history", isVim, verb: "take" },
    entries: prompts.map(({ text, at }) => ({
      label: text.trim(),
      aside: ageText(at, now),
      intents: [{ type: "insert", text: asTyped(text) }],
    })),
    empty: "Nothing was typed here before.",
  })
}
