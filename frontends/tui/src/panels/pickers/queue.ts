import { type InputPart, isId, type QueuedInput } from "@skein/protocol"
import { counted } from "../../view/amounts.ts"
import { listPanel } from "../list/list.ts"
import type { Panel } from "../panel.ts"

/** Input that waits, in the order in which it will be taken. Enter takes one back into the composer. */
export function queuePanel(queue: readonly QueuedInput[], isVim = false): Panel {
  return listPanel({
    ...{ title: "queue", isVim, verb: "edit" },
    entries: queue.map(({ inputId, delivery, input }) => ({
      id: inputId,
      label: inputText(input),
      aside: delivery === "steer" ? "joins at the next step" : "after this turn",
      intents: [{ type: "queue.edit", inputId }],
    })),
    keys: [
      {
        ...{ chord: "ctrl+d", name: "cancel", after: "remove" },
        intents: ({ id }) =>
          id !== undefined && isId("inp", id) ? [{ type: "queue.cancel", inputId: id }] : undefined,
      },
    ],
    empty: "Nothing waits. While a turn runs, Enter steers it and Alt+Enter queues.",
  })
}

function inputText(input: readonly InputPart[]): string {
  const words = input.flatMap((part) => (part.type === "text" ? [part.text] : [])).join(" ")
  const images = input.filter(({ type }) => type === "image").length
  return [words.trim(), images === 0 ? "" : `[${counted(images, "image")}]`].filter((text) => text !== "").join(" ")
}
