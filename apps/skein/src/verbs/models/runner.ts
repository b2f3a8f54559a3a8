import { runRunner } from "@skein/host/runner"
import type { Run } from "../../verb.ts"

/** `skein models runner`: what a skein starts to run a model file, and speaks to over stdin and stdout. */
export const run: Run = async ({ io }) => runRunner({ lines: io.inputLines(), write: io.out })
