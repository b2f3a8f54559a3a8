import { localFiles, tools } from "../src/index.ts"
import { noSessions } from "./session.ts"

// A process of its own: edits all the files it is given in one transaction, to and fro, until it is ended.
const [cwd = "", ...names] = process.argv.slice(2)
const port = tools({
  files: localFiles(),
  exec: undefined as never,
  shell: undefined as never,
  ripgrep: async () => "rg",
})
const context = {
  sessionId: "ses_a",
  callId: "cal_a",
  cwd,
  roots: [cwd],
  sandbox: "workspace-write",
  observed: () => undefined,
  signal: new AbortController().signal,
  askClient: () => Promise.reject(new Error("Nobody is asked")),
  sessions: noSessions,
  progress: () => {},
} as const
console.log("ready")
for (let round = 0; ; round++) {
  const [oldText, newText] = round % 2 === 0 ? ["old", "new"] : ["new", "old"]
  const input = { edits: names.map((path) => ({ path, oldText, newText })) }
  await port.run(await port.plan("multiedit", input, context), context)
}
