import { expect, test } from "bun:test"
import type { PlanContext } from "@skein/core/ports"
import { shell } from "@skein/shell"
import { testTools } from "@skein/testkit"
import { shellLinesOf } from "./shell-lines.ts"

const reader = shell()
const fakes = testTools({ bash: { run: () => "ran" } })
const lines = shellLinesOf({
  ...fakes,
  async plan(name, input, context) {
    const command = typeof input === "object" && input !== null && "command" in input ? String(input.command) : ""
    const reading = await reader.understand(command, context)
    return {
      ...(await fakes.plan(name, input, context)),
      effects: [{ kind: "execute", command, isConfined: true, reading }],
    }
  },
})
const NO_SIZE = { contextTokens: 0, contextTokensMax: undefined }
const nobody = () => Promise.reject(new Error("Nobody is asked"))
const sessions = { undoPreview: nobody, undo: nobody, search: nobody, read: nobody, contextSize: () => NO_SIZE }
const context: PlanContext = {
  sessions,
  ...{ sessionId: "ses_1", cwd: "/repo", roots: ["/repo"], sandbox: "workspace-write" },
  observed: () => undefined,
  signal: new AbortController().signal,
  askClient: nobody,
}

async function planned(line: string): Promise<string> {
  return lines.plan(line, context).then(
    () => "runs",
    (error: Error) => error.message,
  )
}

test("a line that only moves says that it has no lasting effect, and what to write", async () => {
  expect(await planned("cd packages")).toContain("so cd alone has no lasting effect")
  expect(await planned("cd packages")).toContain("!cd packages && …")
})

test.each([
  "vim a.ts",
  "git log | less",
  "top",
  "/usr/bin/nano x",
  "cd src && vi a.ts",
  "for f in *; do vi $f; done",
  "sudo vim a",
])("%s is told to need a terminal, at once", async (line) => {
  expect(await planned(line)).toMatch(/^(vim?|less|top|nano) needs a terminal, and a ! line has none/)
})

test.each(["cd src && ls", "vim --version", "top -bn1", "echo vim", "cat less.txt", "git log", "command -v vim"])(
  "%s runs",
  async (line) => {
    expect(await planned(line)).toBe("runs")
  },
)
