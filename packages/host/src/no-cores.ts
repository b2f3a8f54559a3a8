import { loadLibc } from "./libc.ts"

/**
 * From here on a crash leaves no picture of this process's memory: keys are in it, and it would lie in the folder that is
 * worked in. Also for what it starts, which may allow it again. False where the system has no such bound.
 */
export async function leaveNoCores(): Promise<boolean> {
  const c = await loadLibc({
    getrlimit: { args: ["i32", "ptr"], returns: "i32" },
    setrlimit: { args: ["i32", "ptr"], returns: "i32" },
  })
  if (c === undefined) return false
  const limits = new BigUint64Array(2)
  if (c.symbols.getrlimit(RLIMIT_CORE, limits) !== 0) return false
  limits[0] = 0n
  return c.symbols.setrlimit(RLIMIT_CORE, limits) === 0
}

const RLIMIT_CORE = 4
