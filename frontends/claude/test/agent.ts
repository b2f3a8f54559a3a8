// A program that serves the scripted engine over stdio, for driving with the real SDK.
import { parseFlags, serveStreamJson } from "../src/index.ts"
import { fakeEngine } from "./fake-engine.ts"
import { script } from "./script.ts"

const code = await serveStreamJson({
  engine: fakeEngine(script),
  input: console as AsyncIterable<string>,
  write: (line) => void process.stdout.write(`${line}\n`),
  options: {
    flags: parseFlags(process.argv.slice(2)),
    cwd: process.cwd(),
    readsSessionState: process.env.CLAUDE_CODE_SDK_READS_SESSION_STATE === "1",
    warn: (text) => console.error(text),
  },
})
process.exit(code)
