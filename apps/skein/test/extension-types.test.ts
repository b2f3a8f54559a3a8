import { expect, test } from "bun:test"
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { dirname, join, resolve } from "node:path"
import { skeleton } from "../src/verbs/plugin/skeleton/skeleton.ts"

const ROOT = resolve(import.meta.dir, "../../..")
const API = join(ROOT, "packages/extension/src/index.ts")
const TSC = join(ROOT, "node_modules/.bin/tsc")
const HANG_MS = 120_000

test("the types that lie beside a new extension are those of the API, byte for byte", () => {
  const files = skeleton("mine", true)
  expect(files["extension/skein-extension.ts"]).toBe(readFileSync(API, "utf8"))
})

test(
  "a new extension and the one of docs/extensions.md fit the types, a wrong one does not, and the new one's test passes",
  async () => {
    const folder = mkdtempSync(join(ROOT, "apps/skein/node_modules/.made-"))
    try {
      for (const [path, content] of Object.entries(skeleton("mine", true))) await Bun.write(join(folder, path), content)
      symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"))
      const example = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(ROOT, "docs/extensions.md"), "utf8"))?.[1] ?? ""
      expect(example).toContain("defineExtension")
      writeFileSync(join(folder, "extension/documented.ts"), example)
      expect(await said([TSC, "-p", folder])).toEqual([0, ""])
      expect((await said([process.execPath, "test", folder]))[0]).toBe(0)
      writeFileSync(
        join(folder, "extension/wrong.ts"),
        example.replace("${name} is under", "${nome} is under").replace("run({ name }", "run({ nome }"),
      )
      expect((await said([TSC, "-p", folder]))[1]).toContain("Property 'nome' does not exist")
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
  HANG_MS,
)

async function said(argv: readonly string[]): Promise<readonly [number, string]> {
  const child = Bun.spawn([...argv], { cwd: dirname(argv.at(-1) ?? ""), stdout: "pipe", stderr: "ignore" })
  const [code, out] = await Promise.all([child.exited, child.stdout.text()])
  return [code, out]
}
