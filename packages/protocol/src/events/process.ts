import { idSchema } from "../id-schema.ts"
import * as z from "../schema.ts"
import { defineEvent } from "./define.ts"

/** Signals that a process can be told. */
export const PROCESS_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGKILL", "SIGUSR1", "SIGUSR2"] as const
export type ProcessSignalName = (typeof PROCESS_SIGNALS)[number]

/**
 * A process goes on beside the turns. Ended by exactly one `process.exited`, across crash and resume, and at the latest with
 * the session.
 */
export const ProcessStarted = defineEvent("process.started", "durable", () => ({
  processId: idSchema("prc"),
  /** The call that began it, or a person's own; `files.changed` tells under it what the process did to files. */
  callId: idSchema("cal"),
  /** What the model and the person call it; one at a time in a session. */
  name: z.string(),
  /** A shell line, or a program and its arguments joined by spaces. */
  command: z.string(),
  cwd: z.string(),
  isPty: z.boolean(),
  columns: z.number().optional(),
  rows: z.number().optional(),
  /** The rung's name, `none` when nothing holds it. */
  confinement: z.string(),
}))

/**
 * What was done to it: of input only how many bytes, those of about a second together. `close`: its input ended. `end`: it
 * was asked to end, and killed when it did not.
 */
export const ProcessControlled = defineEvent("process.controlled", "durable", () => ({
  processId: idSchema("prc"),
  by: z.enum(["model", "person"]),
  action: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("input"), bytes: z.number() }),
    z.object({ kind: z.literal("resize"), columns: z.number(), rows: z.number() }),
    z.object({ kind: z.literal("signal"), signal: z.enum(PROCESS_SIGNALS) }),
    z.object({ kind: z.literal("close") }),
    z.object({ kind: z.literal("end") }),
  ]),
}))

/** A line of its output matched what somebody wanted to be told of: once for each pattern. */
export const ProcessMatched = defineEvent("process.matched", "durable", () => ({
  processId: idSchema("prc"),
  name: z.string(),
  pattern: z.string(),
}))

/** Its one end, and nothing of it is left. */
export const ProcessExited = defineEvent("process.exited", "durable", () => ({
  processId: idSchema("prc"),
  name: z.string(),
  exitCode: z.number().optional(),
  signal: z.string().optional(),
  /** Nobody saw it end: skein was stopped while it ran. */
  isLost: z.boolean().optional(),
  /** The model ended it, or waited for it: it need not be told. */
  isKnown: z.boolean().optional(),
  /** Of all its output. */
  bytes: z.number(),
  /** The whole output, kept beside the log. */
  artifact: z.object({ id: z.string(), bytes: z.number(), path: z.string() }).optional(),
  durationMs: z.number(),
}))

/** Bytes of its output as they came, in base64, secrets taken out; `bytes` is all output so far. */
export const ProcessOutput = defineEvent("process.output", "live", () => ({
  processId: idSchema("prc"),
  base64: z.string(),
  bytes: z.number(),
}))
