import type { CommandChoice } from "@skein/protocol"
import { listPanel } from "../list/list.ts"
import type { Panel } from "../panel.ts"

/** What a command lets a person choose from: the command of the chosen entry is run. */
export function choicePanel(title: string, choices: readonly CommandChoice[], isVim = false): Panel {
  return listPanel({
    ...{ title, isVim },
    entries: choices.map(({ label, detail, command }) => ({
      label,
      aside: detail,
      intents: [{ type: "command", line: `/${command}` }],
    })),
    empty: "There is nothing to choose from.",
  })
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
      intents: [{ type: "theme", name }],
      resting: [{ type: "theme", name }],
    })),
    leaving: [{ type: "theme", name: current }],
    empty: "There is no theme.",
  })
}
