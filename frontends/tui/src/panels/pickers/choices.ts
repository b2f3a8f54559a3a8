import type { CommandChoice } from "@skein/protocol"
import { listPanel } from "../list/list.ts"
import type { Panel } from "../panel.ts"
import { toldPanel } from "../told.ts"

/** What a command lets a person choose from: the command of the chosen entry is run, or what it stands for goes into the composer. What a question tells before it is shown above. */
export function choicePanel(title: string, choices: readonly CommandChoice[], isVim = false): Panel {
  const told = title.split("\n")
  const isShort = told.length === 1
  const panel = listPanel({
    ...{ title: isShort ? title : "", isVim },
    entries: choices.map(({ label, detail, command, inserts }) => ({
      label,
      aside: detail,
      intents: [inserts === undefined ? { type: "command", line: `/${command}` } : { type: "insert", text: inserts }],
    })),
    empty: "There is nothing to choose from.",
  })
  return isShort ? panel : toldPanel(told, panel)
}

/** Themes, each shown at once on the screen behind; left without a choice, the one before is back. */
export function themePanel(
  themes: readonly { readonly name: string; readonly detail?: string | undefined }[],
  current: string,
  isVim = false,
): Panel {
  return listPanel({
    ...{ title: "themes", isVim, selected: themes.findIndex(({ name }) => name === current) },
    entries: themes.map(({ name, detail }) => ({
      label: name,
      aside: [detail, name === current ? "now" : undefined].filter((text) => text !== undefined).join(" · "),
      intents: [{ type: "theme", name, isChosen: true }],
      resting: [{ type: "theme", name }],
    })),
    leaving: [{ type: "theme", name: current }],
    empty: "There is no theme.",
  })
}
