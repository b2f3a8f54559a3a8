/** Tells what confinement this process can give, and what became of one command in it, as one JSON line. */
import { memoryArtifacts } from "@skein/testkit"
import { exec } from "../src/index.ts"

export interface Examined {
  readonly given: Partial<Record<"kind" | "by" | "weaker" | "cure", string | undefined>>
  readonly missing: readonly string[]
  readonly output: string
}

const cwd = process.argv[2] ?? ""
const port = exec({ artifacts: memoryArtifacts(), env: { PATH: process.env.PATH } })
const given = await port.confinement("workspace-write")
const findings = await port.examine()
const output = await port
  .run({
    command: "echo ran; echo x > /etc/skein-probe; cat /etc/skein-probe",
    cwd,
    sandbox: "workspace-write",
    roots: [cwd],
    timeoutMs: 20_000,
    signal: new AbortController().signal,
    bytesMax: 10_000,
  })
  .then(
    (result) => result.output,
    (error: unknown) => `refused: ${error instanceof Error ? error.message : String(error)}`,
  )
port.close()
const missing = findings.filter(({ isThere }) => !isThere).map(({ piece }) => piece)
console.log(JSON.stringify({ given, missing, output } satisfies Examined))
