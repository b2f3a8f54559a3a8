import { afterEach, beforeEach, expect, test } from "bun:test"
import { describeBinary } from "./ground/binary.ts"
import { Scene } from "./ground/scene.ts"

const HANG_MS = 60_000

let at: Scene
beforeEach(() => {
  at = new Scene()
})
afterEach(() => at.remove())

const lines = (out: string) =>
  out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))

describeBinary("skein tool", () => {
  test(
    "shell runs a program with its words as they are, and tells how it went",
    async () => {
      const { code, out } = await at.run(["tool", "shell", "--json", "--", "printf", "%s|", "a b", "$HOME", "it's"])
      expect(code).toBe(0)
      expect(JSON.parse(out)).toMatchObject({ outcome: "spawned", exitCode: 0, output: "a b|$HOME|it's|" })
      expect((await at.run(["tool", "shell", "--", "sh", "-c", "exit 3"])).code).toBe(3)
    },
    HANG_MS,
  )

  test(
    "what a person would be asked about waits for --approved, and does not run before",
    async () => {
      const risky = ["git", "push", "origin", "main"]
      const asked = await at.run(["tool", "shell", "--json", "--", ...risky])
      expect([asked.code, JSON.parse(asked.out).outcome]).toEqual([77, "pending_approval"])
      const smoke = await at.run(["tool", "pty", "--json", "--", ...risky])
      expect([smoke.code, lines(smoke.out)[0].outcome]).toEqual([77, "pending_approval"])
      const made = await at.run(["tool", "shell", "--json", "--approved", "--", ...risky])
      expect(JSON.parse(made.out)).toMatchObject({ outcome: "spawned", exitCode: 128 })
    },
    HANG_MS,
  )

  test(
    "pty tells what a program says in a terminal, and ends with its exit code",
    async () => {
      const { code, out, err } = await at.run(["tool", "pty", "--", "sh", "-c", "test -t 1 && tput cols; exit 4"])
      expect([code, out]).toEqual([4, "80\n"])
      expect(err).toContain("It ended with exit code 4")
    },
    HANG_MS,
  )

  test(
    "a script types, resizes and waits; each step is answered, and only sizes of what was typed are kept",
    async () => {
      const line = 'read a; echo "got $a"; tput cols; read b; tput cols; cat'
      const steps = ["input-line:s3cret", "drain:300", "resize:100x30", "input-line:stdin:go", "drain:300", "close"]
      const flags = steps.flatMap((step) => ["--step", step])
      const { code, out } = await at.run(["tool", "pty-live-smoke", "--json", ...flags, "--", "sh", "-c", line])
      const told = lines(out)
      expect(code).toBe(0)
      expect(told.map(({ event, step, outcome }) => step ?? outcome ?? event)).toEqual([
        ...["spawned", "input", "drain", "resize", "input", "drain", "close", "exited"],
      ])
      const said = told.map(({ output = "" }) => output).join("")
      expect(said).toContain("got s3cret")
      expect(said).toMatch(/80\r\n[\s\S]*100\r\n/)
      const log = await Array.fromAsync(
        new Bun.Glob("**/ses_*.jsonl").scan({ cwd: at.path(".."), dot: true, absolute: true }),
      )
      const records = (await Promise.all(log.map((file) => Bun.file(file).text()))).join("\n")
      expect(records).toContain('"process.controlled"')
      expect(
        records
          .split("\n")
          .filter((each) => each.includes("process.controlled"))
          .join("\n"),
      ).not.toContain("s3cret")
    },
    HANG_MS,
  )

  test(
    "kill ends a program that would not, and what is no step is named",
    async () => {
      const kill = [
        "tool",
        "pty-live-smoke",
        "--json",
        "--step",
        "kill",
        "--",
        "sh",
        "-c",
        "trap '' TERM HUP; sleep 9999",
      ]
      const killed = await at.run(kill)
      expect(lines(killed.out).at(-1)).toMatchObject({ event: "exited", signal: "SIGKILL" })
      const wrong = await at.run(["tool", "pty-live-smoke", "--step", "jump:3", "--", "true"])
      expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining("--step jump:3 is none")])
      expect((await at.run(["tool", "shell"])).code).toBe(2)
    },
    HANG_MS,
  )
})
