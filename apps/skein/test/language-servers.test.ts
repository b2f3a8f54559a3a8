import { expect, test } from "bun:test"
import { describeBinary } from "./ground/binary.ts"
import { put, withLanguageServers } from "./ground/language-servers.ts"
import { processesIn, processesLeft } from "./ground/processes.ts"
import { type Talking, talking } from "./ground/talking.ts"

const HANG_MS = 120_000
const PROJECT = {
  "tsconfig.json": `{"compilerOptions":{"strict":true},"include":["."]}`,
  "a.ts": "export function twice(n: number): number {\n  return n * 2\n}\n",
  "b.ts": `import { twice } from "./a"\nexport const four: number = twice(2)\n`,
}
const call = (name: string, args: object) => ({ calls: [{ name, args }] })
const lastAsked = ({ server }: Talking) => server.requests.at(-1)?.text ?? ""

describeBinary("language servers", () => {
  test(
    "an error that an edit brings is in the next request to the model, and one that was there is not",
    async () => {
      using talk = talking(
        call("diagnostics", { paths: ["a.ts"] }),
        call("read", { path: "b.ts" }),
        call("edit", { path: "b.ts", oldText: "twice(2)", newText: 'twice("2")' }),
        { text: "Seen." },
      )
      const { scene } = talk
      withLanguageServers(scene)
      put(scene, { ...PROJECT, "b.ts": `${PROJECT["b.ts"]}export const old: string = 1\n` })
      const ran = await scene.run(["-p", "break it", "--mode", "accept-edits"])
      expect(ran).toMatchObject({ code: 0, out: "Seen.\n" })
      const said = lastAsked(talk)
      expect(said).toContain("The change brought 1 error:")
      expect(said).toContain("b.ts:2:35 error typescript 2345: Argument of type 'string' is not assignable")
      expect(said).not.toContain("2322")
    },
    HANG_MS,
  )

  test(
    "lsp renames in all files at once, asks as an edit does, and answers about a name on a line",
    async () => {
      using talk = talking(
        call("lsp", { action: "hover", path: "b.ts", line: 2, symbol: "twice" }),
        call("lsp", { action: "references", path: "a.ts", symbol: "twice" }),
        call("lsp", { action: "rename", path: "b.ts", line: 2, symbol: "twice", newName: "double" }),
        call("lsp", { action: "definition", path: "b.ts", line: 2, symbol: "nothing" }),
        call("lsp", { action: "status" }),
        { text: "Done." },
      )
      const { scene } = talk
      withLanguageServers(scene)
      put(scene, PROJECT)
      expect((await scene.run(["-p", "rename it", "--mode", "accept-edits"])).out).toBe("Done.\n")
      expect([scene.read("a.ts"), scene.read("b.ts")]).toEqual([
        PROJECT["a.ts"].replaceAll("twice", "double"),
        PROJECT["b.ts"].replaceAll("twice", "double"),
      ])
      const said = lastAsked(talk)
      expect(said).toContain("twice(n: number): number")
      expect(said).toContain("b.ts:2:29 export const four: number = twice(2)")
      expect(said).toMatch(/typescript {2}running {2}\S+ {2}[1-9]\d+ MB/)
      expect(said).toContain("nothing does not stand on line 2 of b.ts. It does not stand in this file.")
    },
    HANG_MS,
  )

  test(
    "a rename in mode plan writes nothing",
    async () => {
      using talk = talking(call("lsp", { action: "rename", path: "a.ts", symbol: "twice", newName: "double" }), {
        text: "Planned.",
      })
      const { scene } = talk
      withLanguageServers(scene)
      put(scene, PROJECT)
      await scene.run(["-p", "rename it", "--mode", "plan"])
      expect([scene.read("a.ts"), scene.read("b.ts")]).toEqual([PROJECT["a.ts"], PROJECT["b.ts"]])
    },
    HANG_MS,
  )

  test(
    "skein lsp and /lsp say what there is, what is wrong, and what to do",
    async () => {
      using talk = talking({ text: "Hello." })
      const { scene } = talk
      withLanguageServers(scene)
      put(scene, { ...PROJECT, "b.py": 'n: int = "x"\n', "c.rs": "fn main() {}\n" })
      const status = await scene.run(["lsp"])
      expect(status.out.split("\n").map((line) => line.split(/ {2,}/).slice(0, 2).join(" "))).toEqual([
        "typescript idle",
        "python idle",
        "rust off",
        "json not installed",
        "",
      ])
      const clean = await scene.run(["lsp", "diagnostics", "a.ts", "b.ts"])
      expect(clean).toMatchObject({ code: 0, out: "" })
      const wrong = await scene.run(["lsp", "diagnostics", "."])
      expect(wrong.code).toBe(1)
      expect(wrong.out).toContain("b.py:1:10 error pyright reportAssignmentType")
      expect((await scene.run(["lsp", "symbols", "a.ts"])).out).toBe("a.ts:1:1 function twice\n")
      const refused = await scene.run(["lsp", "symbols", "c.rs"])
      expect([refused.code, refused.err.includes("skein trust accept")]).toEqual([69, true])
      expect((await scene.run(["-p", "/lsp"])).out).toContain("typescript  idle")
      expect((await scene.run(["-p", "/symbols a.ts"])).out).toContain("a.ts:1  function twice")
    },
    HANG_MS,
  )

  test(
    "none outlives skein: two seconds after its end and after kill -9 no process is left",
    async () => {
      const asked = Promise.withResolvers<void>()
      using talk = talking(
        call("diagnostics", { paths: ["a.ts", "b.py"] }),
        { text: "Checked." },
        call("diagnostics", { paths: ["a.ts", "b.py"] }),
        async ({ say }) => {
          asked.resolve()
          await Bun.sleep(HANG_MS)
          say({ text: "Never." })
        },
      )
      const { scene } = talk
      withLanguageServers(scene)
      put(scene, { ...PROJECT, "b.py": "n: int = 1\n" })
      await scene.run(["-p", "check"])
      expect(await processesLeft(scene.root, 2_000)).toEqual([])
      const killed = scene.start(["-p", "check again"])
      await asked.promise
      expect(
        processesIn(scene.root).filter(({ command }) => /cli\.mjs|langserver/.test(command)).length,
      ).toBeGreaterThan(1)
      killed.kill("SIGKILL")
      await killed.exited
      expect(await processesLeft(scene.root, 2_000)).toEqual([])
    },
    HANG_MS,
  )
})
