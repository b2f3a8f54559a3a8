import { runExtension } from "@skein/extension/runner"
import type { Run } from "../../verb.ts"
import { oneWord } from "./told.ts"

/** `skein plugin runner`: what a skein starts, confined, to run one extension, and speaks to over stdin and stdout. */
export const run: Run = async (call) => {
  const { file, dataFolder } = JSON.parse(oneWord(call, "plan")) as {
    readonly file: string
    readonly dataFolder: string
  }
  return runExtension({ file, dataFolder }, { lines: call.io.inputLines(), write: call.io.out })
}
