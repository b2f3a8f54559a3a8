import { expect, test } from "bun:test"
import { type Source, sourceOf, sourceText } from "../../src/install/source.ts"

const read = (text: string) =>
  sourceOf(text, (path) => (path.startsWith("./there") ? `/abs/${path.slice(2)}` : undefined))

test("sources are read as people write them", () => {
  const rows: readonly (readonly [text: string, source: Source])[] = [
    ["./there", { kind: "path", path: "/abs/there" }],
    ["acme/skills", { kind: "git", url: "https://github.com/acme/skills.git" }],
    ["acme/skills/pdf", { kind: "git", url: "https://github.com/acme/skills.git", path: "pdf" }],
    ["acme/skills/a/pdf@v1.2", { kind: "git", url: "https://github.com/acme/skills.git", path: "a/pdf", ref: "v1.2" }],
    ["https://github.com/acme/skills", { kind: "git", url: "https://github.com/acme/skills" }],
    [
      "https://github.com/acme/skills/tree/main/pdf",
      { kind: "git", url: "https://github.com/acme/skills.git", path: "pdf", ref: "main" },
    ],
    [
      "https://example.org/a.git#skills/pdf@v1",
      { kind: "git", url: "https://example.org/a.git", path: "skills/pdf", ref: "v1" },
    ],
    ["https://example.org/x.skill", { kind: "archive", url: "https://example.org/x.skill" }],
    ["https://example.org/x.tar.gz?y=1", { kind: "archive", url: "https://example.org/x.tar.gz?y=1" }],
    ["npm:@acme/skills@1.0.0", { kind: "npm", name: "@acme/skills", version: "1.0.0" }],
    ["npm:skills", { kind: "npm", name: "skills" }],
  ]
  for (const [text, source] of rows) {
    expect(read(text)).toEqual(source)
    // What is kept for `update` means the same.
    if (source.kind !== "path") expect(read(sourceText(source))).toEqual(source)
  }
})

test("what could run a program, lead out or hold a password is refused, and no password is told", () => {
  const refused = [
    "ssh://a/b",
    "git@a.b:c/d",
    "ext::sh -c id",
    "file:///etc",
    "./gone",
    "../x/y",
    "a/b/../../c",
    "npm:../x",
  ]
  for (const text of refused) expect(() => read(text)).toThrow(/Cannot add skills from/)
  expect(() => read("acme/skills@--upload-pack=id")).toThrow()
  expect(() => read("https://me:hunter2@example.org/a.git")).toThrow(/^(?!.*hunter2)/)
})
