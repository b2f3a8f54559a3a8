import { type SessionsPort, ToolFailure } from "@skein/core/ports"
import * as z from "@skein/protocol/schema"
import { defineTool } from "../define.ts"
import { planRestore, runRestore } from "./undo.ts"

/** Makes again what the newest undo took back. */
export const redo = defineTool<Record<never, never>>({
  name: "redo",
  summary: "make again what the newest undo took back",
  description:
    "Make again what the newest undo took back, where no call changed files since. Refused where a file changed.",
  input: () => z.strictObject({}),
  kind: "edit",
  effects: ["write"],
  title: () => "redo what was undone",
  async plan(_input, _world, context) {
    await refuseOther(context.sessions)
    return await planRestore(1, context)
  },
  async run(_input, _world, { sessions }) {
    await refuseOther(sessions)
    // An undo is a change of files like any other, and so it can be taken back.
    return await runRestore(1, sessions, "Done again")
  },
})

async function refuseOther(sessions: SessionsPort): Promise<void> {
  if ((await sessions.lastChangedBy?.()) === "undo") return
  throw new ToolFailure("There is nothing to redo: the newest call that changed files was no undo. Nothing was done.")
}
