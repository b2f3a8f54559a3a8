import { expect, test } from "bun:test"
import { existsSync, readFileSync } from "node:fs"
import { join, relative } from "node:path"
import { machinePrograms } from "../../src/system/programs.ts"
import { folder } from "./folder.ts"

const PATH = process.env.PATH ?? ""
const text = (ran: { readonly out: Uint8Array } | undefined) => new TextDecoder().decode(ran?.out)

test("a program gets its input and its folder, and its words come back with its exit code", async () => {
  using home = folder()
  const programs = machinePrograms({ PATH })
  const ran = await programs.run(["sh", "-c", "cat; pwd; echo why >&2; exit 3"], {
    ...{ input: "hello\n", timeoutMs: 5_000, cwd: home.path },
  })
  expect({ ...ran, out: text(ran) }).toEqual({ exitCode: 3, out: `hello\n${home.path}\n`, complaint: "why\n" })
})

test("what is in the folder one stands in is no program, whatever PATH says of it", async () => {
  using home = folder()
  home.write("xclip", "#!/bin/sh\ntouch ran\n", 0o755)
  const programs = machinePrograms({ PATH: `${relative(process.cwd(), home.path)}::.` })
  expect(await programs.run(["xclip"], { timeoutMs: 5_000, cwd: home.path })).toBeUndefined()
  expect(await programs.run(["./xclip"], { timeoutMs: 5_000, cwd: home.path })).toBeUndefined()
  expect(existsSync(join(home.path, "ran"))).toBe(false)
})

test("a program that takes too long is ended with all that it started, and what it said until then is kept", async () => {
  using home = folder()
  const programs = machinePrograms({ PATH })
  const script = "echo early; sh -c 'echo $$ > pid; exec sleep 1000' & wait"
  const ran = await programs.run(["sh", "-c", script], { timeoutMs: 300, cwd: home.path })
  expect({ ...ran, out: text(ran) }).toEqual({ exitCode: undefined, out: "early\n", complaint: "" })
  const pid = Number(readFileSync(join(home.path, "pid"), "utf8"))
  const state = () => (existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, "utf8").split(" ")[2] : "Z")
  while (state() !== "Z") await Bun.sleep(1)
})

test("a program that says too much is ended there", async () => {
  const ran = await machinePrograms({ PATH }).run(["sh", "-c", "yes"], { timeoutMs: 60_000, bytesMax: 1000 })
  expect([ran?.exitCode, ran?.out.length]).toEqual([undefined, 1000])
})

test("a program that stays in the background and holds its output open is not waited for", async () => {
  const started = performance.now()
  const ran = await machinePrograms({ PATH }).run(["sh", "-c", "sleep 20 & exit 0"], {
    ...{ timeoutMs: 60_000, isQuiet: true, input: "text" },
  })
  expect(ran?.exitCode).toBe(0)
  expect(performance.now() - started).toBeLessThan(10_000)
})

test("input that nobody reads is no failure", async () => {
  const ran = await machinePrograms({ PATH }).run(["true"], { timeoutMs: 10_000, input: "x".repeat(5_000_000) })
  expect(ran?.exitCode).toBe(0)
})

test("a file with the rights of a program that is none is not there", async () => {
  using home = folder()
  home.write("broken", "\u0000\u0001 nothing that runs", 0o755)
  const programs = machinePrograms({ PATH: home.path })
  expect(await programs.run(["broken"], { timeoutMs: 5_000 })).toBeUndefined()
})
