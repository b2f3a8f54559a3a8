import { afterAll, describe, expect, test } from "bun:test"
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { compile, documentProject, platformProject, pureProject } from "../src/compile.ts"
import { readTree, treeOf } from "../src/tree.ts"

const root = join(import.meta.dir, "../../..")
const folder = mkdtempSync(join(tmpdir(), "skein-tidy-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

// All at once: the compiler is a process of its own, and the tests only wait for what they ask about.
const whole = compile(root, "tsconfig.json")
const page = compile(root, "editors/vscode/page/tsconfig.json")
const protocol = compile(root, pureProject(root, folder, "packages/protocol"))
const core = compile(root, pureProject(root, folder, "packages/core"))
const impure = compile(root, platformProject(root, folder))
const documents = compile(root, documentProject(root, folder, readTree(root)).project)
const broken = documentProject(
  root,
  join(folder, "broken"),
  treeOf({ "docs/a.md": "Text\n\n```ts\nconst a: string = 1\n```\n" }),
)
const brokenDocument = compile(root, broken.project)
/** A guard against hanging: ten times what all of them take on two cores that nobody else uses. */
const TIME_MAX_MS = 180_000

describe("the compiler agrees that", () => {
  test("the whole workspace type-checks", async () => expect(await whole).toBe(""), TIME_MAX_MS)

  test("the page of the chat in VS Code type-checks as a page", async () => expect(await page).toBe(""), TIME_MAX_MS)

  test(
    "protocol knows no file, process, network, console or timer",
    async () => expect(await protocol).toBe(""),
    TIME_MAX_MS,
  )

  test("core knows no file, process, network, console or timer", async () => expect(await core).toBe(""), TIME_MAX_MS)

  test(
    "the probe of purity does not compile where the platform is known",
    async () => {
      expect((await impure).match(/Unused '@ts-expect-error' directive/g)?.length).toBe(6)
    },
    TIME_MAX_MS,
  )

  test("every fenced ts block of the documents compiles", async () => expect(await documents).toBe(""), TIME_MAX_MS)

  test(
    "a fenced ts block that is wrong is found at its place",
    async () => {
      expect(await brokenDocument).toMatch(/docs-a-md-line-4\.ts\(1,7\): error TS2322/)
    },
    TIME_MAX_MS,
  )
})

test(
  "the linter refuses what the house forbids",
  async () => {
    const sample = join(folder, "lint")
    cpSync(join(root, "biome.json"), join(sample, "biome.json"))
    const settings = JSON.parse(readFileSync(join(sample, "biome.json"), "utf8")) as { vcs?: unknown; $schema?: string }
    writeFileSync(join(sample, "biome.json"), JSON.stringify({ ...settings, vcs: undefined, $schema: undefined }))
    writeFileSync(join(sample, "late.ts"), "export async function late(): Promise<void> {}\nexport interface Late {}\n")
    writeFileSync(
      join(sample, "broken.ts"),
      `import { Late, late } from "./late.ts"
import { Late as Again } from "./late.ts"
export default function broken(one: any, two: string | undefined, three: Late | Again) {
  late()
  return [one, two!, three]
}
`,
    )
    const child = Bun.spawn([join(root, "node_modules/.bin/biome"), "lint", "--reporter=json", "."], {
      cwd: sample,
      stdin: "ignore",
      stdout: "pipe",
      stderr: "ignore",
    })
    const said = await child.stdout.text()
    for (const rule of [
      "noFloatingPromises",
      "noDefaultExport",
      "noExplicitAny",
      "noNonNullAssertion",
      "useImportType",
    ]) {
      expect([
        rule,
        new RegExp(
          `"category": ?"lint/\\w+/${rule}","severity": ?"error"|"severity": ?"error"[^{}]*lint/\\w+/${rule}`,
        ).test(said),
      ]).toEqual([rule, true])
    }
  },
  TIME_MAX_MS,
)
