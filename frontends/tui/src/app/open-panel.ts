import type { CommandChoice } from "@skein/protocol"
import type { PanelName } from "../intent.ts"
import { listPanel } from "../panels/list/list.ts"
import type { Panel } from "../panels/panel.ts"
import type { App } from "./app.ts"

/** Opens what is asked for, with what the engine knows of it now. */
export async function openPanel(what: PanelName, _about: string | undefined, app: App): Promise<void> {
  app.hint(`${what} is not here yet.`)
}

/** What a command lets one choose from: each choice is a command. */
export function choicePanel(title: string, choices: readonly CommandChoice[]): Panel {
  return listPanel({
    title,
    empty: "There is nothing to choose from.",
    entries: choices.map(({ label, detail, command }) => ({
      label,
      aside: detail,
      intents: [{ type: "command", line: `/${command}` }],
    })),
  })
}
