import { afterAll, expect, test } from "bun:test"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Measured } from "./measure.ts"

const folder = mkdtempSync(join(tmpdir(), "bench-measure-"))
afterAll(() => rmSync(folder, { recursive: true }))

test.skipIf(process.platform !== "linux")(
  "the time of a process that detached and stays behind is counted",
  async () => {
    // The parent ends when the detached one has done its work and only sleeps.
    const work = `i=0; while [ $i -lt 400000 ]; do i=$((i+1)); done; touch ${folder}/done; exec sleep 60`
    const run = await measured([], `setsid sh -c '${work}' & while [ ! -e ${folder}/done ]; do sleep 0.01; done`)
    const idle = await measured([], "true")

    expect([run.exitCode, run.leftBehind, idle.leftBehind]).toEqual([0, 1, 0])
    expect(run.cpuMs).toBeGreaterThan(idle.cpuMs + 50)
  },
)

test.skipIf(process.platform !== "linux")("the peak is the program's own, not that of whoever started it", async () => {
  const run = await measured(["--memory"], "exit 3")

  expect(run.exitCode).toBe(3)
  expect(run.peakBytes).toBeGreaterThan(200_000)
  expect(run.peakBytes).toBeLessThan(6_000_000)
})

/** In a process of its own: measuring ends every process that its own process has left. */
async function measured(args: readonly string[], script: string): Promise<Measured> {
  const program = join(import.meta.dir, "measure.ts")
  const child = Bun.spawn([process.execPath, program, ...args, "/bin/sh", "-c", script], { stdout: "pipe" })
  return (await child.stdout.json()) as Measured
}
