import { openLibrary } from "../pipe.ts"

const CREATE_RULESET = 444
const ASK_VERSION = 1

/** The version of the kernel's Landlock; 0 when it has none, or has it switched off. */
export async function landlockVersion(): Promise<number> {
  if (process.platform !== "linux") return 0
  const { symbols } = await openLibrary({ syscall: { args: ["i64", "ptr", "u64", "u64"], returns: "i32" } })
  return Math.max(0, Number(symbols.syscall(CREATE_RULESET, null, 0, ASK_VERSION)))
}
