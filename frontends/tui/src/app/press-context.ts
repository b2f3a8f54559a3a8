import type { PressContext } from "../composer/context.ts"
import type { Desk } from "./desk.ts"

/** What the composer has to know of all around it, as it stands now. */
export function pressContext({ isBusy, keymap, canvas, files, prompts, commands, suggestion }: Desk): PressContext {
  return { isBusy, keymap, columns: canvas.size.columns, files, prompts, commands, suggestion }
}
