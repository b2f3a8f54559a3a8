import { idSchema } from "../id-schema.ts"
import * as z from "../schema.ts"
import { settlement } from "./call.ts"
import { defineEvent } from "./define.ts"

const SHELL_LINE = () => ({
  /** Made as a call's is: `call.progress` tells its output, `call.cancel` stops it, `files.changed` what it did to files. */
  callId: idSchema("cal"),
  /** As the person wrote it, without the `!`. */
  command: z.string(),
  /** The model is never told of it. */
  isPrivate: z.boolean(),
})

/** A person's own command runs: `!command`. Ended by exactly one `shell.ended`, across crash and resume. */
export const ShellStarted = defineEvent("shell.started", "durable", () => ({
  ...SHELL_LINE(),
  cwd: z.string(),
  /** What the operating system holds it to; absent: nothing, it runs as the person. */
  sandbox: z.enum(["read-only", "workspace-write"]).optional(),
}))

/**
 * The one end of a person's command. `forModel` is what the model reads of it, bounded like a call's result; empty when it
 * is private. Where no turn is open it stands in the conversation here, else where `shell.joined` or `turn.ended` comes. Its
 * outcome is `error` when it exited with another code than 0, could not run, or nobody saw it end (`call.unknown_outcome`).
 */
export const ShellEnded = defineEvent("shell.ended", "durable", () => ({
  ...SHELL_LINE(),
  ...settlement(),
}))

/** Commands that ended while a turn was open join its conversation, before the next request. */
export const ShellJoined = defineEvent("shell.joined", "durable", () => ({
  turnId: idSchema("trn"),
  callIds: z.array(idSchema("cal")),
}))
