import { UsageError } from "../../usage.ts"
import type { Run } from "../../verb.ts"

export const run: Run = () => Promise.reject(new UsageError("Which of them: skein terminal-app smoke, run or validate"))
