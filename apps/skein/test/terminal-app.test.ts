import { expect, test } from "bun:test"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import type { Evidence } from "@skein/term/driven"
import { pictureSize } from "@skein/term/emulator"
import { describeBinary } from "./ground/binary.ts"
import { Scene } from "./ground/scene.ts"

const HANG_MS = 90_000
const STEPS = ["line:one two three", "expect:You said: one two three", "resize:60x20", "render:stable", "snapshot:end"]

describeBinary("skein terminal-app", () => {
  test(
    "drives the app with a model of its own, keeps evidence and pictures, and leaves nothing behind",
    () =>
      inScene(async (scene) => {
        const steps = STEPS.flatMap((step) => ["--step", step])
        const kept = ["--json", "--out", "evidence.json", "--pictures", "pictures"]
        const ran = await scene.run(["terminal-app", "smoke", ...steps, ...kept])
        const evidence = JSON.parse(ran.out) as Evidence
        expect([ran.code, evidence.isOk, evidence.findings]).toEqual([0, true, []])
        expect(evidence.steps.map(({ status }) => status)).toEqual(Array(STEPS.length).fill("done"))
        expect(evidence.snapshots.end?.join("\n")).toContain("You said: one two three")
        expect(evidence.latency.count).toBeGreaterThan(10)
        expect(existsSync(scene.path("pictures/end.svg"))).toBe(true)
        const painted = scene.path("pictures/end.png")
        // Where something is installed that paints: the whole screen, and not as much of it as a window shows.
        if (existsSync(painted)) expect(sizeOf(painted)).toEqual(pictureSize({ columns: 60, rows: 20 }))
        expect(scene.files(scene.temporary)).toEqual([])
        expect(existsSync(scene.data)).toBe(false)
        expect((await scene.run(["terminal-app", "validate", "evidence.json"])).code).toBe(0)
        writeFileSync(scene.path("evidence.json"), ran.out.replace('"isOk": true', '"isOk": false'))
        expect((await scene.run(["terminal-app", "validate", "evidence.json"])).code).toBe(1)
      }),
    HANG_MS,
  )

  test(
    "says which step failed, and ends with 1",
    () =>
      inScene(async (scene) => {
        const steps = ["--step", "expect:nowhere to be seen", "--max-duration-ms", "1500"]
        const { code, out } = await scene.run(["terminal-app", "smoke", ...steps])
        expect(code).toBe(1)
        expect(out).toContain('✗ {"kind":"expect","text":"nowhere to be seen"}')
        expect((await scene.run(["terminal-app", "smoke", "--step", "click:here"])).code).toBe(2)
        expect((await scene.run(["terminal-app", "run", "--resume-last", "--fork-last"])).code).toBe(2)
      }),
    HANG_MS,
  )
})

describeBinary("skein view", () => {
  test(
    "draws every named view at every size, whole and with nothing left behind",
    () =>
      inScene(async (scene) => {
        const names: string[] = JSON.parse((await scene.run(["view", "list", "--json"])).out)
        expect(names).toContain("working")
        for (const name of names)
          expect([name, (await scene.run(["view", "resize-flow", name])).code]).toEqual([name, 0])
        const { out } = await scene.run(["view", "snapshot", "working", "--cols", "40", "--rows", "6"])
        const lines = out.trimEnd().split("\n")
        expect([lines.length <= 6, Math.max(...lines.map((line) => Bun.stringWidth(line))) <= 40]).toEqual([true, true])
        expect((await scene.run(["view", "snapshot", "nothing"])).code).toBe(2)
      }),
    HANG_MS,
  )

  test(
    "compares views and kept snapshots, and ends with 1 where something differs",
    () =>
      inScene(async (scene) => {
        const compared = (...words: string[]) => scene.run(["view", "compare", ...words])
        const kept = async (file: string, ...flags: string[]) =>
          writeFileSync(scene.path(file), (await scene.run(["view", "snapshot", "working", ...flags])).out)
        await kept("text")
        await kept("looks", "--json")
        await kept("dark", "--json", "--theme", "dark")
        await kept("narrow", "--cols", "60")
        expect(await compared("looks", "working")).toMatchObject({ code: 0, out: "The same, text and looks.\n" })
        expect((await compared("text", "dark")).out).toContain("Text alone was compared")
        expect((await compared("text", "dark")).code).toBe(0)
        const looks = JSON.parse((await compared("looks", "dark", "--json")).out)
        expect([looks.isSame, new Set(looks.changes.map(({ kind }: { kind: string }) => kind))]).toEqual([
          false,
          new Set(["restyled"]),
        ])
        const { code, out } = await compared("text", "narrow")
        expect(code).toBe(1)
        expect(out).toMatch(/^row \d+ {2}/)
        expect((await compared("working")).code).toBe(2)
        expect((await compared("working", "no-such-file")).code).toBe(2)
      }),
    HANG_MS,
  )
})

async function inScene(use: (scene: Scene) => Promise<void>): Promise<void> {
  const scene = new Scene()
  try {
    await use(scene)
  } finally {
    scene.remove()
  }
}

/** As the head of a PNG says it. */
function sizeOf(path: string): { readonly width: number; readonly height: number } {
  const bytes = readFileSync(path)
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }
}
