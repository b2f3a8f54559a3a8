import { join } from "node:path"
import { ON_LEASH } from "./mock.ts"

/** The mock is a process of its own, so that its work is not in the way of the measuring. */
export async function startMock(): Promise<{ readonly url: string; readonly pid: number; end(): void }> {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, "mock.ts"), ON_LEASH], {
    stdin: "pipe",
    stdout: "pipe",
  })
  const { value } = await child.stdout.getReader().read()
  const port = /port (\d+)/.exec(new TextDecoder().decode(value))?.[1]
  if (port === undefined) throw new Error("The mock model server did not say its port.")
  return { url: `http://127.0.0.1:${port}`, pid: child.pid, end: () => child.kill() }
}
