import { openLibrary } from "../pipe.ts"

const LANDLOCK_CREATE_RULESET = 444
const ASK_VERSION = 1
const SECCOMP = process.arch === "arm64" ? 277 : 317
const ASK_WHETHER_AVAILABLE = 2
const ANSWER_WITH_ERROR = 0x00050000

/** The version of the kernel's Landlock; 0 when it has none, or has it switched off. */
export async function landlockVersion(): Promise<number> {
  if (process.platform !== "linux") return 0
  const { symbols } = await openLibrary({ syscall: { args: ["i64", "ptr", "u64", "u64"], returns: "i32" } })
  return Math.max(0, symbols.syscall(LANDLOCK_CREATE_RULESET, null, 0, ASK_VERSION))
}

/** Whether the kernel filters system calls, and answers them with an error. */
export async function hasSeccomp(): Promise<boolean> {
  if (process.platform !== "linux") return false
  const { ptr } = await import("bun:ffi")
  const { symbols } = await openLibrary({ syscall: { args: ["i64", "u64", "u64", "ptr"], returns: "i32" } })
  return symbols.syscall(SECCOMP, ASK_WHETHER_AVAILABLE, 0, ptr(new Uint32Array([ANSWER_WITH_ERROR]))) === 0
}
