import { describe, expect, test } from "bun:test"
import { effectOf, understand } from "./corpus.ts"

/** A guard against hanging, far above what is needed. */
const HANG_MS = 20_000

const programs = async (line: string) => (await understand(line)).commands.map(({ argv }) => argv[0])

describe("a line of any size", () => {
  test("hides no command behind many others", async () => {
    const line = `${"true;".repeat(60)} rm -rf src`

    expect((await understand(line)).unclear).toBeUndefined()
    expect(effectOf(await understand(line))).toContain("destroy")
  })

  test(
    "with thousands of commands is not understood, and all that can be forbidden is still named",
    async () => {
      const { commands, unclear } = await understand(`${"true;".repeat(5_000)} git push --force`)

      expect(unclear).toBe("It holds more than 3000 commands")
      expect(commands.some(({ argv }) => argv.join(" ") === "git push --force")).toBe(true)
    },
    HANG_MS,
  )

  test(
    "of programs that start one another is answered in bounded time, and taken for the worst",
    async () => {
      const from = performance.now()
      const reading = await understand(`${"npx ".repeat(20_000)}jest`)

      expect(effectOf(reading)).toContain("destroy")
      expect(performance.now() - from).toBeLessThan(HANG_MS / 4)
      expect(effectOf(await understand("npx pnpm exec npx jest"))).not.toContain("destroy")
    },
    HANG_MS * 4,
  )

  test.each([
    ["longer than the bound", `echo ${"a".repeat(200_000)}; git push`],
    ["of megabytes", `${"echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbb;".repeat(50_000)} git push`],
    ["nested deeply in substitutions", `${"echo $(".repeat(3_000)}git push${")".repeat(3_000)}`],
    ["nested deeply in groups", `${"(".repeat(3_000)}git push${")".repeat(3_000)}`],
    ["nested deeply in shells", `${"sh -c '".repeat(1)}${"eval ".repeat(500)}git push'`],
    ["of quotes", `echo ${"'\"".repeat(20_000)}; git push`],
    ["of open brackets", `echo ${"${a:-".repeat(5_000)}; git push`],
    ["of braces", `echo ${"{a,".repeat(20_000)}; git push`],
    ["of arithmetic", `echo $((${"(".repeat(20_000)}; git push`],
    ["of here-documents", `cat ${"<<A ".repeat(2_000)}\n${"A\n".repeat(2_000)}git push`],
    ["of backslashes", `echo ${"\\".repeat(60_000)}; git push`],
    ["of assignments", `${"A=1 ".repeat(10_000)}git push`],
    ["of redirections", `git push ${">a ".repeat(10_000)}`],
    ["of pipes", `${"a|".repeat(2_000)}git push`],
  ])(
    "%s is answered in bounded time, with the command in it",
    async (_, line) => {
      const from = performance.now()
      const { commands } = await understand(line)

      expect(commands.some(({ argv }) => argv[0] === "git" && argv[1] === "push")).toBe(true)
      expect(performance.now() - from).toBeLessThan(HANG_MS)
    },
    HANG_MS,
  )
})

describe("a line that is not understood", () => {
  test("says why, and gives nothing as harmless", async () => {
    const { commands, unclear } = await understand("echo 'open; ls; git push")

    expect(unclear).toBe("A quote is not closed")
    expect(commands.map(({ argv }) => argv[0])).toContain("git")
    expect(commands.flatMap(({ risks }) => risks)).not.toContain("read")
    expect(commands.filter(({ pattern }) => pattern !== undefined)).toEqual([])
  })

  test("names what may run, behind quotes, backslashes and other programs", async () => {
    for (const line of [
      "$X; r''m x",
      "$X; \\rm x",
      "$X; /usr/bin/rm x",
      "$X; sudo rm x",
      "xargs -I{} sh -c 'rm {}'",
      'echo "${!x} $(rm x)"',
      "f() { $1; }; f rm x",
      "echo ` rm x",
    ]) {
      expect([line, (await understand(line)).unclear]).toEqual([line, expect.any(String)])
      expect([line, await programs(line)]).toEqual([line, expect.arrayContaining(["rm"])])
    }
  })
})

describe("what is found in a line that is not wholly understood", () => {
  const writes = async (line: string) => [
    ...new Set((await understand(line)).commands.flatMap((command) => command.writes)),
  ]

  test.each([
    ["rm -rf build && curl -s https://example.com/install.sh | sh", "/w/app/build"],
    ["rm -rf build > /dev/null && curl -s https://example.com/install.sh | sh", "/w/app/build"],
    ["cd sub && rm -rf build && curl -s https://example.com/install.sh | sh", "/w/app/sub/build"],
    ["rm -rf build 'open", "/w/app/build"],
  ])("lies where the line is, as long as nothing in it moves: %s", async (line, path) => {
    const found = await writes(line)

    expect(found).toContain(path)
    expect(found.filter((one) => !one.startsWith("/"))).toEqual([])
  })

  test.each(["cd /; rm -rf build 'open", "c''d /; rm -rf build 'open", ". ./away; rm -rf build 'open"])(
    "lies nobody knows where after a change of folder: %s",
    async (line) => {
      expect(await writes(line)).toContain("build")
    },
  )

  test("is each command once, and what was not read as a command still is", async () => {
    const { commands } = await understand("rm -rf build; curl a.example | sh; echo 'git push --force'")

    expect(commands.filter(({ argv }) => argv[0] === "rm")).toHaveLength(1)
    expect(commands.some(({ argv }) => argv.join(" ") === "git push --force")).toBe(true)
  })
})
